'use strict';
/** The addresses that a connection's dialog stands for. */

const { InputError } = require('./errors');

/** The addresses of a connection dialog's values: { baseUrl, syncUrl }. `service` is the part of that name in declarations.json. */
function addresses(service, { environment = 'live', region = 'automatic', base_url = '', sync_url = '' }) {
  const inRegion = (url) => (url && region !== 'automatic' ? url.replace('://', `://${region}.`) : url);
  if (environment === 'sandbox') return { baseUrl: service.sandbox.base_url, syncUrl: service.sandbox.sync_url };
  if (environment !== 'custom') return { baseUrl: inRegion(service.live.base_url), syncUrl: inRegion(service.live.sync_url) };
  const root = (url) => url.trim().replace(/\/+$/, '').replace(/\/v2$/, '');
  if (!URL.canParse(base_url) || !/^https?:/.test(base_url)) throw new InputError(`The base URL '${String(base_url).slice(0, 100)}' is no address such as ${service.live.base_url}.`, { fields: { base_url: 'must be an http or https address' } });
  return { baseUrl: root(base_url), syncUrl: sync_url ? root(sync_url) : null };
}

module.exports = { addresses };
