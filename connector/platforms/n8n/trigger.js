'use strict';
// Starts a workflow when something happens to a job: attaches a webhook when the workflow is activated.
const { connected } = require('../../lib/connect');
const runtime = require('../../lib/runtime');
const description = require('./description.json');

const clientOf = (context) => connected(context, context.getNodeParameter('authentication'));

class CloudConvertConnectorTrigger {
  description = description;

  webhookMethods = {
    default: {
      async checkExists() {
        const { id } = this.getWorkflowStaticData('node');
        if (!id) return false;
        const url = this.getNodeWebhookUrl('default');
        for await (const one of (await clientOf(this)).pages('/users/me/webhooks', { 'filter[url]': url })) {
          if (String(one.id) === id && one.url === url && !one.disabled) return true;
        }
        return false;
      },
      async create() {
        const webhook = await (await clientOf(this)).attach(this.getNodeWebhookUrl('default'), this.getNodeParameter('events'));
        Object.assign(this.getWorkflowStaticData('node'), webhook);
        return true;
      },
      async delete() {
        const data = this.getWorkflowStaticData('node');
        if (data.id) await (await clientOf(this)).detach(data.id);
        delete data.id;
        delete data.secret;
        return true;
      },
    },
  };

  async webhook() {
    const request = this.getRequestObject();
    const { secret } = this.getWorkflowStaticData('node');
    try {
      runtime.verify(request.rawBody, request.headers['cloudconvert-signature'], secret);
    } catch (error) {
      this.getResponseObject().status(401).send(error.message).end();
      return { noWebhookResponse: true };
    }
    const events = runtime.eventsOf(JSON.parse(request.rawBody), this.getNodeParameter('events'));
    return events.length ? { webhookResponse: 'ok', workflowData: [this.helpers.returnJsonArray(events)] } : { webhookResponse: 'ok' };
  }
}

module.exports = { CloudConvertConnectorTrigger };
