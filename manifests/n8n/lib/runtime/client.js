'use strict';
/** The client: carries out the recipes of declarations.json, and serves a platform's triggers and lists. */

const { failureOf } = require('./answers');
const { policyOf } = require('./api');
const { Downloads } = require('./downloads');
const { InputError, NotFound, ProtocolError } = require('./errors');
const { webhookEvents } = require('./events');
const { fill } = require('./forms');
const { about, hasEnded } = require('./jobs');
const { fileRecords, outputsOf, withResult } = require('./outputs');
const { inPath, taken, jobRequest, FIXED_HEADERS, addressOf } = require('./requests');

const PAGE = 100;

/** CloudConvert at one address, for a platform. Its options are those of Api and Downloads. */
class Client extends Downloads {
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
}

/** Whether the outputs of a job module are only there when its job has ended. */
const awaitsEnd = ({ recipe }, form) => form.download || (recipe.kind === 'job' && !recipe.export);
const distinct = (entries) => [...new Map(entries.map((entry) => [entry.value, entry])).values()].sort((a, b) => (a.value < b.value ? -1 : 1));

module.exports = { Client, awaitsEnd };
