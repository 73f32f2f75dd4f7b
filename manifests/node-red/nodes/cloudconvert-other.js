const moduleNode = require('../lib/module-node');

module.exports = (RED) => moduleNode(RED, 'cloudconvert-other', ["DeleteWebhook", "GetMyInfo", "FilterFormats", "ListOperations", "ListFormats", "ListWebhooks", "MakeAPICall"]);
