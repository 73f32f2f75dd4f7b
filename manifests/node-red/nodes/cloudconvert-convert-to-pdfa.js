const moduleNode = require('../lib/module-node');

module.exports = (RED) => moduleNode(RED, 'cloudconvert-convert-to-pdfa', ["ConvertToPDFA"]);
