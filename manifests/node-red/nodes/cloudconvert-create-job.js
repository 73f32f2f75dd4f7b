const moduleNode = require('../lib/module-node');

module.exports = (RED) => moduleNode(RED, 'cloudconvert-create-job', ["CreateJob"]);
