'use strict';
/** What the API's answers mean: data, or an error with a sentence for the person. */

const { ConnectorError, InputError, ConnectionInvalid, TemporaryError, NetworkError, NoAnswer, RateLimited, ConversionFailed, NotFound, LimitReached, CreditsExceeded, ProtocolError } = require('./errors');
const { isObject } = require('./values');

const LARGEST = 10 * 1024 * 1024; // bytes of an answer

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

module.exports = { answerOf, errorOf, rootCause, failureOf, networkError };
