'use strict';
// The app as Zapier runs it: app.json says what there is, and here everything gets the functions that do it.
const app = require('./app.json');
const actions = require('./lib/actions');
const bound = require('./lib/bound.json');
const { modules } = require('./lib/declarations.json');
const { stashed } = require('./lib/files');
const trigger = require('./lib/trigger');

const moduleOf = (key) => modules.find((module) => module.name === bound.modules[key]);
const extended = (group, functionsOf) => Object.fromEntries(Object.entries(group).map(([key, one]) => [key, { ...one, operation: { ...one.operation, ...functionsOf(key) } }]));

module.exports = {
  ...app,
  authentication: { ...app.authentication, test: actions.search(moduleOf('get_my_info'), ([account]) => account), connectionLabel: actions.label },
  hydrators: { stashed },
  triggers: extended(app.triggers, (key) => (bound.lists[key] ? { perform: actions.choices(bound.lists[key]) } : trigger(moduleOf(key)))),
  searches: extended(app.searches, (key) => ({ perform: actions.search(moduleOf(key)) })),
  creates: extended(app.creates, (key) => actions.create(moduleOf(key))),
};
