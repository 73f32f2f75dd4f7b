'use strict';
/** The declared outputs of a module, taken from the API's objects. */

const LIFETIME = 24 * 3600 * 1000; // of a download URL, in milliseconds

/** The files of every finished export of a job, in order; of a task, its own. */
function fileRecords(thing) {
  const exports = Array.isArray(thing.tasks) ? thing.tasks.filter((task) => task.operation === 'export/url') : [thing];
  return exports.filter((task) => task.status === 'finished').flatMap((task) => ((task.result || {}).files || []).map((one) => fileRecord(one, task)));
}

function fileRecord(one, task) {
  const ended = Date.parse(task.ended_at);
  const expires = one.url && !Number.isNaN(ended) ? new Date(ended + LIFETIME).toISOString().replace(/\.\d+Z$/, '+00:00') : null;
  return { name: one.filename ?? null, size: Number.isInteger(one.size) ? one.size : null, url: one.url ?? null, expires_at: expires };
}

/** The module's declared outputs by name, null for what the API's object does not have. */
function outputsOf(module, thing, form, records = fileRecords(thing)) {
  const context = { ...thing, files: records, form, done: true };
  return Object.fromEntries(module.outputs.map((output) => [output.name, output.source === '.' ? thing : at(context, output.source)]));
}

function at(context, path) {
  return path.split('.').reduce((value, step) => (value !== null && typeof value === 'object' && Object.hasOwn(value, step) ? value[step] : null), context) ?? null;
}

/** A job without an export is about its task's result. */
function withResult(recipe, job) {
  if (recipe.kind === 'custom_job' || recipe.export) return job;
  const task = job.tasks.find((one) => one.operation === recipe.task.operation);
  return { ...job, result: task ? task.result : null };
}

module.exports = { fileRecords, outputsOf, withResult };
