"""The page of the node that starts a flow when something happens to a job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from connector.platforms.node_red.nodes import EVENT, spoken
from connector.platforms.node_red.page import NAMED, assembled

_ADDRESS = "The address under which this Node-RED is reached from outside, e.g. https://node-red.example.com."


def event_page(modules: Sequence[Any]) -> str:
    """The .html file of the event node."""
    module = next(one for one in modules if one["kind"] == "trigger")
    events = next(field for field in module["fields"] if field["name"] == module["recipe"]["events"])
    rows = [
        '<div class="form-row"><label for="node-input-events"><i class="fa fa-bell"></i> Events</label><input type="text" id="node-input-events" style="width:70%"></div>',
        '<div class="form-row"><label for="node-input-public_url"><i class="fa fa-globe"></i> Address</label><input type="text" id="node-input-public_url" placeholder="https://node-red.example.com"></div>',
    ]
    outputs = "".join(
        f"<dt>{one['name']}</dt><dd>{escape(one.get('help') or one['label'])}</dd>" for one in module["outputs"]
    )
    about = f"""<p>{escape(module["summary"])} When it is deployed it attaches a webhook at CloudConvert, and checks the signature of
every call; when it is removed or Node-RED ends, it takes the webhook away.</p>
<h3>Inputs</h3>
<dl class="message-properties"><dt>Address</dt><dd>{_ADDRESS}</dd></dl>
<h3>Outputs</h3>
<p><code>msg.topic</code> is the event, <code>msg.payload</code> holds:</p>
<dl class="message-properties">{outputs}</dl>"""
    return assembled(EVENT, "\n".join([*NAMED, *rows]), about, "", _register(module, events))


def _register(module: Any, events: Any) -> str:
    options = json.dumps([{"value": one["value"], "label": one["label"]} for one in events["options"]])
    return f"""RED.nodes.registerType('{EVENT}', {{
  category: 'CloudConvert',
  color: '#F2C8BC',
  icon: 'font-awesome/fa-bell',
  inputs: 0,
  outputs: 1,
  defaults: {{
    name: {{ value: '' }},
    connection: {{ value: '', type: 'cloudconvert-connection', required: true }},
    events: {{ value: '{",".join(events["example"])}', required: true }},
    public_url: {{ value: '', required: true }},
  }},
  paletteLabel: '{spoken(module["label"])}',
  label() {{
    return this.name || '{spoken(module["label"])}';
  }},
  oneditprepare() {{
    $('#node-input-events').typedInput({{ types: [{{ value: 'events', multiple: true, options: {options} }}] }});
  }},
}});"""
