'use strict';
// Starts a flow when something happens to a job: attaches a webhook when it is deployed, and detaches it when it goes.
const runtime = require('./runtime');

const LARGEST = 10 * 1024 * 1024; // bytes of a webhook's document
const AGAIN = 60 * 1000; // milliseconds until another try to attach

module.exports = (RED) => {
  function EventNode(config) {
    RED.nodes.createNode(this, config);
    const kinds = [config.events].flat().join(',').split(',').filter(Boolean);
    const seen = new Set();
    let webhook = null;
    let timer = null;
    let closed = false;

    const attach = async () => {
      try {
        const connection = RED.nodes.getNode(config.connection);
        if (!connection) throw new Error('Choose a connection in the dialog of this node.');
        if (!config.public_url) throw new Error('Fill in the address under which this Node-RED is reached from outside.');
        const client = connection.client();
        webhook = { ...(await client.attach(addressOf(RED, config, this.id), kinds)), client };
        if (closed) await detach();
        else this.status({ fill: 'green', shape: 'dot', text: 'waiting for events' });
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: (error.sentence || error.message).slice(0, 60) });
        this.error(error.sentence || error.message);
        if (error instanceof runtime.TemporaryError && !closed) timer = setTimeout(attach, AGAIN);
      }
    };
    const detach = async () => {
      if (webhook) await webhook.client.detach(webhook.id);
      webhook = null;
    };

    /** Takes a call's raw body and signature; throws ForgedWebhook. What comes again is handed on once. */
    this.take = (body, signature) => {
      runtime.verify(body, signature, webhook && webhook.secret);
      for (const event of runtime.eventsOf(JSON.parse(body), kinds)) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        if (seen.size > 10000) seen.delete(seen.values().next().value);
        this.send({ topic: event.event, payload: event });
      }
    };
    this.attached = attach();
    this.on('close', (removed, done) => {
      closed = true;
      clearTimeout(timer);
      this.attached.then(detach).catch(() => {}).then(() => done());
    });
  }
  RED.nodes.registerType('cloudconvert-event', EventNode);

  // The editor parses every JSON body before routes see it, and signatures are made of the raw bytes: call it something else.
  RED.server.prependListener('request', (request) => {
    if (request.method === 'POST' && /\/cloudconvert\/[^/?]+$/.test(request.url)) request.headers['content-type'] = 'application/octet-stream';
  });

  // One route for all event nodes: routes cannot be taken back.
  RED.httpNode.post('/cloudconvert/:id', async (request, response) => {
    const node = RED.nodes.getNode(request.params.id);
    if (!node || !node.take) return response.sendStatus(404);
    try {
      await node.attached;
      node.take(await bodyOf(request), request.headers['cloudconvert-signature']);
      return response.sendStatus(200);
    } catch (error) {
      return response.sendStatus(error instanceof runtime.ForgedWebhook ? 401 : 400);
    }
  });
};

function addressOf(RED, config, id) {
  const root = `/${RED.settings.httpNodeRoot || ''}/`.replace(/\/+/g, '/');
  return `${config.public_url.replace(/\/+$/, '')}${root}cloudconvert/${id}`;
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST) throw new Error('The document is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
