'use strict';
// Zapier's own run time without its servers: carries out methods of the emitted apps, and validates them. Answers lines of JSON.
// The run time prints its use of memory, which must not come between the answers.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const path = require('node:path');
const readline = require('node:readline');
const { createAppHandler } = require('zapier-platform-core');

const handlers = {};
const handlerOf = (folder) => (handlers[folder] ??= createAppHandler(path.join(folder, 'index.js')));

const WORK = {
  async execute({ folder, method, bundle, more }) {
    const { results, status } = await handlerOf(folder)({ command: 'execute', method, bundle, zcacheTestObj: {}, cursorTestObj: {}, ...more });
    return { results: results ?? null, status };
  },
  async validate({ folder }) {
    const { results } = await handlerOf(folder)({ command: 'validate' });
    return results.map(({ property, message }) => `${property} ${message}`);
  },
  keepsRequests: () => Boolean(global.fetch.patchedByZapier),
  async definition({ folder }) {
    return (await handlerOf(folder)({ command: 'definition' })).results;
  },
};

async function answer(line) {
  const question = JSON.parse(line);
  try {
    return { result: await WORK[question.work](question) };
  } catch (error) {
    return { error: { type: error.name, message: String(error.message) } };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) print(`${JSON.stringify(await answer(line))}\n`);
})();
