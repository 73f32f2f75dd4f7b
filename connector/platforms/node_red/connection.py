"""The connection's page: the dialog that every platform has, with the key among Node-RED's encrypted credentials."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from connector.dialog import ApiKeyConnection
from connector.platforms.javascript.declarations import form_data
from connector.platforms.node_red.nodes import CONNECTION
from connector.platforms.node_red.page import assembled, linked

_LEFT_OUT = ("proxy",)  # Node-RED's own setting


def connection_page() -> str:
    """The .html file of the connection."""
    fields = [field for field in form_data(ApiKeyConnection) if field["name"] not in _LEFT_OUT]
    rows = [
        '<div class="form-row"><label for="node-config-input-name">Name</label><input type="text" id="node-config-input-name"></div>'
    ]
    about = "".join(f"<dt>{escape(field['label'])}</dt><dd>{linked(field.get('help', ''))}</dd>" for field in fields)
    text = f'<p>Where CloudConvert is, and with which key. Node-RED keeps the key encrypted.</p>\n<dl class="message-properties">{about}</dl>'
    return assembled(CONNECTION, "\n".join([*rows, *map(_row, fields)]), text, "", _register(fields))


def _row(field: Any) -> str:
    name = f"node-config-input-{field['name']}"
    if "options" in field:
        options = "".join(f'<option value="{one["value"]}">{escape(one["label"])}</option>' for one in field["options"])
        control = f'<select id="{name}">{options}</select>'
    else:
        kind = "password" if field.get("secret") else "text"
        control = f'<input type="{kind}" id="{name}" placeholder="{escape(str(field.get("example", "")))}">'
    shown = field.get("shown_when")
    when = f' data-shown-for="{" ".join(shown["values"])}"' if shown else ""
    return f'<div class="form-row"{when}><label for="{name}">{escape(field["label"])}</label>{control}</div>'


def _register(fields: list[Any]) -> str:
    plain = {field["name"]: {"value": field.get("default", "")} for field in fields if not field.get("secret")}
    secret = {field["name"]: {"type": "password"} for field in fields if field.get("secret")}
    return f"""RED.nodes.registerType('{CONNECTION}', {{
  category: 'config',
  paletteLabel: 'CloudConvert connection',
  defaults: {json.dumps({"name": {"value": ""}, **plain})},
  credentials: {json.dumps(secret)},
  label() {{
    return this.name || 'CloudConvert';
  }},
  oneditprepare() {{
    const environment = $('#node-config-input-environment');
    const show = () => $('[data-shown-for]').each((_, row) => $(row).toggle($(row).data('shown-for').split(' ').includes(environment.val())));
    environment.on('change', show);
    show();
  }},
}});"""
