'use strict';
/** Webhooks: their signature, and the events that they stand for. */

const crypto = require('node:crypto');

const { rootCause } = require('./answers');
const { ForgedWebhook, ProtocolError } = require('./errors');
const { fileRecords } = require('./outputs');
const { isObject } = require('./values');

/** Throws ForgedWebhook unless the header is the hex HMAC-SHA256 of these very bytes. */
function verify(rawBody, header, secret) {
  const wanted = Buffer.from(crypto.createHmac('sha256', secret || '').update(rawBody).digest('hex'));
  const given = Buffer.from(String(header || ''));
  if (secret && wanted.length === given.length && crypto.timingSafeEqual(wanted, given)) return;
  throw new ForgedWebhook('The signature of the webhook call is missing or does not fit its body.', {
    hint: 'Check that the signing secret belongs to this webhook, and that nothing in between rewrites the body.',
  });
}

/** The API's events that are needed for the chosen kinds: a job that fails has tasks that finished, and the other way round. */
function webhookEvents(kinds) {
  const created = kinds.includes('created') ? ['job.created'] : [];
  return kinds.includes('finished') || kinds.includes('failed') ? [...created, 'job.finished', 'job.failed'] : created;
}

/** The outputs of the events that a webhook's document stands for, of the chosen kinds: the job's and those of its tasks. */
function eventsOf(document, kinds = ['created', 'finished', 'failed']) {
  const [about, kind] = String(document && document.event).split('.');
  if (!['job', 'task'].includes(about) || !['created', 'finished', 'failed'].includes(kind)) return [];
  const task = about === 'task' ? document.task : null;
  const job = document.job || (task && { id: task.job_id });
  if (!job || !usable(job.id) || (about === 'task' && (!task || !usable(task.id)))) throw new ProtocolError(`The document of ${document.event} holds no job with a usable id.`);
  const events = about === 'task' ? [[document.event, job, task]] : eventsOfJob(kind, job);
  return events.filter(([name]) => kinds.includes(name.split('.')[1])).map((event) => eventOutputs(...event));
}

const usable = (id) => typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
const KIND_OF = { finished: 'finished', error: 'failed' };
const STATUS_OF = { finished: 'finished', failed: 'error' };

function eventsOfJob(kind, given) {
  const tasks = (Array.isArray(given.tasks) ? given.tasks : []).filter((task) => isObject(task) && usable(task.id));
  const job = { ...given, tasks, status: STATUS_OF[kind] || given.status };
  if (kind === 'created') return [['job.created', job, null], ...tasks.map((task) => ['task.created', job, task])];
  const ended = tasks.filter((task) => KIND_OF[task.status]).map((task) => [`task.${KIND_OF[task.status]}`, job, task]);
  return [...ended, [`job.${kind}`, job, null]];
}

function eventOutputs(name, job, task) {
  const about = task || job;
  const failed = name.endsWith('.failed') ? task || rootCause(job.tasks) || {} : {};
  const records = fileRecords(task || job);
  const first = records[0] || {};
  const of = task || {};
  return {
    id: [name, job.id, of.id].filter(Boolean).join(':'),
    event: name,
    occurred_at: (name.endsWith('.created') ? about.created_at : about.ended_at) ?? null,
    job_id: job.id,
    status: about.status ?? null,
    tag: job.tag ?? null,
    task_id: of.id ?? null,
    task_name: of.name ?? null,
    operation: of.operation ?? null,
    code: failed.code ?? null,
    message: failed.message ?? null,
    credits: of.credits ?? null,
    ended_at: about.ended_at ?? null,
    file_name: first.name ?? null,
    url: first.url ?? null,
    size: first.size ?? null,
    files: records,
    job,
    task,
  };
}

module.exports = { verify, webhookEvents, eventsOf };
