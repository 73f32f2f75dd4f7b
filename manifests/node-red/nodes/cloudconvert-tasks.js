const moduleNode = require('../lib/module-node');

module.exports = (RED) => moduleNode(RED, 'cloudconvert-tasks', ["CancelTask", "DeleteTask", "DownloadFile", "GetTask", "ListTasks", "RetryTask", "WaitForTask"]);
