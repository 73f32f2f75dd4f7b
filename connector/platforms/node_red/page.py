"""A node's page: its dialog, its help in the side bar, and its entry in the palette."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from connector.platforms.node_red.nodes import Node
from connector.platforms.node_red.package import NAME

_SHOWN = ("name", "label", "kind", "help", "required", "advanced", "secret", "default", "options", "list")
_OF_ROWS = ("text_values", "name_label", "value_label", "add_label")
_WORDS = {
    "select": "choice",
    "multiselect": "choices",
    "integer": "number",
    "boolean": "yes or no",
    "pairs": "names and values",
    "array": "list",
    "files": "list of files",
    "collection": "object",
    "timestamp": "date and time",
}


def page(node: Node) -> str:
    """The node's .html file."""
    about = {"label": node.label, "icon": node.icon, "modules": [_shown(module) for module in node.modules]}
    chooser = _row("module", "Do", "tasks", '<select id="node-input-module" style="width:70%"></select>')
    dialog = "\n".join(
        [*NAMED, *([chooser] if len(node.modules) > 1 else []), '<div class="cloudconvert-fields"></div>']
    )
    register = f"CloudConvert.register('{node.type}', {_in_script(about)});"
    return assembled(node.type, dialog, _help(node), f'<script src="resources/{NAME}/editor.js"></script>\n', register)


def assembled(node_type: str, dialog: str, about: str, before: str, register: str) -> str:
    """A page from its parts."""
    return f"""<script type="text/html" data-template-name="{node_type}">
{dialog}
</script>

<script type="text/html" data-help-name="{node_type}">
{about}
</script>

{before}<script type="text/javascript">
{register}
</script>
"""


def _row(name: str, label: str, icon: str, control: str = "") -> str:
    field = control or f'<input type="text" id="node-input-{name}">'
    return f'<div class="form-row"><label for="node-input-{name}"><i class="fa fa-{icon}"></i> {label}</label>{field}</div>'


NAMED = (_row("name", "Name", "tag"), _row("connection", "Connection", "plug"))
"""The rows that every dialog begins with."""


def _shown(module: Any) -> dict[str, Any]:
    fields = [
        {key: field[key] for key in (*_SHOWN, *_OF_ROWS) if key in field} | _placeholder(field)
        for field in module["fields"]
    ]
    return {"name": module["name"], "label": module["label"], "fields": fields}


def _placeholder(field: Any) -> dict[str, Any]:
    example = field.get("example")
    return {"example": str(example)} if isinstance(example, str | int) else {}


def _in_script(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("</", "<\\/")


def linked(text: str) -> str:
    """The text as HTML; its addresses can be clicked, and break where the side bar ends."""
    return re.sub(
        r"https?://[^\s<>]*[\w/]",
        r'<a href="\g<0>" target="_blank" style="overflow-wrap:anywhere">\g<0></a>',
        escape(text),
    )


def _help(node: Node) -> str:
    return "\n".join([*(line for module in node.modules for line in _about(module, len(node.modules) > 1)), _MESSAGE])


_MESSAGE = """<p>Every value can also come from the message: choose <code>msg.</code> beside it. A file is a Buffer (its name is
<code>msg.filename</code>), a web address, <code>{url, headers}</code> or <code>{name, data}</code>. When a file was downloaded,
<code>msg.payload</code> is its content, <code>msg.filename</code> its name and <code>msg.files</code> are all of them; the other
outputs are in <code>msg.cloudconvert</code>. Otherwise the outputs are <code>msg.payload</code>. Errors go to a catch node.</p>"""


def _about(module: Any, titled: bool) -> Iterable[str]:
    if titled:
        yield f"<h3>{escape(module['label'])}</h3>"
    yield f"<p>{escape(module['summary'])}</p>"
    yield from _properties("Inputs", module["fields"])
    yield from _properties("Outputs", module["outputs"])


def _properties(title: str, fields: Sequence[Any]) -> Iterable[str]:
    if not fields:
        return
    yield f"<h3>{title}</h3>"
    yield '<dl class="message-properties">'
    for field in fields:
        name = field["label"] if title == "Inputs" else field["name"]
        # The side bar is narrow, and its own style keeps a name on one line.
        optional = ' class="optional"' if title == "Inputs" and not field.get("required") else ""
        yield f'<dt{optional} style="white-space:normal">{escape(name)} <span class="property-type">{_WORDS.get(field["kind"], field["kind"])}</span></dt>'
        yield f"<dd>{linked(field.get('help') or field['label'])}{_inside(field)}</dd>"
    yield "</dl>"


def _inside(field: Any) -> str:
    """What each entry of a list has, by the names that its JSON needs."""
    entries = [
        f"<li><code>{inner['name']}</code>: {linked(inner.get('help') or inner['label'])}{_values(inner)}</li>"
        for inner in field.get("fields", ())
    ]
    return f"<ul>{''.join(entries)}</ul>" if entries else ""


def _values(field: Any) -> str:
    return f" One of {', '.join(choice['value'] for choice in field['options'])}." if field.get("options") else ""
