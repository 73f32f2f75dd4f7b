'use strict';
/** Downloads: streamed, and taken up where they broke. */

const { Readable } = require('node:stream');

const { networkError } = require('./answers');
const { NetworkError, TransferError, NotFound, ProtocolError } = require('./errors');
const { Jobs } = require('./jobs');

const STALLS = 5; // tries of a download without a single new byte

/** Adds the content of files. `store` takes a file record and its stream instead of keeping it in memory, and gives what is added to the record. */
class Downloads extends Jobs {
  constructor({ store = null, ...options }) {
    super(options);
    this.store = store;
  }

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

module.exports = { Downloads };
