'use strict';
// Files on their way out: into Zapier's own storage at once, or as a pointer that is followed when a later step needs the file.
const { connected, guarded } = require('./connect');

/** A client's store that hands each downloaded file to Zapier. */
const stash = (z) => async ({ name, size }, stream) => ({ file: await z.stashFile(stream, size, name) });

/** Follows a pointer; what it holds needs no key. */
const stashed = guarded(async (z, bundle) => z.stashFile(connected(z, bundle).stream(bundle.inputData), bundle.inputData.size, bundle.inputData.name));

/** The outputs with every file that can be fetched as a file, and the first one on top. */
function withFiles(z, outputs) {
  if (!Array.isArray(outputs.files)) return outputs;
  const files = outputs.files.map((record) => (record.file || !record.url ? record : { ...record, file: z.dehydrateFile(stashed, { name: record.name, size: record.size, url: record.url }) }));
  return { ...outputs, files, file: files.length ? files[0].file : null };
}

module.exports = { stash, stashed, withFiles };
