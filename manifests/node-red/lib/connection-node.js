'use strict';
// The connection: where CloudConvert is, and the key, which Node-RED keeps encrypted. Also serves the dialogs' lists.
const runtime = require('./runtime');
const { service } = require('./declarations.json');
const { version } = require('../package.json');

module.exports = (RED) => {
  function ConnectionNode(config) {
    RED.nodes.createNode(this, config);
    this.client = (report) => {
      const { api_key: token } = this.credentials || {};
      return new runtime.Client({ token, ...runtime.addresses(service, config), report, userAgent: `node-red-contrib-cloudconvert-connector/${version}` });
    };
  }
  RED.nodes.registerType('cloudconvert-connection', ConnectionNode, { credentials: { api_key: { type: 'password' } } });

  RED.httpAdmin.get('/cloudconvert/:connection/lists/:source', RED.auth.needsPermission('flows.read'), async (request, response) => {
    const connection = RED.nodes.getNode(request.params.connection);
    if (!connection || !connection.client) return response.status(404).json({ message: 'Deploy the connection first; then its lists can be read.' });
    try {
      return response.json(await connection.client().choices(request.params.source, request.query));
    } catch (error) {
      return response.status(502).json({ message: error.sentence || error.message });
    }
  });
};
