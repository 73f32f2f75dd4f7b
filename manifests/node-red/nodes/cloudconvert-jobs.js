const moduleNode = require('../lib/module-node');

module.exports = (RED) => moduleNode(RED, 'cloudconvert-jobs', ["DeleteJob", "GetJob", "ListJobs", "WaitForJob"]);
