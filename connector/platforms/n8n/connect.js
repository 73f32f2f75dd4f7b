'use strict';
// A client from n8n's credentials. A token of OAuth2 is refreshed by n8n itself, which also keeps the new one.
const { Client, addresses } = require('./runtime');
const { service } = require('./declarations.json');
const { version } = require('../package.json');

const CREDENTIALS = { apiKey: 'cloudConvertConnectorApi', oAuth2: 'cloudConvertConnectorOAuth2Api' };

async function connected(context, authentication, more = {}) {
  const type = CREDENTIALS[authentication];
  const credentials = await context.getCredentials(type);
  const place = addresses(service, credentials);
  const tokenOf = (held) => (authentication === 'oAuth2' ? (held.oauthTokenData || {}).access_token : held.api_key);
  const renew = async () => {
    // n8n refreshes when an answer says that the token is over.
    await context.helpers.httpRequestWithAuthentication.call(context, type, { method: 'GET', url: `${place.baseUrl}/v2/users/me`, json: true }).catch(() => {});
    return tokenOf(await context.getCredentials(type));
  };
  return new Client({ token: tokenOf(credentials), ...place, ...(authentication === 'oAuth2' ? { renew } : {}), userAgent: `n8n-nodes-cloudconvert-connector/${version}`, ...more });
}

module.exports = { connected };
