'use strict';
/**
 * CloudConvert's run time for platforms that run JavaScript: carries out the recipes of declarations.json.
 *
 *   const client = new Client({ token, baseUrl, syncUrl });
 *   const result = await client.run(module, { input_file: { name, data }, output_format: 'pdf', download: true });
 *
 * A file to upload is { name, data } with a Buffer, a Blob, or a stream and its `size`; one to import is { url, headers }.
 * Needs Node 18 or newer and nothing else. The API's token goes to the API's two hosts and nowhere else.
 */

const crypto = require('node:crypto');
const { Readable } = require('node:stream');

// ------------------------------------------------------------------------------------------------------- errors

/** Base of all: `message` is a sentence for the person, `hint` says what to do next, `detail` is for the developer. */
class ConnectorError extends Error {
  constructor(message, more = {}) {
    super(message);
    this.name = this.constructor.name;
    Object.assign(this, { hint: '', detail: '' }, more);
  }

  /** The message with its hint. */
  get sentence() {
    return this.hint ? `${this.message} ${this.hint}` : this.message;
  }
}
class InputError extends ConnectorError {}
class ConnectionInvalid extends ConnectorError {}
class TemporaryError extends ConnectorError {}
class NetworkError extends TemporaryError {}
class NoAnswer extends NetworkError {}
class RateLimited extends TemporaryError {}
class TransferError extends TemporaryError {}
class WaitExceeded extends TemporaryError {}
class ConversionFailed extends ConnectorError {}
class NotFound extends ConnectorError {}
class LimitReached extends ConnectorError {}
class CreditsExceeded extends LimitReached {}
class ForgedWebhook extends ConnectorError {}
class ProtocolError extends ConnectorError {}

// -------------------------------------------------------------------------------------------------------- forms

const WORDS = { true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false };
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isEmpty = (value) => value === undefined || value === null || value === '';

/** The checked form: values in their types, defaults filled in, empty fields left out. Throws InputError. */
function fill(module, values) {
  const unknown = Object.keys(values).find((name) => !module.fields.some((field) => field.name === name));
  if (unknown) throw new InputError(`${module.name} has no field '${unknown.slice(0, 40)}'.`, { fields: { [unknown]: 'is not a field of this module' } });
  const wrong = {};
  const form = filled(module.fields, values, '', wrong);
  if (module.recipe.kind === 'custom_job' && !Object.keys(wrong).length) Object.assign(wrong, graphProblems(module.recipe, form));
  const [first, ...others] = Object.keys(wrong);
  if (first) {
    const { label } = module.fields.find((field) => field.name === first.split('.')[0]);
    const more = others.length ? ` ${others.length} more field${others.length > 1 ? 's are' : ' is'} wrong.` : '';
    throw new InputError(`${module.name}: ${label} (${first}) ${wrong[first]}.${more}`, { fields: wrong });
  }
  return form;
}

function filled(fields, values, prefix, wrong) {
  const form = {};
  for (const field of fields) {
    const given = values[field.name];
    try {
      const value = isEmpty(given) ? untouched(field) : checked(field, given, `${prefix}${field.name}.`, wrong);
      if (value !== undefined) form[field.name] = value;
    } catch (problem) {
      if (!(problem instanceof Wrong)) throw problem;
      wrong[[prefix + field.name, ...problem.inside].join('.')] = problem.message;
    }
  }
  return form;
}

/** A value that is not as it must be; `inside` leads from the field to the part of it that is meant. */
class Wrong extends Error {
  inside = [];
}
const within = (part, check) => {
  try {
    return check();
  } catch (problem) {
    if (problem instanceof Wrong) problem.inside.unshift(part);
    throw problem;
  }
};
const must = (holds, problem) => {
  if (!holds) throw new Wrong(problem);
};

function untouched(field) {
  must(!field.required, 'is required');
  return field.default;
}

function checked(field, value, prefix, wrong) {
  const check = CHECKS[field.kind];
  return check ? check(field, value, prefix, wrong) : value;
}

function text(field, value) {
  must(typeof value === 'string', 'must be text');
  must(!field.max_length || [...value].length <= field.max_length, `must have at most ${field.max_length} characters`);
  must(!value.includes('\0'), 'must not hold a NUL character');
  return value;
}

function select(field, value) {
  const format = field.format && typeof value === 'string' ? value.trim().replace(/^\.+/, '').toLowerCase() : value;
  must(!field.format || typeof format !== 'string' || /^[a-z0-9.-]*[a-z0-9][a-z0-9.-]*$/.test(format), 'must be a file format such as pdf or tar.gz');
  const chosen = text(field, format);
  const allowed = (field.options || []).map((choice) => choice.value);
  must(!field.options || allowed.includes(chosen), `must be one of ${allowed.join(', ')}`);
  return chosen;
}

function multiselect(field, value) {
  must(Array.isArray(value) && value.every((item) => typeof item === 'string'), 'must be a list of texts');
  must(!field.required || value.length > 0, 'needs at least one entry');
  const allowed = field.options && field.options.map((choice) => choice.value);
  must(!allowed || value.every((item) => allowed.includes(item)), `may only hold ${(allowed || []).join(', ')}`);
  return [...new Set(value)];
}

function integer(field, value) {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,29}\s*$/.test(value) ? Number(value) : value;
  must(Number.isInteger(number), 'must be a whole number');
  must(field.minimum === undefined || number >= field.minimum, `must be at least ${field.minimum}`);
  must(field.maximum === undefined || number <= field.maximum, `must be at most ${field.maximum}`);
  return number;
}

function boolean(_, value) {
  const word = String(value).toLowerCase();
  must(Object.hasOwn(WORDS, word), 'must be yes or no');
  return WORDS[word];
}

function webAddress(field, value) {
  const address = text(field, value).trim();
  must(/^https?:\/\/[^\s/?#]/i.test(address) && !/\s/.test(address) && URL.canParse(address), 'must be an address that begins with http:// or https://');
  return address;
}

function pairs(field, value) {
  const rows = isObject(value) ? Object.entries(value) : Array.isArray(value) && value.every(isObject) ? value.map((row) => [row.name ?? row.key, row.value]) : null;
  must(rows, 'must be a mapping, or a list of items with a name and a value');
  const filledRows = rows.filter(([name]) => !isEmpty(name));
  for (const [name, item] of filledRows) {
    must(!field.text_values || (typeof item === 'string' && !/[\r\n\0]/.test(name + item)), `the value of '${name}' must be text without line breaks`);
  }
  return Object.fromEntries(filledRows);
}

function file(_, value) {
  if (typeof value === 'string') return { url: webAddress({}, value), headers: {} };
  must(isObject(value), 'must be a URL, or a name with data');
  if (value.data !== undefined) {
    must(typeof value.name === 'string' && value.name, 'needs a name for its bytes');
    return value;
  }
  must(!isEmpty(value.url), 'must be a URL, or a name with data');
  return { url: within('url', () => webAddress({}, value.url)), headers: within('headers', () => pairs({ text_values: true }, value.headers || {})), ...(value.name ? { name: value.name } : {}) };
}

function files(field, value) {
  must(Array.isArray(value), 'must be a list of files');
  must(value.length >= (field.minimum ?? 1), `must hold at least ${field.minimum ?? 1} file${(field.minimum ?? 1) > 1 ? 's' : ''}`);
  return value.map((item, index) => within(index + 1, () => file(field, item)));
}

function collection(field, value, prefix, wrong) {
  must(isObject(value), 'must be a mapping');
  return filled(field.fields, value, prefix, wrong);
}

function array(field, value, prefix, wrong) {
  must(Array.isArray(value), 'must be a list');
  return value.map((item, index) => collection(field, item, `${prefix}${index + 1}.`, wrong));
}

const CHECKS = { text, timestamp: text, select, multiselect, integer, boolean, url: webAddress, pairs, file, files, collection, array };

/** What does not hold between the files and tasks of a job that a person puts together: sentences by field. */
function graphProblems({ inputs, tasks }, form) {
  const [files, items] = [form[inputs] || [], form[tasks]];
  if (!items.length) return { [tasks]: 'needs at least one task' };
  const names = [...files, ...items].map((item) => item.name);
  const found = {};
  names.forEach((name, position) => {
    const task = items[position - files.length];
    const where = task ? `${tasks}.${position - files.length + 1}` : `${inputs}.${position + 1}`;
    if (!/^[A-Za-z0-9_-]+$/.test(name)) found[`${where}.name`] = 'may only have letters, digits, - and _';
    if (names.indexOf(name) < position) found[`${where}.name`] = `'${name}' is already taken`;
    if (!task) return;
    const { operation, input = [] } = task;
    for (const unknown of input.filter((each) => !names.includes(each))) found[`${where}.input`] = `'${unknown}' is neither a file nor a task of this job`;
    if (!input.length && !/^(import\/|capture-website)/.test(operation)) found[`${where}.input`] = `is required for ${operation}`;
  });
  return Object.keys(found).length ? found : problemsOfTheWhole(tasks, items);
}

function problemsOfTheWhole(tasks, items) {
  const inputsOf = new Map(items.map(({ name, input = [] }) => [name, input]));
  const reached = (name, seen = new Set()) => {
    for (const each of inputsOf.get(name) || []) if (!seen.has(each)) reached(each, seen.add(each));
    return seen;
  };
  const circle = items.findIndex(({ name }) => reached(name).has(name));
  if (circle >= 0) return { [`${tasks}.${circle + 1}.input`]: 'go round in a circle: the task waits for its own result' };
  const isFetched = items.some(({ operation }) => /^(export\/|metadata)/.test(operation));
  return isFetched ? {} : { [tasks]: 'needs a task export/url, or nobody can fetch the result' };
}

// ----------------------------------------------------------------------------------------------------- requests

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

// ------------------------------------------------------------------------------------------------------ outputs

const LIFETIME = 24 * 3600 * 1000; // of a download URL, in milliseconds

/** The files of every finished export of a job, in order; of a task, its own. */
function fileRecords(thing) {
  const exports = Array.isArray(thing.tasks) ? thing.tasks.filter((task) => task.operation === 'export/url') : [thing];
  return exports.filter((task) => task.status === 'finished').flatMap((task) => ((task.result || {}).files || []).map((one) => fileRecord(one, task)));
}

function fileRecord(one, task) {
  const ended = Date.parse(task.ended_at);
  const expires = one.url && !Number.isNaN(ended) ? new Date(ended + LIFETIME).toISOString().replace(/\.\d+Z$/, '+00:00') : null;
  return { name: one.filename ?? null, size: Number.isInteger(one.size) ? one.size : null, url: one.url ?? null, expires_at: expires };
}

/** The module's declared outputs by name, null for what the API's object does not have. */
function outputsOf(module, thing, form, records = fileRecords(thing)) {
  const context = { ...thing, files: records, form, done: true };
  return Object.fromEntries(module.outputs.map((output) => [output.name, output.source === '.' ? thing : at(context, output.source)]));
}

function at(context, path) {
  return path.split('.').reduce((value, step) => (value !== null && typeof value === 'object' && Object.hasOwn(value, step) ? value[step] : null), context) ?? null;
}

// ------------------------------------------------------------------------------------------------------- errors of answers

/** The failed task whose inputs did not fail; of several, the one that failed first. */
function rootCause(tasks) {
  const failed = (tasks || []).filter((task) => task.status === 'error');
  const causes = failed.filter((task) => task.code !== 'INPUT_TASK_FAILED');
  const when = (task) => task.ended_at || '9999';
  return (causes.length ? causes : failed).sort((a, b) => (when(a) < when(b) ? -1 : 1))[0];
}

function failureOf(job, say) {
  const task = rootCause(job.tasks);
  if (!task) return new ConversionFailed(`The job ${job.id} failed, and CloudConvert gives no reason.`, { jobId: job.id });
  const said = say(task.message || 'no reason was given').replace(/\.+$/, '');
  const name = task.name || task.operation;
  const hint = task.code === 'SANDBOX_FILE_NOT_ALLOWED' ? "CloudConvert's own sandbox takes only files that were allowed in its dashboard, by their MD5." : '';
  const message = `The task '${name}' (${task.operation}) failed: ${said}${task.code ? ` [${task.code}]` : ''}.`;
  return new ConversionFailed(message, { task: name, operation: task.operation, code: task.code || '', hint, jobId: job.id, taskId: task.id });
}

/** The error that an answer with status 300 or more stands for. */
function errorOf({ what, host, status, json, requestId, retryAfter }, say) {
  const message = say((json && json.message) || '').replace(/\.+$/, '');
  const said = message ? ` (${message})` : '';
  const more = { detail: `${status} ${say((json && json.code) || '')} on ${what}`.replace('  ', ' '), ...(requestId ? { requestId } : {}) };
  const make = (Kind, sentence, hint = '') => new Kind(sentence, { ...more, hint, ...(retryAfter ? { retryAfter } : {}) });
  switch (status) {
    case 401:
      return make(ConnectionInvalid, `${host} does not accept the API key${said}.`, 'Check the key and the environment: a key of the sandbox does not work on the live host, nor the other way round.');
    case 402:
      return make(CreditsExceeded, `The account has no credits left (${message || 'CREDITS_EXCEEDED'}).`, "Buy credits or wait for the next day's free ones.");
    case 403:
      return make(ConnectionInvalid, `The API key may not do this (${message || what}).`, "Give the key the missing scope in CloudConvert's dashboard (Authorization, API Keys), then try again.");
    case 404:
    case 410:
      return make(NotFound, `${host} knows nothing under ${what.slice(what.indexOf(' ') + 1)}${said}.`, 'Check the ID. Jobs, tasks and their files are deleted 24 hours after they ended.');
    case 413:
      return make(LimitReached, `${host} takes no file of this size (${message || 'payload too large'}).`);
    case 429:
      return make(RateLimited, `CloudConvert takes no more requests at the moment (${message || 'rate limit'}).`, retryAfter ? `Try again in ${Math.round(retryAfter)} seconds.` : 'Try again in a minute.');
    case 400:
    case 422:
      return json ? refused(message, json, more, say) : broken(what, host, status, 'is not JSON', more);
    default:
      return status >= 500 || status === 408
        ? make(TemporaryError, `${host} has a problem (status ${status} on ${what}). Try again later.`)
        : broken(what, host, status, `was not expected${said}`, more);
  }
}

function refused(message, json, more, say) {
  const fields = Object.fromEntries(Object.entries(isObject(json.errors) ? json.errors : {}).map(([name, texts]) => [name, say([texts].flat()[0])]));
  const reasons = Object.entries(fields).map(([name, reason]) => `${name}: ${reason}`).join('; ').slice(0, 300);
  return new InputError(`CloudConvert refused the request: ${(reasons || message || 'the given data was invalid').replace(/\.+$/, '')}.`, { ...more, fields });
}

function broken(what, host, status, how, more = {}) {
  const hint = "Check that the base URL is CloudConvert's API, or a sandbox; a proxy in between may answer instead.";
  return new ProtocolError(`The answer of ${host} to ${what} (status ${status}) ${how}.`, { ...more, hint });
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

function networkError(error, host, what) {
  const isOwnFault = error instanceof RangeError || error instanceof ReferenceError || (error instanceof TypeError && !error.cause);
  if (error instanceof ConnectorError || isOwnFault) return error;
  const cause = error.cause || error;
  const codes = [cause.code, ...(cause.errors || []).map((one) => one.code)];
  const detail = `${cause.name || 'Error'}: ${cause.code || cause.message || ''}`.slice(0, 300);
  if (cause.message === 'bad port') return new InputError(`The request ${what} cannot be sent: no program may use the port of ${host}.`, { detail });
  if (codes.some((code) => NEVER_SENT.includes(code))) return new NetworkError(`${host} cannot be reached.`, { hint: 'Check the network and the base URL.', detail });
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(String(cause.code))) {
    return new NetworkError(`The certificate of ${host} is not trusted.`, { hint: 'Check the address, the clock of this machine, and any proxy in between.', detail });
  }
  if (error.name === 'TimeoutError') return new NoAnswer(`${host} did not answer ${what} in time. Try again later.`, { detail });
  return new NoAnswer(`The connection to ${host} broke during ${what}. Try again later.`, { detail });
}

// ------------------------------------------------------------------------------------------------------- client

const SAFE = { attempts: 5, retries: ['not sent', 'no answer', 'throttled', 'failed'] }; // doing it twice does no harm
const CREATE = { attempts: 3, retries: ['not sent', 'throttled'] }; // sent again only if it was surely not executed
const ONCE = { attempts: 1, retries: [] };
const LONGEST_RETRY_AFTER = 60; // seconds
const CALL_LIMIT = 60; // seconds that one attempt may take
const PATIENCE = 60; // seconds that one blocking read may be silent; networks cut idle connections sooner or later
const LARGEST = 10 * 1024 * 1024; // bytes of an answer
const PAGE = 100;
const STALLS = 5; // tries of a download without a single new byte

/**
 * CloudConvert at one address. `token` is the API key or an access token, or a function that gives it; `renew` is called
 * once when the token is refused, and gives another or nothing. `syncUrl` is the root on which reads block, if there is one.
 * `report` hears what goes on, in a few words; `store` takes a file record and its stream instead of keeping it in memory,
 * and gives what is added to the record. `sleep` and `random` are for tests.
 */
class Client {
  constructor({ token, baseUrl, syncUrl = null, renew = null, store = null, report = () => {}, userAgent = 'cloudconvert-connector-js', sleep, random = Math.random }) {
    Object.assign(this, { baseUrl, syncUrl, report, store, random });
    this.sleep = sleep || ((seconds) => new Promise((done) => setTimeout(done, seconds * 1000)));
    const known = new Set();
    // Closures, so that printing a client does not print its token.
    this.authorization = async () => {
      const current = typeof token === 'function' ? await token() : token;
      if (!current) throw new ConnectionInvalid('The connection has no key.', { hint: 'Fill in the API key, or connect again.' });
      known.add(String(current));
      return { Authorization: `Bearer ${current}`, 'User-Agent': userAgent };
    };
    this.renewed = async () => {
      const fresh = renew && (await renew());
      if (fresh) token = fresh;
      return Boolean(fresh);
    };
    this.say = (words) => [...known].reduce((said, secret) => said.split(secret).join('***'), String(words)).slice(0, 300);
  }

  /** Carry a module out. Gives its outputs; of a list, the items. Throws ConnectorError. */
  async run(module, values) {
    if (module.recipe.kind !== 'listing') return this.execute(module, fill(module, values));
    const items = [];
    for await (const item of this.list(module, values)) items.push(item);
    return items;
  }

  async execute(module, form) {
    const { recipe } = module;
    switch (recipe.kind) {
      case 'job':
      case 'custom_job':
        return this.job(module, form);
      case 'call':
        return this.call(module, form);
      case 'download':
        return this.downloads(module, form);
      case 'api_call':
        return this.apiCall(recipe, form);
      default:
        throw new InputError(`${module.label} waits for events; it cannot be run.`);
    }
  }

  // ---- recipes

  async job(module, form) {
    return this.settle(module, form, await this.begin(module, form));
  }

  /** Make the job and send its files. */
  async begin(module, form) {
    const request = jobRequest(module.recipe, form);
    this.report('creating the job');
    const job = await this.createJob(request);
    await about(job, () => this.uploadAll(job, request.uploads));
    return job;
  }

  /** The outputs of a job that was made: after its end and with its files, as the form says. */
  settle(module, form, job) {
    return about(job, async () => {
      const now = awaitsEnd(module, form) ? await this.waitUntilEnded(`/jobs/${job.id}`, form.wait_limit) : job;
      if (now.status === 'error') throw failureOf(now, this.say);
      const records = fileRecords(now);
      const wanted = form.download && hasEnded(now) ? await this.downloadAll(records) : records;
      return outputsOf(module, withResult(module.recipe, now), form, wanted);
    });
  }

  async call(module, form) {
    const { recipe } = module;
    const path = recipe.path.replace(/\{(\w+)\}/g, (_, name) => inPath(form[name], name));
    if (recipe.until_ended) return outputsOf(module, await this.waitUntilEnded(path, form.wait_limit), form);
    const body = taken(recipe.body, form);
    const answer = await this.request(recipe.method, path, { query: taken(recipe.query, form), body: Object.keys(body).length ? body : undefined });
    return outputsOf(module, (answer.json && answer.json.data) || {}, form);
  }

  /** The items of a list, page after page, as they are needed; at most the form's limit, all where that is 0. */
  async *list(module, values) {
    const { recipe } = module;
    const form = fill(module, values);
    const limit = form[recipe.limit] || Infinity;
    const size = recipe.paged ? { per_page: Math.min(limit, PAGE) } : {};
    const query = { ...taken(recipe.query, form), ...(recipe.expand ? { include: recipe.expand } : {}), ...size };
    let count = 0;
    for await (const item of this.pages(recipe.path, query, recipe.paged)) {
      yield outputsOf(module, item, form);
      if (++count >= limit) return;
    }
  }

  async *pages(path, query, paged = true) {
    let seen = new Set();
    for (let page = 1; ; page += 1) {
      const answer = await this.request('GET', path, { query: paged ? { ...query, page } : query });
      const items = answer.json && answer.json.data;
      if (!Array.isArray(items) || !items.every(isObject)) throw answer.broken('holds no list of objects');
      yield* items.filter((item) => !seen.has(item.id));
      // What can come twice was on the page before.
      seen = new Set(items.map((item) => item.id).filter(Boolean));
      if (!items.length || !(answer.json.links && answer.json.links.next)) return;
    }
  }

  async downloads(module, form) {
    const task = await this.read(`/tasks/${inPath(form[module.recipe.task], module.recipe.task)}`);
    if (task.status === 'error') throw failureOf({ id: task.job_id, tasks: [task] }, this.say);
    const records = fileRecords(task);
    const problem = !hasEnded(task) ? `is still ${task.status}; wait for it first` : !records.some((one) => one.url) ? `is a task of the operation ${task.operation}, whose files have no download URL` : '';
    if (problem) throw new InputError(`The task ${task.id} ${problem}.`, { fields: { [module.recipe.task]: problem }, hint: 'Give the ID of an export/url task that has finished.' });
    return outputsOf(module, task, form, await this.downloadAll(records));
  }

  async apiCall(recipe, form) {
    const url = addressOf(this.baseUrl, form[recipe.url]);
    const headers = form[recipe.headers] || {};
    const fixed = Object.keys(headers).find((name) => FIXED_HEADERS.includes(name.trim().toLowerCase()));
    if (fixed) throw new InputError(`MakeAPICall: Headers (headers) may not hold ${fixed.trim().slice(0, 40)}: the connection sets it.`, { fields: { headers: 'belongs to the connection' } });
    const method = form[recipe.method];
    const answer = await this.send(method, url, { query: form[recipe.query], headers, raw: form[recipe.body], policy: policyOf(method, url) });
    const isJson = (answer.headers['content-type'] || '').includes('json');
    return { body: isJson ? answer.json : answer.text, headers: answer.headers, status_code: answer.status };
  }

  // ---- jobs

  /** Create a job at most once, although the API has no idempotency key: one whose answer was lost is found by its tag. */
  async createJob({ body, isOurs }) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.request('POST', '/jobs', { body })).object();
      } catch (error) {
        const mayExist = error instanceof NoAnswer || error instanceof ProtocolError || error.constructor === TemporaryError;
        if (!mayExist) throw error;
        if (!isOurs) throw Object.assign(error, { hint: `The job may have been made: look for the tag '${body.tag}' with ListJobs before you try again.` });
        const adopted = await this.jobWithTag(body.tag, isOurs);
        if (adopted) return adopted;
        if (attempt === 3 || error instanceof ProtocolError || error.retryAfter) throw error;
      }
    }
  }

  async jobWithTag(tag, isOurs) {
    for (let look = 0; look < 2; look += 1) {
      if (look) await this.sleep(2);
      for await (const job of this.pages('/jobs', { 'filter[tag]': tag, include: 'tasks' })) {
        if (isOurs(job)) return this.read(`/jobs/${job.id}`);
      }
    }
    return null;
  }

  /** The ended job or task: by reads that block on the sync host, else by looking again and again with growing steps. */
  async waitUntilEnded(path, limit) {
    const deadline = Date.now() + limit * 1000;
    let blocking = Boolean(this.syncUrl);
    for (let step = 1; ; step = Math.min(step * 1.5, 10)) {
      const began = Date.now();
      const left = Math.max(0.1, Math.min(PATIENCE, (deadline - began) / 1000));
      try {
        const thing = blocking ? await this.whenEnded(path, left) : await this.read(path);
        if (hasEnded(thing)) return thing;
        this.report(thing.status || 'waiting');
      } catch (error) {
        if (!blocking || !(error instanceof TemporaryError)) throw error;
        blocking = error instanceof NoAnswer; // a broken wait is taken up again; a host that is not there is not
      }
      if (Date.now() >= deadline) throw exceeded(path, limit);
      // A blocking read that lasted longer than the step is taken up at once; one that breaks at once is not.
      const pause = step * (0.75 + this.random() / 2) - (Date.now() - began) / 1000;
      await this.sleep(Math.max(0, Math.min(pause, (deadline - Date.now()) / 1000)));
    }
  }

  async whenEnded(path, patience) {
    this.report('waiting');
    return (await this.send('GET', `${this.syncUrl}/v2${path}`, { policy: ONCE, limit: patience })).object();
  }

  async read(path) {
    return (await this.request('GET', path)).object();
  }

  // ---- uploads

  async uploadAll(job, uploads) {
    try {
      for (const [name, upload] of Object.entries(uploads)) {
        let task = (job.tasks || []).find((one) => one.name === name);
        if (!task) throw new ProtocolError(`The job was made without a task for the file '${upload.name}'.`);
        if (!(task.result && task.result.form)) task = await this.read(`/tasks/${task.id}`); // the form may take a moment
        await this.upload(task, upload);
      }
    } catch (error) {
      // A job that never gets its file would wait for hours.
      await this.request('DELETE', `/jobs/${job.id}`).catch(() => {});
      throw error;
    }
  }

  /** Send a file to the form of an import/upload task, without the token. What is no stream is sent again if it breaks. */
  async upload(task, upload) {
    const form = task.result && task.result.form;
    if (!form || !form.url) throw new ProtocolError(`The task '${task.name}' has no upload form.`);
    const size = sizeOf(upload);
    const most = Number((form.parameters || {}).max_file_size);
    if (most && size > most) throw new InputError(`The file '${upload.name}' has ${size.toLocaleString('en')} bytes; CloudConvert takes at most ${most.toLocaleString('en')}.`);
    this.report(`uploading ${upload.name}`);
    const tries = isStream(upload.data) ? 1 : 3;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sendForm(form, upload, size);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        const now = await this.read(`/tasks/${task.id}`).catch(() => ({}));
        if (now.status === 'processing' || now.status === 'finished') return undefined;
        if (attempt === tries) throw new TransferError(`The upload of '${upload.name}' broke. Try again later.`, { detail: error.detail });
        await this.sleep(this.random() * 2 ** (attempt - 1));
      }
    }
  }

  async sendForm(form, upload, size) {
    const { host } = new URL(form.url);
    const { type, length, body } = multipart(form.parameters || {}, upload, size);
    try {
      // fetch leaves out the length of a stream, and storage hosts insist on it.
      const headers = { 'Content-Type': type, 'Content-Length': String(length) };
      // Only a request without a window and without redirects is sent as it is; fetch keeps a copy of any other one's body.
      const response = await fetch(form.url, { method: 'POST', headers, body, duplex: 'half', redirect: 'error', window: null, signal: AbortSignal.timeout(Math.ceil((60 + size / 50000) * 1000)) });
      const answer = await response.text();
      if (response.status >= 400) throw uploadRefused(response.status, answer, host, upload.name, this.say);
    } catch (error) {
      throw networkError(error, host, `the upload of '${upload.name}'`);
    }
  }

  // ---- downloads

  async downloadAll(records) {
    const got = [];
    for (const record of records) {
      if (this.store) got.push({ ...record, ...(await this.store(record, this.stream(record))) });
      else {
        const data = await this.download(record);
        got.push({ ...record, size: data.length, data });
      }
    }
    return got;
  }

  /** The content of a file record, as a Buffer. */
  async download(record) {
    const chunks = [];
    for await (const chunk of this.bytesOf(record)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The content of a file record as a stream, which is taken up where it broke. */
  stream(record) {
    return Readable.from(this.bytesOf(record), { objectMode: false });
  }

  async *bytesOf({ name, size, url }) {
    if (!/^https?:\/\//.test(url || '')) throw new ProtocolError(`The file '${name}' has no address that it could be downloaded from.`);
    this.report(`downloading ${name}`);
    const state = { done: 0, expected: size ?? null, version: null };
    for (let stalls = 0; ; stalls += 1) {
      const before = state.done;
      try {
        yield* this.rest(url, name, state);
        return;
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        if (state.done > before) stalls = 0;
        if (stalls + 1 >= STALLS) throw new TransferError(`The download of '${name}' broke and could not be resumed. Try again later.`, { detail: error.detail });
        await this.sleep(this.random() * 2 ** stalls);
      }
    }
  }

  async *rest(url, name, state) {
    const what = `the download of '${name}'`;
    const { host } = new URL(url);
    try {
      const response = await storageAnswer(url, state);
      beginsWhereWeAre(response, state, what, host);
      for await (const chunk of response.body || []) {
        state.done += chunk.length;
        if (state.expected !== null && state.done > state.expected) throw new TransferError(`The download of '${name}' has more than its ${state.expected} bytes. Try again later.`);
        yield Buffer.from(chunk);
      }
      if (state.expected !== null && state.done < state.expected) throw new NetworkError(`${what} broke off.`);
    } catch (error) {
      throw networkError(error, host, what);
    }
  }

  // ---- webhooks

  /** The webhook for an address, { id, secret }: a good one that is there already, else a new one; no other is left. */
  async attach(url, kinds) {
    const events = webhookEvents(kinds);
    let kept = null;
    for await (const one of this.pages('/users/me/webhooks', { 'filter[url]': url })) {
      if (one.url !== url) continue;
      const usable = !kept && one.signing_secret && !one.disabled && String([...(one.events || [])].sort()) === String([...events].sort());
      if (usable) kept = one;
      else await this.detach(one.id);
    }
    const made = kept || (await this.request('POST', '/webhooks', { body: { url, events } })).object();
    if (made.signing_secret) return { id: String(made.id), secret: made.signing_secret };
    await this.detach(made.id);
    throw new ProtocolError("CloudConvert's answer to the creation of a webhook holds no signing secret.");
  }

  /** Remove a webhook; one that is gone already is fine. */
  async detach(id) {
    await this.request('DELETE', `/webhooks/${inPath(String(id), 'webhook_id')}`).catch((error) => {
      if (!(error instanceof NotFound)) throw error;
    });
  }

  // ---- drop-down lists

  /** The entries of a dynamic list, [{ value, label }], narrowed by what is filled in so far. */
  async choices(source, { operation, input_format, output_format, engine } = {}) {
    if (source === 'jobs' || source === 'tasks') return this.recent(source);
    const filters = { operation: { operation: '' }, operations: {}, input_formats: { operation }, output_formats: { operation, input_format }, engines: { operation, input_format, output_format }, options: { operation, input_format, output_format, engine } }[source];
    const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value).map(([name, value]) => [`filter[${name}]`, value]));
    if (source === 'engines' || engine) query.alternatives = 'true';
    if (source === 'options') query.include = 'options';
    const rows = (await this.request('GET', '/operations', { query })).json.data;
    if (source === 'options') return distinct(rows.flatMap((row) => row.options || []).map((one) => ({ value: one.name, label: `${one.name} (${one.type})` })));
    const key = source.replace(/s$/, '');
    return distinct(rows.filter((row) => row[key]).map((row) => ({ value: row[key], label: row[key] })));
  }

  async recent(source) {
    const { json } = await this.request('GET', `/${source}`, { query: { per_page: PAGE } });
    return json.data.map((one) => ({ value: one.id, label: `${one.created_at} ${one.status} ${(source === 'jobs' ? one.tag : one.operation) || ''}`.trim() }));
  }

  // ---- requests to the API

  request(method, path, more = {}) {
    return this.send(method, `${this.baseUrl}/v2${path}`, { policy: policyOf(method, path), ...more });
  }

  async send(method, url, { query, headers = {}, body, raw, policy, limit = CALL_LIMIT }) {
    const address = new URL(url);
    for (const [name, value] of Object.entries(query || {})) for (const one of [value].flat()) address.searchParams.append(name, one);
    const content = body === undefined ? raw : JSON.stringify(body);
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    let renewable = true;
    for (let attempt = 1; ; attempt += 1) {
      const { answer, error, outcome } = await this.attempt(method, address, { ...type, ...headers }, content, limit);
      if (answer) return answer;
      if (error instanceof ConnectionInvalid && error.detail.startsWith('401') && renewable && (await this.renewed())) {
        renewable = false;
        attempt -= 1;
        continue;
      }
      const delay = error.retryAfter ?? this.random() * Math.min(20, 0.5 * 2 ** (attempt - 1));
      if (attempt >= policy.attempts || !policy.retries.includes(outcome) || delay > LONGEST_RETRY_AFTER) throw error;
      await this.sleep(delay);
    }
  }

  async attempt(method, address, headers, content, limit) {
    const { host, pathname } = address;
    const what = `${method} ${pathname.split('/v2')[1] || pathname}`;
    const signed = { Accept: 'application/json', ...headers, ...(await this.authorization()) };
    try {
      const response = await fetch(address, { method, headers: signed, body: content, redirect: 'manual', signal: AbortSignal.timeout(Math.ceil(limit * 1000)) });
      const answer = await answerOf(response, what, host);
      if (response.status < 300) return { answer };
      const error = errorOf(answer, this.say);
      return { error, outcome: answer.status === 429 || (answer.status === 503 && answer.retryAfter) ? 'throttled' : error instanceof TemporaryError ? 'failed' : null };
    } catch (cause) {
      const error = networkError(cause, host, what);
      return { error, outcome: error instanceof NoAnswer ? 'no answer' : error instanceof NetworkError ? 'not sent' : null };
    }
  }
}

/** Do something for a job; an error names the job. */
async function about(job, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectorError && !error.jobId) error.jobId = job.id;
    throw error;
  }
}

/** Whether the outputs of a job module are only there when its job has ended. */
const awaitsEnd = ({ recipe }, form) => form.download || (recipe.kind === 'job' && !recipe.export);
const hasEnded = (thing) => thing.status === 'finished' || thing.status === 'error';
const policyOf = (method, path) => (method === 'GET' || method === 'DELETE' || path.endsWith('/cancel') ? SAFE : CREATE);
const distinct = (entries) => [...new Map(entries.map((entry) => [entry.value, entry])).values()].sort((a, b) => (a.value < b.value ? -1 : 1));

/** A job without an export is about its task's result. */
function withResult(recipe, job) {
  if (recipe.kind === 'custom_job' || recipe.export) return job;
  const task = job.tasks.find((one) => one.operation === recipe.task.operation);
  return { ...job, result: task ? task.result : null };
}

function exceeded(path, limit) {
  const [, kind, id] = /^\/(job|task)s\/(.*)$/.exec(path);
  const hint = `Take it up again with WaitFor${kind === 'job' ? 'Job' : 'Task'} and its ID, or give a larger wait_limit next time.`;
  return new WaitExceeded(`The ${kind} ${id} has not ended within ${limit} seconds; it goes on at CloudConvert.`, { hint, [`${kind}Id`]: id });
}

async function answerOf(response, what, host) {
  const chunks = [];
  let size = 0;
  const answer = { what, host, status: response.status, headers: Object.fromEntries(response.headers), broken: (how) => broken(what, host, response.status, how) };
  for await (const chunk of response.body || []) {
    size += chunk.length;
    if (size > LARGEST) throw answer.broken('is larger than 10 MB');
    chunks.push(chunk);
  }
  const words = Buffer.concat(chunks).toString('utf8');
  const retryAfter = delayOf(response.headers.get('retry-after'));
  const object = () => {
    const { json } = answer;
    if (!json || !isObject(json.data) || json.data.id === undefined) throw answer.broken(json ? 'holds no object' : 'is not JSON');
    return json.data;
  };
  return Object.assign(answer, { text: words, json: parsed(words), retryAfter, requestId: response.headers.get('x-request-id'), object });
}

function parsed(words) {
  try {
    return JSON.parse(words);
  } catch {
    return null;
  }
}

/** Seconds asked for by a Retry-After header, a number or a date; null for what is malformed or past. */
function delayOf(header) {
  if (!header) return null;
  const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
  return seconds > 0 ? seconds : null;
}

// ---------------------------------------------------------------------------------------------------- transfers

const isStream = (data) => typeof data.pipe === 'function' || typeof data.getReader === 'function';

function sizeOf({ name, data, size }) {
  const known = isStream(data) ? size : (data.size ?? Buffer.byteLength(data));
  if (!Number.isInteger(known)) throw new InputError(`The size of the file '${name}' is not known, and an upload needs it.`);
  return known;
}

/** A form with the file as its last part; memory stays flat where the file is a stream or a Blob. */
function multipart(parameters, upload, size) {
  const boundary = `----cloudconvert-${crypto.randomBytes(16).toString('hex')}`;
  const field = ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`;
  const fields = Object.entries(parameters).map(field).join('');
  const head = Buffer.from(`${fields}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(cleanName(upload.name))}"\r\nContent-Type: application/octet-stream\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body() {
    yield head;
    yield* upload.data instanceof Blob ? upload.data.stream() : isStream(upload.data) ? upload.data : [Buffer.from(upload.data)];
    yield tail;
  }
  return { type: `multipart/form-data; boundary=${boundary}`, length: head.length + size + tail.length, body: body() };
}

const quoted = (name) => String(name).replace(/["\r\n]/g, (c) => encodeURIComponent(c));

/** A file name without folders, control characters and what file systems refuse. */
function cleanName(name) {
  const last = String(name).normalize('NFC').split(/[\\/]/).pop();
  return last.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '').replace(/[<>:"|?*]/g, '_').replace(/^[ .-]+|[ .]+$/g, '') || 'file';
}

function uploadRefused(status, body, host, name, say) {
  const found = /<Message>([^<]{1,200})|"message"\s*:\s*"([^"]{1,200})/.exec(body);
  const said = found ? say(found[1] || found[2]) : `status ${status}`;
  if (status >= 500) return new NetworkError(`${host} could not take the upload of '${name}' (${said}).`);
  const Kind = status === 413 ? LimitReached : TransferError;
  return new Kind(`${host} refused the upload of '${name}': ${said}.`, { detail: `status ${status}` });
}

/** Follows a few redirects by hand: none to http from https, and none with a token. */
async function storageAnswer(url, state) {
  // Compressed transfer would make the bytes uncountable for Range and for the check of the size.
  const headers = { 'Accept-Encoding': 'identity', ...(state.done ? { Range: `bytes=${state.done}-`, ...(state.version ? { 'If-Range': state.version } : {}) } : {}) };
  for (let redirects = 0; redirects <= 3; redirects += 1) {
    const response = await fetch(url, { headers, redirect: 'manual' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || !location) return response;
    const target = new URL(location, url).href;
    if (!/^https?:/.test(target) || (url.startsWith('https:') && !target.startsWith('https:'))) throw new ProtocolError(`${new URL(url).host} redirects a download to an address that is not https.`);
    url = target;
  }
  throw new ProtocolError(`${new URL(url).host} redirects a download more than 3 times.`);
}

function beginsWhereWeAre(response, state, what, host) {
  const { status, headers } = response;
  if ([403, 404, 410].includes(status)) {
    throw new NotFound(`T${what.slice(1)} is no longer possible: ${host} does not have the file any more.`, { hint: 'Files are deleted 24 hours after the job ended. Run the job again.' });
  }
  if (status >= 500 || status === 408 || status === 429) throw new NetworkError(`${host} could not deliver ${what} (status ${status}).`);
  if (status !== 200 && status !== 206) throw new ProtocolError(`${host} answers ${what} with status ${status}.`);
  const begins = /^bytes (\d+)-/.exec(headers.get('content-range') || '');
  // What was handed on cannot be taken back: a server that begins anew has another file, or cannot resume.
  if (state.done && (status === 200 || !begins || Number(begins[1]) !== state.done)) throw new TransferError(`${host} cannot resume ${what}. Try again later.`);
  if (status !== 200) return;
  state.version = (headers.get('etag') || headers.get('last-modified') || '').replace(/^W\/.*/, '') || null;
  const length = headers.get('content-length');
  if (state.expected === null && length) state.expected = Number(length);
}

// ------------------------------------------------------------------------------------------------------- events

/** Throws ForgedWebhook unless the header is the hex HMAC-SHA256 of these very bytes. */
function verify(rawBody, header, secret) {
  const wanted = Buffer.from(crypto.createHmac('sha256', secret || '').update(rawBody).digest('hex'));
  const given = Buffer.from(String(header || ''));
  if (secret && wanted.length === given.length && crypto.timingSafeEqual(wanted, given)) return;
  throw new ForgedWebhook('The signature of the webhook call is missing or does not fit its body.', {
    hint: 'Check that the signing secret belongs to this webhook, and that nothing in between rewrites the body.',
  });
}

/** The API's events that are needed for the chosen kinds: a job that fails has tasks that finished, and the other way round. */
function webhookEvents(kinds) {
  const created = kinds.includes('created') ? ['job.created'] : [];
  return kinds.includes('finished') || kinds.includes('failed') ? [...created, 'job.finished', 'job.failed'] : created;
}

/** The outputs of the events that a webhook's document stands for, of the chosen kinds: the job's and those of its tasks. */
function eventsOf(document, kinds = ['created', 'finished', 'failed']) {
  const [about, kind] = String(document && document.event).split('.');
  if (!['job', 'task'].includes(about) || !['created', 'finished', 'failed'].includes(kind)) return [];
  const task = about === 'task' ? document.task : null;
  const job = document.job || (task && { id: task.job_id });
  if (!job || !usable(job.id) || (about === 'task' && (!task || !usable(task.id)))) throw new ProtocolError(`The document of ${document.event} holds no job with a usable id.`);
  const events = about === 'task' ? [[document.event, job, task]] : eventsOfJob(kind, job);
  return events.filter(([name]) => kinds.includes(name.split('.')[1])).map((event) => eventOutputs(...event));
}

const usable = (id) => typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
const KIND_OF = { finished: 'finished', error: 'failed' };
const STATUS_OF = { finished: 'finished', failed: 'error' };

function eventsOfJob(kind, given) {
  const tasks = (Array.isArray(given.tasks) ? given.tasks : []).filter((task) => isObject(task) && usable(task.id));
  const job = { ...given, tasks, status: STATUS_OF[kind] || given.status };
  if (kind === 'created') return [['job.created', job, null], ...tasks.map((task) => ['task.created', job, task])];
  const ended = tasks.filter((task) => KIND_OF[task.status]).map((task) => [`task.${KIND_OF[task.status]}`, job, task]);
  return [...ended, [`job.${kind}`, job, null]];
}

function eventOutputs(name, job, task) {
  const about = task || job;
  const failed = name.endsWith('.failed') ? task || rootCause(job.tasks) || {} : {};
  const records = fileRecords(task || job);
  const first = records[0] || {};
  const of = task || {};
  return {
    id: [name, job.id, of.id].filter(Boolean).join(':'),
    event: name,
    occurred_at: (name.endsWith('.created') ? about.created_at : about.ended_at) ?? null,
    job_id: job.id,
    status: about.status ?? null,
    tag: job.tag ?? null,
    task_id: of.id ?? null,
    task_name: of.name ?? null,
    operation: of.operation ?? null,
    code: failed.code ?? null,
    message: failed.message ?? null,
    credits: of.credits ?? null,
    ended_at: about.ended_at ?? null,
    file_name: first.name ?? null,
    url: first.url ?? null,
    size: first.size ?? null,
    files: records,
    job,
    task,
  };
}

// --------------------------------------------------------------------------------------------------- connection

/** The addresses of a connection dialog's values: { baseUrl, syncUrl }. `service` is the part of that name in declarations.json. */
function addresses(service, { environment = 'live', region = 'automatic', base_url = '', sync_url = '' }) {
  const inRegion = (url) => (url && region !== 'automatic' ? url.replace('://', `://${region}.`) : url);
  if (environment === 'sandbox') return { baseUrl: service.sandbox.base_url, syncUrl: service.sandbox.sync_url };
  if (environment !== 'custom') return { baseUrl: inRegion(service.live.base_url), syncUrl: inRegion(service.live.sync_url) };
  const root = (url) => url.trim().replace(/\/+$/, '').replace(/\/v2$/, '');
  if (!URL.canParse(base_url) || !/^https?:/.test(base_url)) throw new InputError(`The base URL '${String(base_url).slice(0, 100)}' is no address such as ${service.live.base_url}.`, { fields: { base_url: 'must be an http or https address' } });
  return { baseUrl: root(base_url), syncUrl: sync_url ? root(sync_url) : null };
}

module.exports = {
  Client, addresses, awaitsEnd, cleanName, eventsOf, fill, fileRecords, jobRequest, outputsOf, rootCause, verify, webhookEvents,
  ConnectorError, InputError, ConnectionInvalid, TemporaryError, NetworkError, NoAnswer, RateLimited, TransferError, WaitExceeded,
  ConversionFailed, NotFound, LimitReached, CreditsExceeded, ForgedWebhook, ProtocolError,
}; // prettier-ignore
