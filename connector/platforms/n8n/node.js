'use strict';
// One node for all modules: reads the parameters of each item into a form, runs the module, and gives outputs with binary data.
const { NodeOperationError } = require('n8n-workflow');
const { connected } = require('../../lib/connect');
const { ConnectorError } = require('../../lib/runtime');
const { modules } = require('../../lib/declarations.json');
const description = require('./description.json');
const { formOf, parameterOf } = require('./form');

const findModule = (name) => modules.find((module) => module.name === name);

/** Do the work for every index, at most `limit` at the same time; none is begun after one has failed. */
async function inParallel(count, limit, work) {
  let next = 0;
  const worker = async () => {
    try {
      while (next < count) await work(next++);
    } catch (error) {
      next = count;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}

async function runItem(context, module, index, pairedItem) {
  const kept = {};
  const store = async ({ name }, stream) => {
    const key = Object.keys(kept).length ? `data_${Object.keys(kept).length + 1}` : 'data';
    kept[key] = null; // taken, while the stream is being read
    kept[key] = await context.helpers.prepareBinaryData(stream, name);
    return { binary: key };
  };
  const client = await connected(context, context.getNodeParameter('authentication', index), { store });
  const result = await client.run(module, await formOf(context, module, index));
  const records = Array.isArray(result) ? result : [result];
  return records.map((json) => ({ json, ...(Object.keys(kept).length ? { binary: kept } : {}), pairedItem }));
}

function failure(context, error, itemIndex) {
  if (!(error instanceof ConnectorError)) return error;
  return new NodeOperationError(context.getNode(), error, { message: error.message, description: error.hint || undefined, itemIndex });
}

function failed(error, pairedItem) {
  const { name: type, message, hint, jobId, fields } = error;
  return [{ json: { error: message, type, hint, jobId, fields }, pairedItem }];
}

class CloudConvertConnector {
  description = description;

  methods = { loadOptions: Object.fromEntries(['input_formats', 'output_formats', 'engines', 'options', 'operations', 'jobs', 'tasks'].map((source) => [source, listOf(source)])) };

  async execute() {
    const items = this.getInputData();
    const first = findModule(this.getNodeParameter('operation', 0));
    const files = first.fields.find((field) => field.kind === 'files');
    const takesAll = files && this.getNodeParameter(`${files.name}_source`, 0) === 'all';
    const given = [];
    await inParallel(takesAll ? 1 : items.length, this.getNodeParameter('parallel', 0, 5), async (index) => {
      const from = takesAll ? items.map((_, item) => ({ item })) : { item: index };
      try {
        given[index] = await runItem(this, findModule(this.getNodeParameter('operation', index)), index, from);
      } catch (error) {
        if (!this.continueOnFail()) throw failure(this, error, index);
        given[index] = failed(error, from);
      }
    });
    return [given.flat()];
  }
}

/** The entries of a drop-down list, narrowed by what is filled in so far. */
function listOf(source) {
  return async function load() {
    const module = findModule(this.getCurrentNodeParameter('operation'));
    const { list } = module.fields.find((field) => field.list && field.list.source === source);
    const filled = Object.fromEntries(list.depends_on.map((name) => [name, this.getCurrentNodeParameter(parameterOf(name)) || this.getCurrentNodeParameter(`additionalFields.${parameterOf(name)}`)]));
    const client = await connected(this, this.getCurrentNodeParameter('authentication'));
    const found = await client.choices(source, { operation: list.operation || undefined, ...filled });
    return found.map(({ value, label }) => ({ value, name: label }));
  };
}

module.exports = { CloudConvertConnector };
