'use strict';
/** Requests to the API: signed, repeated by a policy, and told in sentences. */

const { answerOf, errorOf, networkError } = require('./answers');
const { ConnectionInvalid, TemporaryError, NetworkError, NoAnswer } = require('./errors');
const { isObject } = require('./values');

const SAFE = { attempts: 5, retries: ['not sent', 'no answer', 'throttled', 'failed'] }; // doing it twice does no harm
const CREATE = { attempts: 3, retries: ['not sent', 'throttled'] }; // sent again only if it was surely not executed
const ONCE = { attempts: 1, retries: [] };
const LONGEST_RETRY_AFTER = 60; // seconds
const CALL_LIMIT = 60; // seconds that one attempt may take

/**
 * CloudConvert at one address. `token` is the API key or an access token, or a function that gives it; `renew` is called
 * once when the token is refused, and gives another or nothing. `syncUrl` is the root on which reads block, if there is one.
 * `report` hears what goes on, in a few words. `sleep` and `random` are for tests.
 */
class Api {
  constructor({ token, baseUrl, syncUrl = null, renew = null, report = () => {}, userAgent = 'cloudconvert-connector-js', sleep, random = Math.random }) {
    Object.assign(this, { baseUrl, syncUrl, report, random });
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

  async read(path) {
    return (await this.request('GET', path)).object();
  }

  /** The items of a list, page after page. One that moves to a later page while somebody adds others is given once. */
  async *pages(path, query, paged = true) {
    const seen = new Set();
    for (let page = 1; ; page += 1) {
      const answer = await this.request('GET', path, { query: paged ? { ...query, page } : query });
      const items = answer.json && answer.json.data;
      if (!Array.isArray(items) || !items.every(isObject)) throw answer.broken('holds no list of objects');
      const fresh = items.filter((item) => !seen.has(item.id));
      // Of every page: where others add more than a page at once, what comes again was further back than the last.
      for (const { id } of items) if (id) seen.add(id);
      yield* fresh;
      if (!items.length || !(answer.json.links && answer.json.links.next)) return;
    }
  }

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

const policyOf = (method, path) => (method === 'GET' || method === 'DELETE' || path.endsWith('/cancel') ? SAFE : CREATE);

module.exports = { Api, ONCE, policyOf };
