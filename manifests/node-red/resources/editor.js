'use strict';
// The dialogs of the nodes, made from their fields.
window.CloudConvert = window.CloudConvert || (() => {
  const MAPPED = ['msg', 'flow', 'global', 'env', 'jsonata'];
  const keyOf = (about, module, field) => (about.modules.length > 1 ? `${module.name}_${field.name}` : field.name);
  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };

  // ---- the kinds of value that a field's input offers; the first is what it begins with

  /** JSON as Node-RED has it, but for a field that may be left empty. */
  const JSON_TYPE = {
    value: 'json',
    label: 'JSON',
    icon: 'red/images/typedInput/json.svg',
    validate: (text) => !text || parsed(text) !== undefined,
    expand() {
      RED.editor.editJSON({ value: JSON.stringify(parsed(this.value()) ?? [], null, 2), focus: true, complete: (text) => this.value(text) });
    },
  };
  const ROWS_TYPE = { value: 'json', label: 'the rows below', hasValue: false, icon: 'red/images/typedInput/json.svg' };
  const plain = (label, more = {}) => ({ value: 'str', label, hasValue: true, icon: 'red/images/typedInput/az.svg', ...more });

  /** Node-RED takes the first option for one that was not chosen: what may be left out needs an option that says so. */
  const optional = (field, options) => (field.required || field.default !== undefined || field.kind === 'multiselect' ? options : [{ value: '', label: '(not set)' }, ...options]);

  function typesOf(field, list) {
    if (field.options) return [{ value: field.kind === 'multiselect' ? 'choices' : 'choice', label: '', multiple: field.kind === 'multiselect', options: optional(field, field.options) }, ...MAPPED];
    if (field.list && field.kind === 'select') return [plain('text', { autoComplete: list }), ...MAPPED];
    switch (field.kind) {
      case 'integer':
        return ['num', ...MAPPED];
      case 'boolean':
        return [{ value: 'bool', label: '', options: optional(field, [{ value: 'true', label: 'yes' }, { value: 'false', label: 'no' }]) }, ...MAPPED];
      case 'file':
        return ['msg', plain('URL'), 'flow', 'global', 'jsonata', JSON_TYPE];
      case 'files':
        return ['msg', JSON_TYPE, 'flow', 'global', 'jsonata'];
      case 'pairs':
        return [ROWS_TYPE, ...MAPPED];
      case 'array':
      case 'multiselect':
        return [JSON_TYPE, ...MAPPED];
      default:
        return ['str', ...MAPPED];
    }
  }

  const nameOf = (type) => type.value || type;
  const isFile = (field) => field.kind === 'file' || field.kind === 'files';

  // ---- what Node-RED keeps of a node

  function defaultsOf(about) {
    const defaults = { name: { value: '' }, connection: { value: '', type: 'cloudconvert-connection', required: true } };
    if (about.modules.length > 1) defaults.module = { value: about.modules[0].name };
    for (const module of about.modules) {
      for (const field of module.fields.filter((one) => !one.secret)) {
        const key = keyOf(about, module, field);
        const isAsked = (node) => about.modules.length === 1 || node.module === module.name;
        defaults[key] = { value: isFile(field) && field.required ? 'payload' : written(field.default) };
        if (field.required) defaults[key].validate = function filledIn(value) { return !isAsked(this) || (value !== '' && value !== undefined); };
        defaults[`${key}_type`] = { value: nameOf(typesOf(field)[0]) };
      }
    }
    return defaults;
  }

  const written = (value) => (value === undefined ? '' : Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : String(value));

  const credentialsOf = (about) =>
    Object.fromEntries(about.modules.flatMap((module) => module.fields.filter((field) => field.secret).map((field) => [keyOf(about, module, field), { type: 'password' }])));

  /** Suggestions from the service, through the deployed connection, narrowed by what is filled in. */
  function listFor(about, module, field) {
    const filled = (name) => {
      const input = $(`#node-input-${keyOf(about, module, { name })}`);
      return !input.length || MAPPED.includes(input.typedInput('type')) ? undefined : input.typedInput('value') || undefined;
    };
    const asked = new Map(); // by the question: not once a keystroke
    const ask = (query) => {
      const address = `cloudconvert/${$('#node-input-connection').val()}/lists/${field.list.source}?${$.param(query)}`;
      if (!asked.has(address)) asked.set(address, $.getJSON(address).fail(() => asked.delete(address)));
      return asked.get(address);
    };
    return (value, done) => {
      const query = Object.fromEntries(field.list.depends_on.map((name) => [name, filled(name)]).filter(([, one]) => one));
      if (field.list.operation) query.operation = field.list.operation;
      const place = (one) => one.label.toLowerCase().indexOf(value.toLowerCase());
      const fitting = (found) => found.filter((one) => place(one) >= 0).sort((a, b) => (place(a) > 0) - (place(b) > 0));
      ask(query).done((found) => done(fitting(found))).fail(() => done([]));
    };
  }

  // ---- rows of names and values, which are kept as JSON

  const rowsOf = (kept) => (Array.isArray(kept) ? kept.map((row) => [row.name ?? row.key, row.value]) : Object.entries(kept || {}));
  const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

  function rowsFor(field, input, suggest) {
    const list = $('<ol class="cloudconvert-rows">').insertAfter(input.closest('.form-row'));
    list.editableList({
      addButton: field.add_label || 'Add an item',
      height: 'auto',
      removable: true,
      addItem(place, _, given) {
        const [name = '', value = ''] = Array.isArray(given) ? given : []; // of the button it is an empty object
        const left = $('<input type="text" class="name">').attr('placeholder', field.name_label || 'Name').val(name);
        const right = $('<input type="text" class="value">').attr('placeholder', field.value_label || 'Value').val(shown(value));
        place.css({ display: 'flex', gap: '6px' }).append(left.css('width', '50%'), right.css('width', '50%'));
        if (suggest) left.autoComplete({ minLength: 0, search: suggest });
      },
    });
    rowsOf(parsed(input.val())).forEach((row) => list.editableList('addItem', row));
    const place = list.closest('.red-ui-editableList').css({ margin: '-8px 0 12px 115px', width: '70%' });
    input.on('change', (_, type) => place.toggle(type === 'json'));
    return list;
  }

  function rowsText(field, list) {
    const rows = list.editableList('items').toArray().map((item) => [$(item).find('.name').val().trim(), $(item).find('.value').val()]);
    const typed = (value) => (field.text_values ? value : (parsed(value) ?? value));
    const filled = rows.filter(([name]) => name);
    return filled.length ? JSON.stringify(Object.fromEntries(filled.map(([name, value]) => [name, typed(value)]))) : '';
  }

  // ---- the dialog

  function row(about, module, field) {
    const key = keyOf(about, module, field);
    const made = $('<div class="form-row">').attr('title', field.help || '').css({ display: 'flex', alignItems: 'center' });
    $('<label>').attr('for', `node-input-${key}`).text(field.label + (field.required ? ' *' : '')).css({ flex: 'none', lineHeight: 1.2 }).appendTo(made);
    $('<input>').attr({ id: `node-input-${key}`, type: field.secret ? 'password' : 'text', placeholder: field.example || '' }).css('width', '70%').appendTo(made);
    if (!field.secret) $('<input type="hidden">').attr('id', `node-input-${key}_type`).appendTo(made);
    return made;
  }

  function section(about, module) {
    const made = $('<div class="cloudconvert-module">').attr('data-module', module.name);
    const more = $('<details>').append($('<summary style="cursor:pointer;margin-bottom:12px">').text('Advanced settings'));
    for (const field of module.fields) row(about, module, field).appendTo(field.advanced ? more : made);
    return module.fields.some((field) => field.advanced) ? made.append(more) : made;
  }

  function prepare(about, node) {
    const place = $('.cloudconvert-fields').last();
    for (const module of about.modules) place.append(section(about, module));
    place.closest('form').find('label').css('width', '115px');
    node.cloudConvertRows = [];
    for (const module of about.modules) for (const field of module.fields) begin(about, module, field, node);
    if (about.modules.length > 1) choose(about, node);
  }

  function begin(about, module, field, node) {
    const key = keyOf(about, module, field);
    const input = $(`#node-input-${key}`);
    if (field.secret) {
      const kept = node.credentials && node.credentials[`has_${key}`];
      input.val((node.credentials && node.credentials[key]) || (kept ? '__PWRD__' : ''));
      return;
    }
    const suggest = field.list && listFor(about, module, field);
    $(`#node-input-${key}_type`).val(node[`${key}_type`]);
    input.val(node[key]);
    const rows = field.kind === 'pairs' && rowsFor(field, input, suggest);
    if (rows) node.cloudConvertRows.push({ field, input, rows });
    input.typedInput({ types: typesOf(field, suggest), typeField: `#node-input-${key}_type` });
  }

  function finish(node) {
    for (const { field, input, rows } of node.cloudConvertRows) if (input.typedInput('type') === 'json') input.val(rowsText(field, rows));
    delete node.cloudConvertRows;
  }

  function choose(about, node) {
    const select = $('#node-input-module');
    for (const module of about.modules) select.append($('<option>').val(module.name).text(module.label));
    const show = () => $('.cloudconvert-module').each((_, one) => $(one).toggle($(one).data('module') === select.val()));
    select.val(node.module || about.modules[0].name).on('change', show);
    show();
  }

  function register(type, about) {
    RED.nodes.registerType(type, {
      category: 'CloudConvert',
      color: '#F2C8BC',
      icon: about.icon,
      inputs: 1,
      outputs: 1,
      defaults: defaultsOf(about),
      credentials: credentialsOf(about),
      paletteLabel: about.label,
      label() {
        const chosen = about.modules.length > 1 && about.modules.find((module) => module.name === this.module);
        return this.name || (chosen ? chosen.label : about.label);
      },
      labelStyle() {
        return this.name ? 'node_label_italic' : '';
      },
      oneditprepare() {
        prepare(about, this);
      },
      oneditsave() {
        finish(this);
      },
    });
  }
  return { register };
})();
