"""Which nodes there are: one for each module that makes files, one for each group of the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.platforms.javascript import words

PREFIX = "cloudconvert"
CONNECTION = f"{PREFIX}-connection"
EVENT = f"{PREFIX}-event"

_ICONS = {"Common tasks": "fa-exchange", "PDF tasks": "fa-file-pdf-o", "Jobs": "fa-tasks", "Tasks": "fa-cogs"}


@dataclass(frozen=True)
class Node:
    """One node of the palette. Several modules share one where they are about the same thing and take little space."""

    type: str
    label: str
    modules: Sequence[Any]

    @property
    def icon(self) -> str:
        """The name of one of Node-RED's own icons."""
        return f"font-awesome/{_ICONS.get(self.modules[0]['group'], 'fa-wrench')}"

    def script(self) -> str:
        """The node's .js file."""
        names = json.dumps([module["name"] for module in self.modules])
        return f"const moduleNode = require('../lib/module-node');\n\nmodule.exports = (RED) => moduleNode(RED, '{self.type}', {names});\n"


def nodes(modules: Sequence[Any]) -> list[Node]:
    """The nodes of the declared modules, but for those that wait for events."""
    found: dict[str, list[Any]] = {}
    for module in modules:
        if module["kind"] == "trigger":
            continue
        makes_files = module["recipe"]["kind"] in ("job", "custom_job")
        found.setdefault(words(module["name"]) if makes_files else module["group"], []).append(module)
    return [Node(f"{PREFIX}-{words.lower().replace(' ', '-')}", words.lower(), each) for words, each in found.items()]
