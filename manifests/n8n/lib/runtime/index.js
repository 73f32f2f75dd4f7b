'use strict';
/**
 * CloudConvert's run time for platforms that run JavaScript: carries out the recipes of declarations.json.
 *
 *   const client = new Client({ token, baseUrl, syncUrl });
 *   const result = await client.run(module, { input_file: { name, data }, output_format: 'pdf', download: true });
 *
 * A file to upload is { name, data } with a Buffer, a Blob, or a stream and its `size`; one to import is { url, headers }.
 * Needs Node 18 or newer and nothing else. The API's token goes to the API's two hosts and nowhere else.
 */

const errors = require('./errors');
const { rootCause } = require('./answers');
const { Client, awaitsEnd } = require('./client');
const { addresses } = require('./connection');
const { eventsOf, verify, webhookEvents } = require('./events');
const { fill } = require('./forms');
const { fileRecords, outputsOf } = require('./outputs');
const { jobRequest } = require('./requests');
const { cleanName } = require('./uploads');

module.exports = { ...errors, Client, addresses, awaitsEnd, cleanName, eventsOf, fill, fileRecords, jobRequest, outputsOf, rootCause, verify, webhookEvents };
