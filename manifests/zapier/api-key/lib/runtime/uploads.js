'use strict';
/** The form of an upload, streamed with the file as its last part. */

const crypto = require('node:crypto');

const { InputError, NetworkError, TransferError } = require('./errors');

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

module.exports = { isStream, sizeOf, multipart, uploadRefused, cleanName };
