'use strict';
// Answers lines of JSON: runs a module with the run time, fills a form in, or attaches and detaches a webhook.
const path = require('node:path');
const readline = require('node:readline');

const folder = process.argv[2];
const runtime = require(path.join(folder, 'runtime'));
const { modules } = require(path.join(folder, 'declarations.json'));

const decoded = (key, value) => (value && typeof value === 'object' && '$base64' in value ? { name: value.name, data: Buffer.from(value.$base64, 'base64') } : value);
const encoded = (key, value) => (value && value.type === 'Buffer' ? { $base64: Buffer.from(value.data).toString('base64') } : value);

const WORK = {
  run: ({ connection, module, form }) => new runtime.Client(connection).run(module, form),
  fill: ({ module, form }) => runtime.fill(module, form),
  async subscribe({ connection, url, events }) {
    const client = new runtime.Client(connection);
    await client.detach((await client.attach(url, events)).id);
  },
  verify: ({ body, signature, secret }) => runtime.verify(body, signature, secret) || true,
  events: ({ document, kinds }) => runtime.eventsOf(document, kinds),
};

async function answer(line) {
  const question = JSON.parse(line, decoded);
  const module = modules.find((one) => one.name === question.module);
  try {
    return { result: (await WORK[question.work]({ ...question, module })) ?? null };
  } catch (error) {
    if (!(error instanceof runtime.ConnectorError)) throw error;
    return { error: { ...error, type: error.name, message: error.message } };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line), encoded)}\n`);
  }
})();
