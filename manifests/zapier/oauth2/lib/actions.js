'use strict';
// What searches, creates, drop-down lists and the connection do, made from the recipes of their modules.
const { NotFound, awaitsEnd, fill } = require('./runtime');
const { connected, guarded } = require('./connect');
const { stash, withFiles } = require('./files');
const { formOf } = require('./form');

const LIMIT = 25; // seconds; Zapier ends a step after 30

const isJob = (module) => ['job', 'custom_job'].includes(module.recipe.kind);
const patient = (form) => (form.wait_limit ? { ...form, wait_limit: Math.min(form.wait_limit, LIMIT) } : form);

/** A search; what is not there is no error but an empty list. `pick` chooses what is given of the found. */
const search = (module, pick = (found) => found) =>
  guarded(
    async (z, bundle) => {
      const found = await connected(z, bundle).run(module, await formOf(module, bundle.inputData)).catch(nothing);
      return pick([found].flat().map((outputs) => withFiles(z, outputs)));
    },
    { reads: true },
  );

function nothing(error) {
  if (error instanceof NotFound) return [];
  throw error;
}

/** An action. A job whose end is awaited makes Zapier wait until CloudConvert calls back; `performResume` then takes it up. */
function create(module) {
  const perform = async (z, bundle) => {
    const client = connected(z, bundle, { store: stash(z) });
    const form = patient(fill(module, await formOf(module, bundle.inputData)));
    if (!isJob(module) || !awaitsEnd(module, form) || !mayPause(form, bundle)) return withFiles(z, await client.execute(module, form));
    const { id, status } = await client.begin(module, { ...form, webhook_url: z.generateCallbackUrl() });
    return { job_id: id, status };
  };
  const performResume = async (z, bundle) => {
    // The call is a hint that nobody signed: what the job is now, the service says.
    const form = patient(fill(module, await formOf(module, bundle.inputData, alreadySent)));
    return withFiles(z, await connected(z, bundle, { store: stash(z) }).settle(module, form, { id: bundle.outputData.job_id }));
  };
  return { perform: guarded(perform, { reads: Boolean(module.recipe.until_ended) }), ...(isJob(module) ? { performResume: guarded(performResume, { resumes: true }) } : {}) };
}

/** Whether Zapier can wait for a call: not while a step is tried out, nor where the person wants the call elsewhere. */
const mayPause = (form, bundle) => !form.webhook_url && !(bundle.meta && bundle.meta.isLoadingSample);
const alreadySent = (address, name) => ({ name: name || 'file', data: '' });

/** The entries of a drop-down list, narrowed by what is filled in so far. */
const choices = ({ source, operation, depends_on: names }) =>
  guarded(
    async (z, bundle) => {
      const filled = Object.fromEntries(names.map((name) => [name, bundle.inputData[name]]));
      const found = await connected(z, bundle).choices(source, { ...filled, ...(operation ? { operation } : {}) });
      return found.map(({ value, label }) => ({ id: value, name: label }));
    },
    { reads: true },
  );

/** What a connection is called: the account, and where it is unless that is the usual place. */
const label = async (z, bundle) => {
  const { environment } = bundle.authData;
  return [bundle.inputData.username, environment && environment !== 'live' ? `(${environment})` : ''].filter(Boolean).join(' ');
};

module.exports = { choices, create, label, search };
