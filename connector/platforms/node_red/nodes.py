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

_ICONS = {
    "AddWatermark": "fa-tint",
    "CaptureWebsite": "fa-globe",
    "CreateArchive": "fa-file-archive-o",
    "CreateThumbnail": "fa-picture-o",
    "DecryptPDF": "fa-unlock-alt",
    "EncryptPDF": "fa-lock",
    "ExecuteCommand": "fa-terminal",
    "ExtractPDFPages": "fa-scissors",
    "MergeFiles": "fa-compress",
    "OCRPDF": "fa-search",
    "OptimizeFile": "fa-dashboard",
    "ReadMetadata": "fa-info-circle",
    "RotatePDFPages": "fa-rotate-right",
    "SplitPDF": "fa-clone",
    "WriteMetadata": "fa-pencil-square-o",
    # What has none of its own takes its group's.
    "Common tasks": "fa-exchange",
    "PDF tasks": "fa-file-pdf-o",
    "Jobs": "fa-tasks",
    "Tasks": "fa-cogs",
}


@dataclass(frozen=True)
class Node:
    """One node of the palette. Several modules share one where they are about the same thing and take little space."""

    type: str
    label: str
    modules: Sequence[Any]

    @property
    def icon(self) -> str:
        """The name of one of Node-RED's own icons."""
        names = (self.modules[0]["name"] if len(self.modules) == 1 else "", self.modules[0]["group"])
        return f"font-awesome/{next((_ICONS[name] for name in names if name in _ICONS), 'fa-wrench')}"

    def script(self) -> str:
        """The node's .js file."""
        names = json.dumps([module["name"] for module in self.modules])
        return f"const moduleNode = require('../lib/module-node');\n\nmodule.exports = (RED) => moduleNode(RED, '{self.type}', {names});\n"


def nodes(modules: Sequence[Any]) -> list[Node]:
    """The nodes of the declared modules, but for those that wait for events."""
    found: dict[tuple[str, str], list[Any]] = {}
    for module in modules:
        if module["kind"] == "trigger":
            continue
        makes_files = module["recipe"]["kind"] in ("job", "custom_job")
        names = (words(module["name"]), spoken(module["label"])) if makes_files else (module["group"],) * 2
        found.setdefault(names, []).append(module)
    return [
        Node(f"{PREFIX}-{name.lower().replace(' ', '-')}", label if len(each) == 1 else label.lower(), each)
        for (name, label), each in found.items()
    ]


def spoken(label: str) -> str:
    """A module's label as the palette says it: "Rotate Pages of a PDF" is "rotate pages of PDF"."""
    kept = [word for word in label.removesuffix(" (advanced)").split() if word not in ("a", "an")]
    return " ".join(word if sum(map(str.isupper, word)) > 1 else word.lower() for word in kept)
