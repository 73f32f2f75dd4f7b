// The official Node client, unmodified. It knows no addresses but the service's own, so what it asks of those is led to
// the sandbox instead, as a name server would.
"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const path = require("node:path");

const told = JSON.parse(process.argv[2]);
const ORIGINS = {
  "https://api.cloudconvert.com": told.baseUrl,
  "https://sync.api.cloudconvert.com": told.syncUrl,
};
const send = globalThis.fetch;
globalThis.fetch = (address, ...more) => {
  const url = new URL(address);
  const origin = ORIGINS[url.origin] ?? url.origin;
  if (!["127.0.0.1", "localhost"].includes(new URL(origin).hostname)) throw new Error(`The client asked ${url.origin}`);
  return send(origin + url.pathname + url.search, ...more);
};

const load = createRequire(path.join(told.modules, "x.js"));
const sockets = load("socket.io-client");
const open = (address, ...more) => sockets.io(address === "https://socketio.cloudconvert.com" ? told.baseUrl : address, ...more);
load.cache[load.resolve("socket.io-client")].exports = { ...sockets, io: open };

const CloudConvert = load("cloudconvert");
const client = new (CloudConvert.default ?? CloudConvert)(told.apiKey);
const TASKS = {
  "import-it": { operation: "import/upload" },
  "convert-it": { operation: "convert", input: "import-it", output_format: "jpg" },
  "export-it": { operation: "export/url", input: "convert-it" },
};

const scenarios = {
  async convert() {
    const created = await client.jobs.create({ tasks: TASKS, tag: "node" });
    const content = readFileSync(told.file);
    await client.tasks.upload(created.tasks[0], content, "two wörds.png", content.length);
    const job = await client.jobs.wait(created.id);
    const [file] = client.jobs.getExportUrls(job);
    const answer = await fetch(file.url);
    const bytes = Buffer.from(await answer.arrayBuffer()).toString("base64");
    return { status: job.status, name: file.filename, bytes, listed: (await client.jobs.all({ "filter[tag]": "node" })).length };
  },
  async tasks() {
    const task = await client.tasks.create("import/upload", {});
    const cancelled = await client.tasks.cancel(task.id);
    await client.tasks.delete(task.id);
    const gone = await client.tasks.get(task.id).catch((error) => error.message ?? String(error));
    return { waiting: task.status, cancelled: cancelled.code, gone };
  },
  async user() {
    return await client.users.me();
  },
  async failure() {
    const refused = async () => await client.jobs.create({ tasks: {} });
    return await refused().then(() => "accepted", async (error) => ({ message: error.message, told: await error.cause.json() }));
  },
  async subscribe() {
    const job = await client.jobs.create({ tasks: TASKS });
    const heard = [];
    const ended = new Promise((resolve) => client.jobs.subscribeEvent(job.id, "finished", (event) => resolve(event.job.status)));
    const all = new Promise((resolve) => {
      client.jobs.subscribeTaskEvent(job.id, "finished", (event) => heard.push(event.task.name) === 3 && resolve());
    });
    await client.tasks.upload(job.tasks[0], readFileSync(told.file), "photo.png");
    const [status] = await Promise.all([ended, all]);
    client.closeSocket();
    return { status, heard };
  },
  async sign() {
    const job = { tasks: { i: { operation: "import/raw", file: "héllo?>", filename: "a.txt" }, e: { operation: "export/url", input: "i" } } };
    return client.signedUrls.sign(told.signedBase, told.signedSecret, job, told.cacheKey ?? null);
  },
  async verify() {
    const verify = (body) => client.webhooks.verify(body, told.signature, told.secret);
    return [verify(told.body), verify(`${told.body} `)];
  },
};

scenarios[told.scenario]().then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exitCode = 1;
  },
);
