"""An app of the platform, independent of the form in which it is delivered: project, archive or REST calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["connection", "webhook", "rpc", "module"]

NAME = "cloudconvert-connector"
LABEL = "CloudConvert Connector"
DESCRIPTION = "Convert, merge, optimize, archive and capture files with CloudConvert."
THEME = "#b8321a"
API_KEY = "cloudconvert-key"
OAUTH = "cloudconvert-oauth"
WEBHOOK = "cloudconvert-events"

TYPE_IDS = {"trigger": 1, "action": 4, "search": 9, "instant_trigger": 10, "responder": 11, "universal": 12}
"""The numbers of the kinds of modules."""


@dataclass(frozen=True)
class Component:
    """A connection, webhook, RPC or module.

    `type` is the platform's word for what kind of it this is. `codes` are its files by the names that a local project
    gives them. `connection`, `alternative` and `webhook` are names of other components.
    """

    name: str
    label: str
    type: str
    codes: Mapping[str, Any]
    description: str = ""
    connection: str | None = None
    alternative: str | None = None
    webhook: str | None = None
    crud: str | None = None


@dataclass(frozen=True)
class App:
    """Everything that is installed."""

    base: Mapping[str, Any]
    readme: str
    icon: bytes = field(repr=False)
    groups: list[dict[str, Any]]
    components: Mapping[Kind, Mapping[str, Component]]

    def all(self, kind: Kind) -> Mapping[str, Component]:
        """The components of one kind by name, in the order in which people see them."""
        return self.components[kind]


def written(code: Any) -> str:
    """A code as it stands in a file: JSON, in the order in which it was made."""
    return json.dumps(code, indent=2, ensure_ascii=False) + "\n"
