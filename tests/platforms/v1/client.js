// The official Node client of API v1 as its README uses it; only its host is set. Answers each line of JSON with another.
'use strict';

const fs = require('fs');
const readline = require('readline');
const { Readable } = require('stream');
const Client = require('cloudconvert');

function client({ host, key }) {
  const made = new Client(key);
  made.endpoint = host;
  made.protocol = 'http';
  return made;
}

function called(work) {
  return new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result))));
}

const does = {
  // "Quickstart": file | convert | file
  pipe: ({ input, output, ...rest }) =>
    new Promise((resolve, reject) => {
      const conversion = client(rest).convert(rest.parameters);
      conversion.on('error', reject);
      fs.createReadStream(input)
        .pipe(conversion)
        .pipe(fs.createWriteStream(output))
        .on('error', reject)
        .on('finish', () => resolve({ step: conversion.data.step }));
    }),

  // A stream that has no file name
  pipeText: ({ text, output, ...rest }) =>
    new Promise((resolve, reject) => {
      const source = new Readable();
      source.push(text);
      source.push(null);
      source
        .pipe(client(rest).convert(rest.parameters).on('error', reject))
        .pipe(fs.createWriteStream(output))
        .on('finish', () => resolve({}));
    }),

  // "The manual way"
  manual: async ({ input, output, create, start, ...rest }) => {
    const process = await called((done) => client(rest).createProcess(create, done));
    await called((done) => process.start(start, done));
    await called((done) => process.upload(fs.createReadStream(input), null, done));
    await called((done) => process.wait(done));
    const finished = process.data;
    await called((done) => process.download(fs.createWriteStream(output), null, done));
    await called((done) => process.delete({}, done));
    return { finished, deleted: process.data, url: process.url };
  },

  // "Download of multiple output files"
  downloadAll: ({ input, output, ...rest }) =>
    new Promise((resolve, reject) => {
      fs.createReadStream(input).pipe(
        client(rest)
          .convert(rest.parameters)
          .on('error', reject)
          .on('finished', function finished() {
            this.downloadAll(output);
          })
          .on('downloadedAll', function downloaded() {
            resolve({ files: this.data.output.files, message: this.data.message });
          })
      );
    }),

  // "downloads" before the end
  early: async ({ output, create, start, ...rest }) => {
    const process = await called((done) => client(rest).createProcess(create, done));
    await called((done) => process.start(start, done));
    const { step } = process.data;
    await called((done) => process.download(fs.createWriteStream(output), null, done));
    return { step };
  },

  get: ({ path, query, ...rest }) => called((done) => client(rest).get(path, query, done)),
  post: ({ path, body, ...rest }) => called((done) => client(rest).post(path, body, done)),
};

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = { result: await does[question.do](question) };
  } catch (error) {
    answer = { error: { message: error.message, code: error.code, retryAfter: error.retryAfter } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
