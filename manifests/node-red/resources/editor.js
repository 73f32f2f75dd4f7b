'use strict';
// The dialogs of the nodes, made from their fields.
window.CloudConvert = window.CloudConvert || (() => {
  const MAPPED = ['msg', 'flow', 'global', 'env', 'jsonata'];
  const keyOf = (about, module, field) => (about.modules.length > 1 ? `${module.name}_${field.name}` : field.name);

  /** The kinds of value that a field's input offers; the first is what it begins with. */
  function typesOf(field, list) {
    const plain = (label, more = {}) => ({ value: 'str', label, hasValue: true, icon: 'red/images/typedInput/az.svg', ...more });
    if (field.options) return [{ value: field.kind === 'multiselect' ? 'choices' : 'choice', label: '', multiple: field.kind === 'multiselect', options: field.options }, ...MAPPED];
    if (field.list && field.kind === 'select') return [plain('text', { autoComplete: list }), ...MAPPED];
    switch (field.kind) {
      case 'integer':
        return ['num', ...MAPPED];
      case 'boolean':
        return ['bool', ...MAPPED];
      case 'file':
        return ['msg', plain('URL'), 'flow', 'global', 'jsonata', 'json'];
      case 'files':
        return ['msg', 'json', 'flow', 'global', 'jsonata'];
      case 'pairs':
      case 'array':
      case 'multiselect':
        return ['json', ...MAPPED];
      default:
        return ['str', ...MAPPED];
    }
  }

  const nameOf = (type) => type.value || type;
  const isFile = (field) => field.kind === 'file' || field.kind === 'files';

  function defaultsOf(about) {
    const defaults = { name: { value: '' }, connection: { value: '', type: 'cloudconvert-connection', required: true } };
    if (about.modules.length > 1) defaults.module = { value: about.modules[0].name };
    for (const module of about.modules) {
      for (const field of module.fields.filter((one) => !one.secret)) {
        const key = keyOf(about, module, field);
        defaults[key] = { value: isFile(field) && field.required ? 'payload' : written(field.default) };
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
    return (value, done) => {
      const filled = (name) => $(`#node-input-${keyOf(about, module, { name })}`).typedInput('value') || undefined;
      const query = { operation: field.list.operation || undefined };
      for (const name of field.list.depends_on) query[name] = filled(name);
      $.getJSON(`cloudconvert/${$('#node-input-connection').val()}/lists/${field.list.source}`, query)
        .done((found) => done(found.filter((one) => one.label.toLowerCase().includes(value.toLowerCase())).map((one) => ({ value: one.value, label: one.label }))))
        .fail(() => done([]));
    };
  }

  function row(about, module, field) {
    const key = keyOf(about, module, field);
    const made = $('<div class="form-row">').attr('title', field.help || '');
    $('<label>').attr('for', `node-input-${key}`).text(field.label + (field.required ? ' *' : '')).appendTo(made);
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
    for (const module of about.modules) {
      for (const field of module.fields) {
        const key = keyOf(about, module, field);
        const input = $(`#node-input-${key}`);
        if (field.secret) {
          const kept = node.credentials && node.credentials[`has_${key}`];
          input.val((node.credentials && node.credentials[key]) || (kept ? '__PWRD__' : ''));
          continue;
        }
        $(`#node-input-${key}_type`).val(node[`${key}_type`]);
        input.val(node[key]);
        input.typedInput({ types: typesOf(field, field.list && listFor(about, module, field)), typeField: `#node-input-${key}_type` });
      }
    }
    if (about.modules.length > 1) choose(about, node);
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
        const chosen = about.modules.find((module) => module.name === this.module);
        return this.name || (chosen ? chosen.label : about.label);
      },
      oneditprepare() {
        prepare(about, this);
      },
    });
  }
  return { register };
})();
