"""Form A: the local-development project, `makecomapp.json` and the files that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connector.platforms.fusion.app import App, Component, Kind, written

_FOLDERS: Mapping[Kind, str] = {"connection": "connections", "webhook": "webhooks", "rpc": "rpcs", "module": "modules"}
_TYPE: Mapping[Kind, str] = {"connection": "connectionType", "webhook": "webhookType", "module": "moduleType"}


def project(app: App) -> dict[str, bytes]:
    """Every file of the project by its path."""
    files = {
        "makecomapp.json": written(_manifest(app)),
        "general/base.iml.json": written(app.base),
        "modules/groups.json": written(app.groups),
        "app-readme.md": app.readme,
    }
    for kind in _FOLDERS:
        for component in app.all(kind).values():
            for code, content in component.codes.items():
                files[_path(kind, component, code)] = written(content)
    return {path: text.encode() for path, text in files.items()}


def _manifest(app: App) -> dict[str, Any]:
    empty: dict[str, Any] = {"function": {}, "endpoint": {}}
    kinds = {kind: {name: _entry(kind, one) for name, one in app.all(kind).items()} for kind in _FOLDERS}
    general = {
        "base": "general/base.iml.json",
        "common": None,
        "readme": "app-readme.md",
        "groups": "modules/groups.json",
    }
    return {"fileVersion": 1, "generalCodeFiles": general, "components": {**kinds, **empty}, "origins": []}


def _entry(kind: Kind, component: Component) -> dict[str, Any]:
    made: dict[str, Any] = {"label": component.label}
    if kind in _TYPE:
        made[_TYPE[kind]] = component.type
    if kind == "module":
        made["description"] = component.description
    if component.crud:
        made["actionCrud"] = component.crud
    if kind != "connection":
        made |= {"connection": component.connection, "altConnection": component.alternative}
    if component.webhook:
        made["webhook"] = component.webhook
    made["codeFiles"] = {code: _path(kind, component, code) for code in component.codes}
    if kind == "connection":
        made["codeFiles"]["common"] = None  # the app has no secrets of its own
    return made


def _path(kind: Kind, component: Component, code: str) -> str:
    name = kebab(component.name)
    file = "oauth-communication" if (component.type, code) == ("oauth", "communication") else kebab(code)
    return f"{_FOLDERS[kind]}/{name}/{name}.{file}.iml.json"


def kebab(name: str) -> str:
    """The name as the platform's editor writes it in paths."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()
