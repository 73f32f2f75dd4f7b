'use strict';
// A client from Zapier's connection, and errors in the kinds that tell Zapier what to do next.
const runtime = require('./runtime');
const { service } = require('./declarations.json');
const { version } = require('../package.json');

/** A client with the connection's token, which tells Zapier's log what it does; `more` goes to it. */
function connected(z, bundle, more = {}) {
  const filled = Object.fromEntries(Object.entries(bundle.authData).filter(([, value]) => value));
  const { access_token: accessToken, api_key: apiKey, ...place } = filled;
  const [userAgent, report] = [`zapier-cloudconvert-connector/${version}`, (words) => z.console.log(words)];
  return new runtime.Client({ token: accessToken || apiKey, ...runtime.addresses(service, place), userAgent, report, ...more });
}

/**
 * The function for Zapier that does this work. What only `reads` may be begun anew, and Zapier does so when that may help;
 * what `resumes` has made its job before, and goes on with it when the sign-in was renewed.
 */
const guarded = (work, { reads = false, resumes = false } = {}) => async (z, bundle) => {
  try {
    return await work(z, bundle);
  } catch (error) {
    if (!(error instanceof runtime.ConnectorError)) throw error;
    throw translated(z, bundle, error, { mayBegin: reads || !error.jobId, reads, resumes });
  }
};

/** Zapier's error for one of ours. Those that make it begin anew must not make a second job. */
function translated({ errors }, bundle, error, { mayBegin, reads, resumes }) {
  const isOver = error instanceof runtime.ConnectionInvalid && error.detail.startsWith('401');
  if (isOver && (mayBegin || resumes)) return new errors[bundle.authData.access_token ? 'RefreshAuthError' : 'ExpiredAuthError'](error.sentence);
  const helps = error instanceof runtime.RateLimited ? mayBegin : reads && error instanceof runtime.TemporaryError;
  if (helps) return new errors.ThrottledError(error.sentence, Math.ceil(error.retryAfter || 60));
  // A forged call is no reason to switch the Zap off.
  if (error instanceof runtime.ForgedWebhook) return new errors.HaltedError(error.sentence);
  return new errors.Error(error.sentence, error.name);
}

module.exports = { connected, guarded };
