'use strict';
// A module's form from n8n's parameters of one item.

const RESERVED = ['authentication', 'resource', 'operation', 'parallel'];
const parameterOf = (name) => (RESERVED.includes(name) ? `${name}_` : name);

/** The values of the form's fields; what was not filled in is left out. */
async function formOf(context, module, index) {
  const read = (name, fallback) => context.getNodeParameter(name, index, fallback);
  const more = read('additionalFields', {});
  const form = {};
  for (const field of module.fields) {
    const name = parameterOf(field.name);
    const value = isFile(field) ? await topFile(context, field, index, read) : valueOf(field, more[name] !== undefined ? more[name] : read(name, null));
    form[field.name] = field.kind === 'array' && value ? await itemsOf(context, field, value, index) : value;
  }
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
}

const isFile = (field) => field.kind === 'file' || field.kind === 'files';

function valueOf(field, value) {
  if (value === undefined || value === null || value === '') return undefined;
  switch (field.kind) {
    case 'pairs':
      return pairsOf(field, typeof value === 'string' ? parsed(value) : value.pair || value);
    case 'multiselect':
      return Array.isArray(value) ? value : String(value).split(',').map((one) => one.trim()).filter(Boolean);
    case 'array':
      return Array.isArray(value) ? value : value.item;
    default:
      return value;
  }
}

/** Values of options are typed in as text, and are numbers and booleans to the service. */
function pairsOf(field, value) {
  if (!Array.isArray(value)) return Object.keys(value).length ? value : undefined;
  return value.map((row) => ({ name: row.name, value: field.text_values ? row.value : parsed(row.value) }));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function topFile(context, field, index, read) {
  const source = read(`${field.name}_source`, 'none');
  if (source === 'none') return undefined;
  if (source === 'list') {
    const rows = read(`${field.name}_list`, {}).item || [];
    return Promise.all(rows.map((row) => fileOf(context, row, index)));
  }
  if (source === 'all') return allFiles(context);
  if (source === 'url') return { url: read(`${field.name}_url`, ''), headers: pairsOf({ text_values: true }, read(`${field.name}_headers`, {}).pair || {}) || {} };
  const names = String(read(`${field.name}_binary`, 'data')).split(',').map((name) => name.trim());
  return field.kind === 'file' ? binary(context, index, names[0]) : Promise.all(names.map((name) => binary(context, index, name)));
}

const fileOf = (context, row, index) => (row.source === 'url' ? { url: row.url, headers: parsed(row.headers || '{}') } : binary(context, index, row.binary || 'data'));

/** Every binary field of every item, in order. */
function allFiles(context) {
  return Promise.all(context.getInputData().flatMap((item, index) => Object.keys(item.binary || {}).map((name) => binary(context, index, name))));
}

/** A file of an item: streamed where n8n keeps it outside of memory. */
async function binary(context, index, name) {
  const about = context.helpers.assertBinaryData(index, name);
  const fileName = about.fileName || (about.fileExtension ? `file.${about.fileExtension}` : 'file');
  if (!about.id) return { name: fileName, data: await context.helpers.getBinaryDataBuffer(index, name) };
  const { fileSize } = await context.helpers.getBinaryMetadata(about.id);
  return { name: fileName, data: await context.helpers.getBinaryStream(about.id), size: fileSize };
}

async function itemsOf(context, field, rows, index) {
  return Promise.all(
    rows.map(async (row) => {
      const item = {};
      for (const inner of field.fields) {
        const value = inner.kind === 'file' ? await fileOf(context, { source: row[`${inner.name}_source`], binary: row[`${inner.name}_binary`], url: row[`${inner.name}_url`], headers: row[`${inner.name}_headers`] }, index) : valueOf(inner, row[inner.name]);
        if (value !== undefined) item[inner.name] = value;
      }
      return item;
    }),
  );
}

module.exports = { formOf, parameterOf };
