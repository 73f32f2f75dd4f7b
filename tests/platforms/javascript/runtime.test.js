'use strict';
// The run time against a real sandbox (CLOUDCONVERT_*), and against small servers where something must break.
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Readable } = require('node:stream');
const { test } = require('node:test');
const v8 = require('node:v8');
const vm = require('node:vm');

const folder = process.env.EMITTED;
const runtime = require(path.join(folder, 'runtime'));
const { modules, service } = require(path.join(folder, 'declarations.json'));

const sample = fs.readFileSync(process.env.SAMPLE);
const live = { token: process.env.CLOUDCONVERT_API_KEY, baseUrl: process.env.CLOUDCONVERT_BASE_URL, syncUrl: process.env.CLOUDCONVERT_SYNC_URL };
const find = (name) => modules.find((module) => module.name === name);
const client = (more = {}) => new runtime.Client({ ...live, ...more });
const upload = (more = {}) => ({ input_file: { name: 'photo.png', data: sample }, output_format: 'jpg', ...more });
const isJpeg = (data) => data.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));

async function serving(handler, work) {
  const server = http.createServer(handler);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const json = (response, status, body, headers = {}) => response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
const failing = (status, body, headers) => (_, response) => json(response, status, body, headers);
const impatient = { sleep: () => Promise.resolve() };

test('a file is uploaded, converted and downloaded', async () => {
  const result = await client().run(find('ConvertFile'), upload({ download: true }));
  assert.strictEqual(result.status, 'finished');
  assert.strictEqual(result.file_name, 'photo.jpg');
  assert.ok(isJpeg(result.files[0].data));
  assert.strictEqual(result.files[0].size, result.files[0].data.length);
});

test('a stream and a Blob are uploaded like a Buffer', async () => {
  for (const data of [Readable.from([sample.subarray(0, 10), sample.subarray(10)]), new Blob([sample])]) {
    const result = await client().run(find('ConvertFile'), upload({ download: true, input_file: { name: 'photo.png', data, size: sample.length } }));
    assert.ok(isJpeg(result.files[0].data));
  }
});

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
/** Bytes in buffers that something still holds on to. */
const held = () => {
  collect();
  return process.memoryUsage().arrayBuffers;
};

test('an upload is never held in memory', async () => {
  const [chunk, count] = [64 * 1024, 2048];
  let most = 0;
  async function* content() {
    for (let index = 0; index < count; index += 1) {
      if (index % 128 === 0) most = Math.max(most, held());
      yield Buffer.alloc(chunk, index);
    }
  }
  const sink = (request, response) => request.on('end', () => response.writeHead(201).end()).resume();
  const before = held();
  const file = { name: 'large', data: Readable.from(content()), size: chunk * count };
  await serving(sink, (url) => client().upload({ id: 'task', result: { form: { url, parameters: {} } } }, file));
  assert.ok(most - before < (chunk * count) / 2, `${most - before} bytes`);
});

test('a stream of unknown length is refused before anything is made', async () => {
  const form = upload({ input_file: { name: 'photo.png', data: Readable.from([sample]) } });
  await assert.rejects(client().run(find('ConvertFile'), form), { name: 'InputError', message: /size of the file 'photo.png' is not known/ });
});

test('without download the job comes at once, and can be waited for and downloaded', async () => {
  const made = await client().run(find('ConvertFile'), upload());
  const ended = await client().run(find('WaitForJob'), { job_id: made.job_id });
  assert.strictEqual(ended.status, 'finished');
  const task = ended.job.tasks.find((one) => one.operation === 'export/url');
  const { files } = await client().run(find('DownloadFile'), { task_id: task.id });
  assert.ok(isJpeg(files[0].data));
});

test('without a sync host, or with one that is gone, the end is found by looking', async () => {
  const closed = await serving(() => {}, (url) => url);
  for (const syncUrl of [null, closed]) {
    const result = await client({ syncUrl }).run(find('ConvertFile'), upload({ download: true }));
    assert.strictEqual(result.status, 'finished');
  }
});

test('the wait limit names the job and how to go on', async () => {
  const waiting = (_, response) => json(response, 200, { data: { id: 'job-1', status: 'processing' } });
  const wait = (baseUrl) => new runtime.Client({ token: 'key', baseUrl }).run(find('WaitForJob'), { job_id: 'job-1', wait_limit: 1 });
  await assert.rejects(serving(waiting, wait), { name: 'WaitExceeded', jobId: 'job-1', message: /has not ended within 1 seconds/, hint: /WaitForJob/ });
});

test('a failure names the first cause', async () => {
  const form = upload({ input_file: { name: 'photo.png', data: Buffer.from('no picture') }, download: true });
  await assert.rejects(client().run(find('ConvertFile'), form), (error) => {
    assert.strictEqual(error.name, 'ConversionFailed');
    assert.strictEqual(error.task, 'convert');
    assert.ok(error.jobId);
    return true;
  });
});

test('an item that moves on by two pages while others are added is given once', async () => {
  const pages = [['1', '2'], ['3', '4'], ['1', '5']];
  let asked = 0;
  const moving = (request, response) => json(response, 200, { data: pages[asked].map((id) => ({ id })), links: { next: (asked += 1) < pages.length ? 'more' : null } });
  const all = async (baseUrl) => (await new runtime.Client({ token: 'key', baseUrl }).run(find('ListJobs'), { limit: 0 })).map((job) => job.job_id);
  assert.deepStrictEqual(await serving(moving, all), ['1', '2', '3', '4', '5']);
});

test('a list is read only as far as it is needed', async () => {
  let pages = 0;
  const endless = (request, response) => json(response, 200, { data: [{ id: String((pages += 1)) }], links: { next: 'more' } });
  const firstTwo = async (baseUrl) => {
    const found = [];
    for await (const job of new runtime.Client({ token: 'key', baseUrl }).list(find('ListJobs'), { limit: 0 })) if (found.push(job.job_id) === 2) break;
    return found;
  };
  assert.deepStrictEqual(await serving(endless, firstTwo), ['1', '2']);
  assert.strictEqual(pages, 2);
});

test('a key that is refused is renewed once', async () => {
  const server = (request, response) => (request.headers.authorization === 'Bearer fresh' ? json(response, 200, { data: { id: 1, username: 'anna' } }) : json(response, 401, { message: 'Unauthenticated.' }));
  const me = (renew) => (baseUrl) => new runtime.Client({ token: 'stale', baseUrl, renew }).run(find('GetMyInfo'), {});
  assert.strictEqual((await serving(server, me(() => 'fresh'))).username, 'anna');
  await assert.rejects(serving(server, me(() => 'stale too')), { name: 'ConnectionInvalid', message: /does not accept the API key \(Unauthenticated\)/ });
});

test('what the server says has its own kind of error', async () => {
  const kinds = { 402: 'CreditsExceeded', 403: 'ConnectionInvalid', 404: 'NotFound', 413: 'LimitReached', 422: 'InputError', 302: 'ProtocolError' };
  for (const [status, name] of Object.entries(kinds)) {
    const me = (baseUrl) => new runtime.Client({ token: 'key', baseUrl, ...impatient }).run(find('GetMyInfo'), {});
    await assert.rejects(serving(failing(Number(status), { message: 'Because.' }), me), { name });
  }
});

test('reads are repeated, what creates something is not', async () => {
  const counted = async (work) => {
    let count = 0;
    const server = (request, response) => (count += 1) && json(response, 500, {});
    await assert.rejects(serving(server, (baseUrl) => work(new runtime.Client({ token: 'key', baseUrl, ...impatient }))), { name: 'TemporaryError' });
    return count;
  };
  assert.strictEqual(await counted((api) => api.run(find('GetMyInfo'), {})), 5);
  assert.strictEqual(await counted((api) => api.run(find('RetryTask'), { task_id: 'a' })), 1);
});

test('a job whose answer was lost is adopted, not made again', async () => {
  let made = 0;
  let body = '';
  const server = (request, response) => {
    if (request.method === 'POST') {
      request.on('data', (chunk) => (body += chunk)).on('end', () => (made += 1) && request.socket.destroy());
    } else if (request.url.startsWith('/v2/jobs?')) json(response, 200, { data: [{ id: 'job-1', tag: JSON.parse(body).tag, tasks: [] }] });
    else json(response, 200, { data: { id: 'job-1', status: 'waiting', tasks: [] } });
  };
  const run = (baseUrl) => new runtime.Client({ token: 'key', baseUrl, ...impatient }).run(find('CaptureWebsite'), { url: 'https://example.com', output_format: 'pdf' });
  assert.strictEqual((await serving(server, run)).job_id, 'job-1');
  assert.strictEqual(made, 1);
});

test('a download that breaks is taken up where it broke, without the key', async () => {
  const asked = [];
  const server = (request, response) => {
    asked.push([request.headers.range, request.headers.authorization]);
    if (!request.headers.range) return response.writeHead(200, { 'Content-Length': 10, ETag: '"a"' }).write('01234', () => setImmediate(() => response.destroy()));
    return response.writeHead(206, { 'Content-Range': 'bytes 5-9/10', 'Content-Length': 5 }).end('56789');
  };
  const get = (url) => new runtime.Client({ token: 'key', baseUrl: url, ...impatient }).download({ name: 'a', url: `${url}/a`, size: 10 });
  assert.strictEqual((await serving(server, get)).toString(), '0123456789');
  assert.deepStrictEqual(asked, [[undefined, undefined], ['bytes=5-', undefined]]);
});

test("an own request cannot leave the API's host nor change who signs it", async () => {
  for (const url of ['@evil.example/', '//evil.example', '/\\evil', '/v2/a#b', '.evil.example']) {
    await assert.rejects(client().run(find('MakeAPICall'), { url }), { name: 'InputError', message: /must be a path at the API/ });
  }
  await assert.rejects(client().run(find('MakeAPICall'), { url: '/v2/users/me', headers: { Authorization: 'x' } }), { name: 'InputError', message: /may not hold Authorization/ });
});

test('the key is in no error, and in no printed client', async () => {
  const key = 'a-secret-key';
  const me = (baseUrl) => new runtime.Client({ token: key, baseUrl }).run(find('GetMyInfo'), {});
  await assert.rejects(serving(failing(422, { message: `bad ${key}` }), me), (error) => !JSON.stringify([error, error.message]).includes(key));
  assert.ok(!require('node:util').inspect(client({ token: key }), { depth: 5 }).includes(key));
});

test('a webhook is attached once, found again, verified and detached', async () => {
  const url = `http://127.0.0.1:9/hooks/${crypto.randomUUID()}`;
  const first = await client().attach(url, ['finished']);
  await client().attach(url, ['finished']);
  const listed = await client().run(find('ListWebhooks'), { url });
  assert.strictEqual(listed.length, 1);
  const body = Buffer.from('{"event": "job.finished"}');
  const signature = crypto.createHmac('sha256', first.secret).update(body).digest('hex');
  runtime.verify(body, signature, first.secret);
  for (const forged of [undefined, '', signature.slice(1), 'x'.repeat(64)]) assert.throws(() => runtime.verify(body, forged, first.secret), { name: 'ForgedWebhook' });
  await client().detach(listed[0].webhook_id);
  await client().detach(listed[0].webhook_id);
  assert.deepStrictEqual(await client().run(find('ListWebhooks'), { url }), []);
});

test('drop-down lists come from the service', async () => {
  const values = async (...question) => (await client().choices(...question)).map((one) => one.value);
  assert.ok((await values('output_formats', { operation: 'convert', input_format: 'png' })).includes('jpg'));
  assert.ok((await values('operations')).includes('merge'));
  assert.ok((await values('engines', { operation: 'convert', input_format: 'png', output_format: 'jpg' })).length > 0);
  assert.ok((await values('options', { operation: 'convert', input_format: 'png', output_format: 'jpg' })).includes('quality'));
  assert.ok((await values('jobs')).length > 0);
});

test('the dialog leads to the addresses of its environment', () => {
  assert.strictEqual(runtime.addresses(service, {}).baseUrl, 'https://api.cloudconvert.com');
  assert.strictEqual(runtime.addresses(service, { region: 'eu-central' }).syncUrl, 'https://eu-central.sync.api.cloudconvert.com');
  assert.strictEqual(runtime.addresses(service, { environment: 'sandbox', region: 'us-east' }).baseUrl, 'https://api.sandbox.cloudconvert.com');
  assert.deepStrictEqual(runtime.addresses(service, { environment: 'custom', base_url: 'http://localhost:1/v2/' }), { baseUrl: 'http://localhost:1', syncUrl: null });
  assert.throws(() => runtime.addresses(service, { environment: 'custom', base_url: 'nowhere' }), { name: 'InputError' });
});
