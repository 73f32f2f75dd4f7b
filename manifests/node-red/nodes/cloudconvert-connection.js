module.exports = require('../lib/connection-node');
