'use strict';
// Starts a Zap when something happens to a job: a webhook while the Zap is on, whose calls must be signed.
const { eventsOf, fill, verify } = require('./runtime');
const { connected, guarded } = require('./connect');
const { withFiles } = require('./files');
const { formOf } = require('./form');

const SAMPLES = 10; // latest jobs that the editor is shown
const KINDS = { finished: 'finished', error: 'failed' };

/** Zapier writes headers with capitals, and most of them with Http- in front. */
const signatureIn = (headers) => (Object.entries(headers || {}).find(([name]) => name.toLowerCase().replace(/^http-/, '') === 'cloudconvert-signature') || [])[1];

module.exports = (module) => {
  const kindsOf = async (bundle) => fill(module, await formOf(module, bundle.inputData))[module.recipe.events];

  return {
    performSubscribe: guarded(async (z, bundle) => connected(z, bundle).attach(bundle.targetUrl, await kindsOf(bundle))),
    performUnsubscribe: guarded(async (z, bundle) => {
      await connected(z, bundle).detach(bundle.subscribeData.id);
      return {};
    }),
    perform: guarded(async (z, bundle) => {
      const { content = '', headers } = bundle.rawRequest || {};
      verify(content, signatureIn(headers), bundle.subscribeData && bundle.subscribeData.secret);
      return eventsOf(JSON.parse(content), await kindsOf(bundle)).map((event) => withFiles(z, event));
    }),
    performList: guarded(
      async (z, bundle) => {
        const [found, kinds] = [[], await kindsOf(bundle)];
        for await (const job of connected(z, bundle).pages('/jobs', { include: 'tasks', per_page: SAMPLES })) {
          found.push(...eventsOf({ event: `job.${KINDS[job.status] || 'created'}`, job }, kinds));
          if (found.length >= SAMPLES) break;
        }
        return found.map((event) => withFiles(z, event));
      },
      { reads: true },
    ),
  };
};
