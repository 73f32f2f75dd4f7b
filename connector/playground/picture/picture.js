'use strict';
// Shows the picture in msg.payload, a Buffer with a PNG or JPG, in every editor that is open, and in those opened later.
const typeOf = (data) => (data[0] === 0x89 ? 'image/png' : 'image/jpeg');

module.exports = (RED) => {
  function PictureNode(config) {
    RED.nodes.createNode(this, config);
    this.on('input', (msg, send, done) => {
      if (!Buffer.isBuffer(msg.payload)) return done(new Error('There is no picture in msg.payload.'));
      const src = `data:${typeOf(msg.payload)};base64,${msg.payload.toString('base64')}`;
      RED.comms.publish(`picture/${this.id}`, { src }, true);
      this.status({ fill: 'green', shape: 'dot', text: new Date().toLocaleTimeString() });
      send(msg);
      return done();
    });
  }
  RED.nodes.registerType('picture', PictureNode);
};
