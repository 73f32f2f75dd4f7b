'use strict';
// n8n's own engine without its server: loads the emitted package and answers lines of JSON (run, list, trigger).
// What libraries print must not come between the answers.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
require('reflect-metadata');
const { createHmac } = require('node:crypto');
const readline = require('node:readline');
const { Container } = require('@n8n/di');
const core = require('n8n-core');
const flow = require('n8n-workflow');

const [folder] = process.argv.slice(2);
const PACKAGE = 'n8n-nodes-cloudconvert-connector';
const URLS = 'http://127.0.0.1:5678/';
let types;
let credentialTypes;
const staticData = {};

class Credentials extends flow.ICredentialsHelper {
  constructor(data) {
    super();
    this.data = data;
  }
  getParentTypes() {
    return [];
  }
  async authenticate(credentials, type, request) {
    return request;
  }
  async preAuthentication() {}
  async runPreAuthentication() {}
  getCredentialsProperties() {
    return [];
  }
  async getCredentials({ id, name }, type) {
    return new core.Credentials({ id, name }, type);
  }
  async getDecrypted() {
    return { ...this.data };
  }
  isCredentialUsableByNode() {
    return true;
  }
  async updateCredentials() {}
  async updateCredentialsOauthTokenData() {}
}

const START = {
  description: { displayName: 'Start', name: 'start', group: ['trigger'], version: 1, description: '', defaults: { name: 'Start' }, inputs: [], outputs: ['main'], properties: [] },
  async trigger() {
    return { manualTriggerFunction: async () => this.emit([this.helpers.returnJsonArray([{}])]) };
  },
};

async function load() {
  await Container.get(core.BinaryDataService).init();
  const loader = new core.PackageDirectoryLoader(folder);
  await loader.loadAll();
  types = { 'tests.start': START };
  for (const [name, { type }] of Object.entries(loader.nodeTypes)) types[`${PACKAGE}.${name}`] = type;
  credentialTypes = Object.keys(loader.credentialTypes);
}

function prepared({ type, parameters, credentials, onError }) {
  const credential = { id: '1', name: 'tests' };
  const nodes = [
    { id: 's', name: 'Start', type: 'tests.start', typeVersion: 1, position: [0, 0], parameters: {} },
    { id: 'n', name: 'Node', type: `${PACKAGE}.${type}`, typeVersion: 1, position: [200, 0], parameters, onError, credentials: Object.fromEntries(credentialTypes.map((name) => [name, credential])) },
  ];
  const nodeTypes = { getByName: (name) => types[name], getByNameAndVersion: (name, version) => flow.NodeHelpers.getVersionedNodeType(types[name], version), getKnownTypes: () => ({}) };
  const connections = { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } };
  const workflow = new flow.Workflow({ id: 'w', name: 'w', nodes, connections, active: false, nodeTypes, settings: {}, staticData });
  const additional = {
    credentialsHelper: new Credentials(credentials), hooks: new core.ExecutionLifecycleHooks('manual', '1', { nodes, connections }), executionId: '1', currentNodeExecutionIndex: 0,
    restApiUrl: URLS, instanceBaseUrl: URLS, webhookBaseUrl: `${URLS}webhook`, webhookTestBaseUrl: `${URLS}webhook-test`, webhookWaitingBaseUrl: `${URLS}webhook-waiting`, formWaitingBaseUrl: `${URLS}form-waiting`,
    currentNodeParameters: parameters, variables: {}, setExecutionStatus() {}, sendDataToUI() {}, logAiEvent() {},
  };
  return { workflow, additional, node: workflow.getNode('Node'), start: workflow.getNode('Start') };
}

/** The items that came out, each binary field with its name and content. */
async function run(question) {
  const { workflow, additional, start } = prepared({ ...question, type: 'cloudConvertConnector' });
  const result = await new core.WorkflowExecute(additional, 'manual').run({ workflow, startNode: start, pinData: { Start: question.items } });
  const { error, runData } = result.data.resultData;
  if (error) return { error: { type: error.name, message: error.message, hint: error.description } };
  const items = runData.Node[0].data.main[0];
  return { result: await Promise.all(items.map(async ({ json, binary, pairedItem }) => ({ json, pairedItem, binary: await contents(binary || {}) }))) };
}

async function contents(binary) {
  const service = Container.get(core.BinaryDataService);
  const read = async (one) => ({ fileName: one.fileName, mimeType: one.mimeType, $base64: (await service.getAsBuffer(one)).toString('base64') });
  return Object.fromEntries(await Promise.all(Object.entries(binary).map(async ([name, one]) => [name, await read(one)])));
}

async function list(question) {
  const { workflow, additional, node } = prepared({ ...question, type: 'cloudConvertConnector' });
  const context = new core.LoadOptionsContext(workflow, node, additional, '');
  return { result: await workflow.nodeTypes.getByNameAndVersion(node.type).methods.loadOptions[question.source].call(context) };
}

/** Attach, check, be called with a good and a forged signature, detach: what each step gave. */
async function trigger(question) {
  const { workflow, additional, node } = prepared({ ...question, type: 'cloudConvertConnectorTrigger' });
  const type = workflow.nodeTypes.getByNameAndVersion(node.type);
  const [webhookDescription] = type.description.webhooks;
  const webhook = { node: 'Node', path: 'tests', webhookDescription, workflowId: 'w', httpMethod: 'POST', workflowExecuteAdditionalData: additional };
  const hook = new core.HookContext(workflow, node, additional, 'trigger', 'init', webhook);
  hook.getNodeWebhookUrl = () => question.url;
  const methods = type.webhookMethods.default;
  const before = await methods.checkExists.call(hook);
  await methods.create.call(hook);
  const after = await methods.checkExists.call(hook);
  const { secret } = workflow.getStaticData('node', node);
  const called = async (signature) => {
    const answer = { status: (code) => Object.assign(answer, { code }), send: () => answer, end: () => answer };
    const rawBody = Buffer.from(question.body || '{}');
    const request = { rawBody, body: JSON.parse(rawBody), headers: { 'cloudconvert-signature': signature } };
    const context = new core.WebhookContext(workflow, node, { ...additional, httpRequest: request, httpResponse: answer }, 'trigger', webhook, [], null);
    const { workflowData } = await type.webhook.call(context);
    return { code: answer.code, events: workflowData ? workflowData[0].map((item) => item.json) : null };
  };
  const good = await called(createHmac('sha256', secret).update(question.body || '{}').digest('hex'));
  const forged = await called('0'.repeat(64));
  await methods.delete.call(hook);
  return { result: { before, after, good, forged, kept: Object.keys(workflow.getStaticData('node', node)) } };
}

const WORK = { run, list, trigger, describe: async () => ({ result: { nodes: Object.values(types).map((type) => type.description), credentials: credentialTypes } }) };

(async () => {
  await load();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const question = JSON.parse(line);
    const answer = await WORK[question.work](question).catch((error) => ({ error: { type: error.name, message: error.message, hint: error.description } }));
    print(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
})();
