"""Form B: the archive for "Import app from ZIP"."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from connector.platforms.fusion.app import DESCRIPTION, LABEL, NAME, THEME, App, Component, Kind

FILE = f"{NAME}.zip"

_LONG_AGO = (2020, 1, 1, 0, 0, 0)
_FOLDERS: Mapping[Kind, str] = {"connection": "connections", "rpc": "rpcs", "webhook": "webhooks", "module": "modules"}

CODES: Mapping[Kind, Mapping[str, str]] = {
    "connection": {
        "communication": "api",
        "defaultScope": "scope",
        "scopeList": "scopes",
        "params": "parameters",
    },
    "rpc": {"communication": "api", "params": "parameters"},
    "webhook": {
        "communication": "api",
        "params": "parameters",
        "attach": "attach",
        "detach": "detach",
        "requiredScope": "scope",
        "update": "update",
    },
    "module": {
        "communication": "api",
        "staticParams": "parameters",
        "mappableParams": "expect",
        "interface": "interface",
        "samples": "samples",
        "scope": "scope",
    },
}
"""What a local project's codes are called in the archive, and in the platform's REST API."""

_EMPTY: Mapping[str, Any] = {"scopeList": {}, "defaultScope": []}


def archive(app: App) -> bytes:
    """The ZIP file. Nothing is compressed: packed bytes differ from one version of zlib to the next."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for path, content in _contents(app).items():
            entry = zipfile.ZipInfo(f"{NAME}/{path}", _LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            file.writestr(entry, content)
    return buffer.getvalue()


def _contents(app: App) -> dict[str, bytes]:
    about = {"name": NAME, "label": LABEL, "version": 1, "theme": THEME, "language": "en", "countries": None}
    files = {
        ".sdk": _compact({"version": 2}),
        "metadata.json": _compact({**about, "description": DESCRIPTION}),
        "base.imljson": _compact(app.base),
        "readme.md": app.readme.encode(),
        "assets/icon.png": app.icon,
    }
    for kind, folder in _FOLDERS.items():
        for component in app.all(kind).values():
            files |= {f"{folder}/{component.name}/{path}": text for path, text in _component(kind, component).items()}
    return files


def _component(kind: Kind, component: Component) -> dict[str, bytes]:
    # The importer uploads {} for a file that is missing, which is wrong for lists: every file is there.
    codes = {**(_EMPTY if kind == "connection" else {}), **component.codes}
    files = {f"{name}.imljson": _compact(codes[code]) for code, name in CODES[kind].items() if code in codes}
    return {"metadata.json": _compact(_about(kind, component)), **files}


def _about(kind: Kind, component: Component) -> dict[str, Any]:
    made: dict[str, Any] = {"name": component.name, "label": component.label}
    if kind == "module":
        made |= {"description": component.description, "webhook": component.webhook}
    if kind != "rpc":
        made["type"] = component.type
    return made if kind == "connection" else {**made, "connection": component.connection}


def _compact(code: Any) -> bytes:
    return json.dumps(code, ensure_ascii=False, separators=(",", ":")).encode()
