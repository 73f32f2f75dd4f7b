'use strict';
// A module's form from what a person filled in on Zapier.
const { Readable } = require('node:stream');
const { InputError, cleanName } = require('./runtime');

/** The values of the form's fields; `open` reads a file that is to be uploaded. */
async function formOf(module, inputData, open = opened) {
  const form = {};
  for (const field of module.fields) {
    const value = await valueOf(field, field.name, inputData, open);
    if (value !== undefined) form[field.name] = value;
  }
  return form;
}

const isEmpty = (value) => value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length);

async function valueOf(field, key, values, open) {
  const value = values[key];
  if (isEmpty(value)) return undefined;
  switch (field.kind) {
    case 'file':
      return fileOf(key, values, open);
    case 'files':
      return Promise.all(rowsOf(value, `${key}_file`).map((row) => fileOf(`${key}_file`, row, open)));
    case 'array':
      return Promise.all(rowsOf(value, key).map((row) => itemOf(field, key, row, open)));
    case 'pairs':
      return pairsOf(field, typeof value === 'string' ? parsed(value) : value);
    case 'multiselect':
      return Array.isArray(value) ? value : String(value).split(',').map((one) => one.trim()).filter(Boolean);
    default:
      return value;
  }
}

/** Rows of the editor; a list of addresses, as an earlier step may give it, stands for rows of one field. */
const rowsOf = (value, only) => [value].flat().map((row) => (typeof row === 'string' ? { [only]: row } : row));

async function itemOf(field, key, row, open) {
  const item = {};
  for (const inner of field.fields) {
    const value = await valueOf(inner, `${key}_${inner.name}`, row, open);
    if (value !== undefined) item[inner.name] = value;
  }
  return item;
}

/** Values are typed in as text, and are numbers and booleans to the service. */
const pairsOf = (field, value) => (field.text_values || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? parsed(one) : one])));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A file: fetched by CloudConvert from its address, or read here and uploaded. */
async function fileOf(key, values, open) {
  const [address, name] = [values[key], values[`${key}_name`]];
  const headers = isEmpty(values[`${key}_headers`]) ? {} : parsed(values[`${key}_headers`]);
  if (values[`${key}_source`] === 'upload') return open(address, name, headers);
  return { url: address, headers, ...(name ? { name } : {}) };
}

/** What is at an address, as a stream where its size is known. */
async function opened(address, name, headers) {
  if (!/^https?:\/\//i.test(address)) throw new InputError('The file to upload is no file of an earlier step, and no web address.');
  const response = await fetch(address, { headers: { 'Accept-Encoding': 'identity', ...headers } });
  const { host, pathname } = new URL(response.url || address);
  if (!response.ok) throw new InputError(`The file at ${host} cannot be read (status ${response.status}).`, { hint: 'Map the file again, or give an address that needs no sign-in.' });
  const size = response.headers.get('content-encoding') ? 0 : Number(response.headers.get('content-length'));
  const data = size ? Readable.fromWeb(response.body) : Buffer.from(await response.arrayBuffer());
  return { name: cleanName(name || nameIn(response.headers.get('content-disposition')) || decoded(pathname)), data, ...(size ? { size } : {}) };
}

/** The file name that a Content-Disposition header gives, in either of its two spellings. */
function nameIn(header) {
  const [, extended] = /filename\*=UTF-8''([^;]+)/i.exec(header || '') || [];
  const [, quoted, plain] = /filename="([^"]*)"|filename=([^;]+)/i.exec(header || '') || [];
  return extended ? decoded(extended) : quoted || plain;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

module.exports = { formOf };
