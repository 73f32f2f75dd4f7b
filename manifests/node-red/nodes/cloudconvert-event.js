module.exports = require('../lib/event-node');
