// The official Node client: converts the file that each line names, and answers with the milliseconds that it took.
// It knows no address but the service's own, so its requests are sent to the server that is measured instead.
"use strict";

const { createRequire } = require("node:module");
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

const told = JSON.parse(process.argv[2]);
const ROOTS = { "https://api.cloudconvert.com": told.base_url, "https://sync.api.cloudconvert.com": told.sync_url };
const send = globalThis.fetch;
globalThis.fetch = (address, ...more) => {
  const url = new URL(address);
  return send((ROOTS[url.origin] ?? url.origin) + url.pathname + url.search, ...more);
};

const CloudConvert = createRequire(path.join(told.modules, "x.js"))("cloudconvert");
const client = new (CloudConvert.default ?? CloudConvert)(told.api_key);

async function convert({ source, folder }) {
  const created = await client.jobs.create({ tasks: told.tasks, tag: "node" });
  const upload = created.tasks.find((task) => task.operation === "import/upload");
  await client.tasks.upload(upload, fs.createReadStream(source), path.basename(source), fs.statSync(source).size);
  const job = await client.jobs.wait(created.id);
  const [file] = client.jobs.getExportUrls(job);
  const answer = await fetch(file.url);
  fs.writeFileSync(path.join(folder, file.filename), Buffer.from(await answer.arrayBuffer()));
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const began = process.hrtime.bigint();
    await convert(JSON.parse(line));
    console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - began) / 1e6 }));
  }
})();
