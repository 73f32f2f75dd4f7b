'use strict';
/** What a module's request says, before anything is sent. */

const crypto = require('node:crypto');

const { InputError } = require('./errors');
const { isObject } = require('./values');

/** A value as one part of a path, so that an ID like "../users" stays an ID. Throws InputError. */
function inPath(value, field) {
  if (value === '.' || value === '..') throw new InputError(`There is no ${field.replace(/_/g, ' ')} '${value}'.`, { fields: { [field]: 'is no ID' } });
  return encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

const taken = (parameters, form) => Object.fromEntries(Object.entries(parameters || {}).filter(([, name]) => name in form).map(([key, name]) => [key, form[name]]));

/** What a job request says: its body, the files to upload by the name of their task, and how the job is known again. */
function jobRequest(recipe, form) {
  const unique = `connector-${crypto.randomUUID()}`;
  const mark = form.tag && recipe.kind === 'job' ? `-${unique.slice(-12)}` : '';
  const { tasks, uploads } = recipe.kind === 'custom_job' ? customTasks(recipe, form) : singleTask(recipe, form, mark);
  const body = { tasks, tag: form.tag || unique, ...(form.webhook_url ? { webhook_url: form.webhook_url } : {}) };
  const names = Object.keys(tasks).sort().join();
  const isOurs = (job) => job.tag === body.tag && (!form.tag || (job.tasks || []).map((task) => task.name).sort().join() === names);
  return { body, uploads, isOurs: form.tag && !mark ? null : isOurs };
}

const isFile = (value) => isObject(value) && (value.url !== undefined || value.data !== undefined);
const isUpload = (value) => isFile(value) && value.data !== undefined;

function importTask(value) {
  if (isUpload(value)) return { operation: 'import/upload' };
  const headers = Object.keys(value.headers || {}).length ? { headers: value.headers } : {};
  return { operation: 'import/url', url: value.url, ...headers, ...(value.name ? { filename: value.name } : {}) };
}

function singleTask(recipe, form, mark) {
  const { task } = recipe;
  const inputs = recipe.inputs && form[recipe.inputs] !== undefined ? [form[recipe.inputs]].flat() : [];
  const imports = Object.fromEntries(inputs.map((value, index) => [`import-${index + 1}`, value]));
  const names = Object.keys(imports);
  const parameters = {};
  for (const [key, name] of Object.entries(task.parameters)) {
    if (form[name] === undefined) continue;
    parameters[key] = isFile(form[name]) ? `import-${key}` : form[name];
    if (isFile(form[name])) imports[`import-${key}`] = form[name];
  }
  const tasks = Object.fromEntries(Object.entries(imports).map(([name, value]) => [name, importTask(value)]));
  const main = recipe.export ? task.name : task.name + mark;
  // Options first: a field of the form wins over an option that somebody gave the same name.
  tasks[main] = { ...(form[task.options] || {}), operation: task.operation, ...(names.length ? { input: names } : {}), ...parameters };
  if (recipe.export) tasks[`export${mark}`] = { operation: 'export/url', input: [main] };
  return { tasks, uploads: onlyUploads(imports) };
}

function customTasks(recipe, form) {
  const imports = Object.fromEntries((form[recipe.inputs] || []).map((item) => [item.name, item.file]));
  const tasks = Object.fromEntries(Object.entries(imports).map(([name, value]) => [name, importTask(value)]));
  for (const { name, options, ...parameters } of form[recipe.tasks]) tasks[name] = { ...options, ...parameters };
  return { tasks, uploads: onlyUploads(imports) };
}

const onlyUploads = (imports) => Object.fromEntries(Object.entries(imports).filter(([, value]) => isUpload(value)));

const FIXED_HEADERS = ['authorization', 'proxy-authorization', 'host', 'content-length', 'transfer-encoding', 'connection', 'cookie', 'upgrade'];

/** The URL of a person's path at the API. Throws InputError if it would end up at another host. */
function addressOf(baseUrl, path) {
  const harmless = /^\/(?![/\\])[!-~]*$/.test(path) && !/[\\#]/.test(path);
  if (!harmless || new URL(baseUrl + path).host !== new URL(baseUrl).host) {
    const problem = 'must be a path at the API such as /v2/users/me';
    throw new InputError(`MakeAPICall: URL (url) ${problem}, not '${path.slice(0, 60)}'.`, { fields: { url: problem } });
  }
  return baseUrl + path;
}

module.exports = { inPath, taken, jobRequest, FIXED_HEADERS, addressOf };
