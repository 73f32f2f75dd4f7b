'use strict';
/** Jobs: made at most once, waited for, and given their files. */

const { networkError } = require('./answers');
const { Api, ONCE } = require('./api');
const { ConnectorError, InputError, TemporaryError, NetworkError, NoAnswer, TransferError, WaitExceeded, ProtocolError } = require('./errors');
const { isStream, sizeOf, multipart, uploadRefused } = require('./uploads');

const PATIENCE = 60; // seconds that one blocking read may be silent; networks cut idle connections sooner or later

/** Adds what a job needs between its creation and its end. */
class Jobs extends Api {
  /** Create a job at most once, although the API has no idempotency key: one whose answer was lost is found by its tag. */
  async createJob({ body, isOurs }) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.request('POST', '/jobs', { body })).object();
      } catch (error) {
        const mayExist = error instanceof NoAnswer || error instanceof ProtocolError || error.constructor === TemporaryError;
        if (!mayExist) throw error;
        if (!isOurs) throw Object.assign(error, { hint: `The job may have been made: look for the tag '${body.tag}' with ListJobs before you try again.` });
        const adopted = await this.jobWithTag(body.tag, isOurs);
        if (adopted) return adopted;
        if (attempt === 3 || error instanceof ProtocolError || error.retryAfter) throw error;
      }
    }
  }

  async jobWithTag(tag, isOurs) {
    for (let look = 0; look < 2; look += 1) {
      if (look) await this.sleep(2);
      for await (const job of this.pages('/jobs', { 'filter[tag]': tag, include: 'tasks' })) {
        if (isOurs(job)) return this.read(`/jobs/${job.id}`);
      }
    }
    return null;
  }

  /** The ended job or task: by reads that block on the sync host, else by looking again and again with growing steps. */
  async waitUntilEnded(path, limit) {
    const deadline = Date.now() + limit * 1000;
    let blocking = Boolean(this.syncUrl);
    for (let step = 1; ; step = Math.min(step * 1.5, 10)) {
      const began = Date.now();
      const left = Math.max(0.1, Math.min(PATIENCE, (deadline - began) / 1000));
      try {
        const thing = blocking ? await this.whenEnded(path, left) : await this.read(path);
        if (hasEnded(thing)) return thing;
        this.report(thing.status || 'waiting');
      } catch (error) {
        if (!blocking || !(error instanceof TemporaryError)) throw error;
        blocking = error instanceof NoAnswer; // a broken wait is taken up again; a host that is not there is not
      }
      if (Date.now() >= deadline) throw exceeded(path, limit);
      // A blocking read that lasted longer than the step is taken up at once; one that breaks at once is not.
      const pause = step * (0.75 + this.random() / 2) - (Date.now() - began) / 1000;
      await this.sleep(Math.max(0, Math.min(pause, (deadline - Date.now()) / 1000)));
    }
  }

  async whenEnded(path, patience) {
    this.report('waiting');
    return (await this.send('GET', `${this.syncUrl}/v2${path}`, { policy: ONCE, limit: patience })).object();
  }

  async uploadAll(job, uploads) {
    try {
      for (const [name, upload] of Object.entries(uploads)) {
        let task = (job.tasks || []).find((one) => one.name === name);
        if (!task) throw new ProtocolError(`The job was made without a task for the file '${upload.name}'.`);
        if (!(task.result && task.result.form)) task = await this.read(`/tasks/${task.id}`); // the form may take a moment
        await this.upload(task, upload);
      }
    } catch (error) {
      // A job that never gets its file would wait for hours.
      await this.request('DELETE', `/jobs/${job.id}`).catch(() => {});
      throw error;
    }
  }

  /** Send a file to the form of an import/upload task, without the token. What is no stream is sent again if it breaks. */
  async upload(task, upload) {
    const form = task.result && task.result.form;
    if (!form || !form.url) throw new ProtocolError(`The task '${task.name}' has no upload form.`);
    const size = sizeOf(upload);
    const most = Number((form.parameters || {}).max_file_size);
    if (most && size > most) throw new InputError(`The file '${upload.name}' has ${size.toLocaleString('en')} bytes; CloudConvert takes at most ${most.toLocaleString('en')}.`);
    this.report(`uploading ${upload.name}`);
    const tries = isStream(upload.data) ? 1 : 3;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sendForm(form, upload, size);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        const now = await this.read(`/tasks/${task.id}`).catch(() => ({}));
        if (now.status === 'processing' || now.status === 'finished') return undefined;
        if (attempt === tries) throw new TransferError(`The upload of '${upload.name}' broke. Try again later.`, { detail: error.detail });
        await this.sleep(this.random() * 2 ** (attempt - 1));
      }
    }
  }

  async sendForm(form, upload, size) {
    const { host } = new URL(form.url);
    const { type, length, body } = multipart(form.parameters || {}, upload, size);
    try {
      // fetch leaves out the length of a stream, and storage hosts insist on it.
      const headers = { 'Content-Type': type, 'Content-Length': String(length) };
      // Only a request without a window and without redirects is sent as it is; fetch keeps a copy of any other one's body.
      const response = await fetch(form.url, { method: 'POST', headers, body, duplex: 'half', redirect: 'error', window: null, signal: AbortSignal.timeout(Math.ceil((60 + size / 50000) * 1000)) });
      const answer = await response.text();
      if (response.status >= 400) throw uploadRefused(response.status, answer, host, upload.name, this.say);
    } catch (error) {
      throw networkError(error, host, `the upload of '${upload.name}'`);
    }
  }
}

/** Do something for a job; an error names the job. */
async function about(job, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectorError && !error.jobId) error.jobId = job.id;
    throw error;
  }
}

const hasEnded = (thing) => thing.status === 'finished' || thing.status === 'error';

function exceeded(path, limit) {
  const [, kind, id] = /^\/(job|task)s\/(.*)$/.exec(path);
  const hint = `Take it up again with WaitFor${kind === 'job' ? 'Job' : 'Task'} and its ID, or give a larger wait_limit next time.`;
  return new WaitExceeded(`The ${kind} ${id} has not ended within ${limit} seconds; it goes on at CloudConvert.`, { hint, [`${kind}Id`]: id });
}

module.exports = { Jobs, about, hasEnded };
