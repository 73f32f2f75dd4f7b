'use strict';
/** Forms: what a person filled in, checked against the module's declaration. */

const { InputError } = require('./errors');
const { isObject, isEmpty } = require('./values');

const WORDS = { true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false };

/** The checked form: values in their types, defaults filled in, empty fields left out. Throws InputError. */
function fill(module, values) {
  const unknown = Object.keys(values).find((name) => !module.fields.some((field) => field.name === name));
  if (unknown) throw new InputError(`${module.name} has no field '${unknown.slice(0, 40)}'.`, { fields: { [unknown]: 'is not a field of this module' } });
  const wrong = {};
  const form = filled(module.fields, values, '', wrong);
  if (module.recipe.kind === 'custom_job' && !Object.keys(wrong).length) Object.assign(wrong, graphProblems(module.recipe, form));
  const [first, ...others] = Object.keys(wrong);
  if (first) {
    const { label } = module.fields.find((field) => field.name === first.split('.')[0]);
    const more = others.length ? ` ${others.length} more field${others.length > 1 ? 's are' : ' is'} wrong.` : '';
    throw new InputError(`${module.name}: ${label} (${first}) ${wrong[first]}.${more}`, { fields: wrong });
  }
  return form;
}

function filled(fields, values, prefix, wrong) {
  const form = {};
  for (const field of fields) {
    const given = values[field.name];
    try {
      const value = isEmpty(given) ? untouched(field) : checked(field, given, `${prefix}${field.name}.`, wrong);
      if (value !== undefined) form[field.name] = value;
    } catch (problem) {
      if (!(problem instanceof Wrong)) throw problem;
      wrong[[prefix + field.name, ...problem.inside].join('.')] = problem.message;
    }
  }
  return form;
}

/** A value that is not as it must be; `inside` leads from the field to the part of it that is meant. */
class Wrong extends Error {
  inside = [];
}
const within = (part, check) => {
  try {
    return check();
  } catch (problem) {
    if (problem instanceof Wrong) problem.inside.unshift(part);
    throw problem;
  }
};
const must = (holds, problem) => {
  if (!holds) throw new Wrong(problem);
};

function untouched(field) {
  must(!field.required, 'is required');
  return field.default;
}

function checked(field, value, prefix, wrong) {
  const check = CHECKS[field.kind];
  return check ? check(field, value, prefix, wrong) : value;
}

function text(field, value) {
  must(typeof value === 'string', 'must be text');
  must(!field.max_length || [...value].length <= field.max_length, `must have at most ${field.max_length} characters`);
  must(!value.includes('\0'), 'must not hold a NUL character');
  return value;
}

function select(field, value) {
  const format = field.format && typeof value === 'string' ? value.trim().replace(/^\.+/, '').toLowerCase() : value;
  must(!field.format || typeof format !== 'string' || /^[a-z0-9.-]*[a-z0-9][a-z0-9.-]*$/.test(format), 'must be a file format such as pdf or tar.gz');
  const chosen = text(field, format);
  const allowed = (field.options || []).map((choice) => choice.value);
  must(!field.options || allowed.includes(chosen), `must be one of ${allowed.join(', ')}`);
  return chosen;
}

function multiselect(field, value) {
  must(Array.isArray(value) && value.every((item) => typeof item === 'string'), 'must be a list of texts');
  must(!field.required || value.length > 0, 'needs at least one entry');
  const allowed = field.options && field.options.map((choice) => choice.value);
  must(!allowed || value.every((item) => allowed.includes(item)), `may only hold ${(allowed || []).join(', ')}`);
  return [...new Set(value)];
}

function integer(field, value) {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,29}\s*$/.test(value) ? Number(value) : value;
  must(Number.isInteger(number), 'must be a whole number');
  must(field.minimum === undefined || number >= field.minimum, `must be at least ${field.minimum}`);
  must(field.maximum === undefined || number <= field.maximum, `must be at most ${field.maximum}`);
  return number;
}

function boolean(_, value) {
  const word = String(value).toLowerCase();
  must(Object.hasOwn(WORDS, word), 'must be yes or no');
  return WORDS[word];
}

function webAddress(field, value) {
  const address = text(field, value).trim();
  must(/^https?:\/\/[^\s/?#]/i.test(address) && !/\s/.test(address) && URL.canParse(address), 'must be an address that begins with http:// or https://');
  return address;
}

function pairs(field, value) {
  const rows = isObject(value) ? Object.entries(value) : Array.isArray(value) && value.every(isObject) ? value.map((row) => [row.name ?? row.key, row.value]) : null;
  must(rows, 'must be a mapping, or a list of items with a name and a value');
  const filledRows = rows.filter(([name]) => !isEmpty(name));
  for (const [name, item] of filledRows) {
    must(!field.text_values || (typeof item === 'string' && !/[\r\n\0]/.test(name + item)), `the value of '${name}' must be text without line breaks`);
  }
  return Object.fromEntries(filledRows);
}

function file(_, value) {
  if (typeof value === 'string') return { url: webAddress({}, value), headers: {} };
  must(isObject(value), 'must be a URL, or a name with data');
  if (value.data !== undefined) {
    must(typeof value.name === 'string' && value.name, 'needs a name for its bytes');
    return value;
  }
  must(!isEmpty(value.url), 'must be a URL, or a name with data');
  return { url: within('url', () => webAddress({}, value.url)), headers: within('headers', () => pairs({ text_values: true }, value.headers || {})), ...(value.name ? { name: value.name } : {}) };
}

function files(field, value) {
  must(Array.isArray(value), 'must be a list of files');
  must(value.length >= (field.minimum ?? 1), `must hold at least ${field.minimum ?? 1} file${(field.minimum ?? 1) > 1 ? 's' : ''}`);
  return value.map((item, index) => within(index + 1, () => file(field, item)));
}

function collection(field, value, prefix, wrong) {
  must(isObject(value), 'must be a mapping');
  return filled(field.fields, value, prefix, wrong);
}

function array(field, value, prefix, wrong) {
  must(Array.isArray(value), 'must be a list');
  return value.map((item, index) => collection(field, item, `${prefix}${index + 1}.`, wrong));
}

const CHECKS = { text, timestamp: text, select, multiselect, integer, boolean, url: webAddress, pairs, file, files, collection, array };

/** What does not hold between the files and tasks of a job that a person puts together: sentences by field. */
function graphProblems({ inputs, tasks }, form) {
  const [files, items] = [form[inputs] || [], form[tasks]];
  if (!items.length) return { [tasks]: 'needs at least one task' };
  const names = [...files, ...items].map((item) => item.name);
  const found = {};
  names.forEach((name, position) => {
    const task = items[position - files.length];
    const where = task ? `${tasks}.${position - files.length + 1}` : `${inputs}.${position + 1}`;
    if (!/^[A-Za-z0-9_-]+$/.test(name)) found[`${where}.name`] = 'may only have letters, digits, - and _';
    if (names.indexOf(name) < position) found[`${where}.name`] = `'${name}' is already taken`;
    if (!task) return;
    const { operation, input = [] } = task;
    for (const unknown of input.filter((each) => !names.includes(each))) found[`${where}.input`] = `'${unknown}' is neither a file nor a task of this job`;
    if (!input.length && !/^(import\/|capture-website)/.test(operation)) found[`${where}.input`] = `is required for ${operation}`;
  });
  return Object.keys(found).length ? found : problemsOfTheWhole(tasks, items);
}

function problemsOfTheWhole(tasks, items) {
  const inputsOf = new Map(items.map(({ name, input = [] }) => [name, input]));
  const reached = (name, seen = new Set()) => {
    for (const each of inputsOf.get(name) || []) if (!seen.has(each)) reached(each, seen.add(each));
    return seen;
  };
  const circle = items.findIndex(({ name }) => reached(name).has(name));
  if (circle >= 0) return { [`${tasks}.${circle + 1}.input`]: 'go round in a circle: the task waits for its own result' };
  const isFetched = items.some(({ operation }) => /^(export\/|metadata)/.test(operation));
  return isFetched ? {} : { [tasks]: 'needs a task export/url, or nobody can fetch the result' };
}

module.exports = { fill };
