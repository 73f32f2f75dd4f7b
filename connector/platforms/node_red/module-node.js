'use strict';
// A node that runs one module, or one of several that its dialog lets choose.
const path = require('node:path');
const { ConnectorError } = require('./runtime');
const { modules } = require('./declarations.json');

const byName = new Map(modules.map((module) => [module.name, module]));
const isFilled = (value) => value !== undefined && value !== null && value !== '';

module.exports = (RED, type, names) => {
  const keyOf = (module, field) => (names.length > 1 ? `${module.name}_${field.name}` : field.name);
  const secrets = names.flatMap((name) => byName.get(name).fields.filter((field) => field.secret).map((field) => keyOf(byName.get(name), field)));

  function ModuleNode(config) {
    RED.nodes.createNode(this, config);
    const module = byName.get(names.length > 1 ? config.module : names[0]);

    this.on('input', async (msg, send, done) => {
      try {
        const connection = RED.nodes.getNode(config.connection);
        if (!connection) throw new Error('Choose a connection in the dialog of this node.');
        const client = connection.client((text) => this.status({ fill: 'blue', shape: 'dot', text }));
        const result = await client.run(module, await formOf(this, msg));
        this.status({ fill: 'green', shape: 'dot', text: result.status || (Array.isArray(result) ? `${result.length} found` : 'done') });
        send(answered(msg, result));
        done();
      } catch (error) {
        const text = error instanceof ConnectorError ? error.sentence : error.message;
        this.status({ fill: 'red', shape: 'ring', text: text.slice(0, 60) });
        // Without a name, since Node-RED shows it before the sentence.
        const known = error instanceof ConnectorError ? { code: error.name, jobId: error.jobId, fields: error.fields } : {};
        done(Object.assign(new Error(text), { name: '', ...known }));
      }
    });

    const formOf = async (node, msg) => {
      const form = {};
      for (const field of module.fields) {
        const value = await valueOf(node, field, msg);
        if (isFilled(value)) form[field.name] = READ[field.kind] ? READ[field.kind](value, msg) : value;
      }
      return form;
    };

    const valueOf = (node, field, msg) => {
      const key = keyOf(module, field);
      if (field.secret) return (node.credentials || {})[key];
      const [value, kind] = [config[key], config[`${key}_type`] || 'str'];
      if (!isFilled(value) || kind === 'choice') return value;
      if (kind === 'choices') return value.split(',');
      return new Promise((resolve, reject) => RED.util.evaluateNodeProperty(value, kind, node, msg, (error, found) => (error ? reject(error) : resolve(found))));
    };
  }
  RED.nodes.registerType(type, ModuleNode, { credentials: Object.fromEntries(secrets.map((key) => [key, { type: 'password' }])) });
};

/** What a message may hold as a file: a buffer or text with msg.filename, a web address, { url, headers } or { name, data }. */
function file(value, msg) {
  if (Buffer.isBuffer(value)) return { name: path.basename(msg.filename || 'file'), data: value };
  if (typeof value === 'string') return /^https?:\/\//i.test(value) ? { url: value } : { name: path.basename(msg.filename || 'file.txt'), data: Buffer.from(value) };
  if (!value || value.url !== undefined) return value;
  const data = value.data ?? value.payload ?? value.buffer;
  return { name: path.basename(value.name || value.filename || uploaded(value.originalname) || 'file'), data: typeof data === 'string' ? Buffer.from(data) : data };
}

/** The name of a file that came in by a form: "http in" reads names as Latin-1, and browsers send UTF-8. */
function uploaded(name) {
  if (!name || /[^\0-\xff]/.test(name)) return name;
  const text = Buffer.from(name, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? name : text;
}

const READ = {
  file,
  files: (value, msg) => [value].flat().map((one) => file(one, msg)),
  array: (value, msg) => (Array.isArray(value) ? value.map((item) => (item && item.file !== undefined ? { ...item, file: file(item.file, msg) } : item)) : value),
};

/** The message with the outputs: the first downloaded file as payload, else the outputs themselves; all files in msg.files. */
function answered(msg, result) {
  if (Array.isArray(result)) return Object.assign(msg, { payload: result });
  const files = result.files || [];
  const plain = { ...result, ...(result.files ? { files: files.map(({ data, ...record }) => record) } : {}) };
  if (!files.length || !files[0].data) return Object.assign(msg, { payload: plain, cloudconvert: plain, ...(files.length ? { files } : {}) });
  return Object.assign(msg, { payload: files[0].data, filename: files[0].name, files, cloudconvert: plain });
}
