"""Power Platform: one custom connector for Power Automate, Power Apps, Logic Apps and Copilot Studio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connector.dialog import KINDS
from connector.platforms.fusion.icon import icon
from connector.platforms.platform import Platform, Service
from connector.platforms.power_platform.definition import definition
from connector.platforms.power_platform.properties import properties
from connector.platforms.power_platform.readme import readme

_ICON = 230
_SETTINGS = {
    "apiProperties": "apiProperties.json",
    "apiDefinition": "apiDefinition.swagger.json",
    "icon": "icon.png",
    "powerAppsUrl": "https://api.powerapps.com",
    "powerAppsApiVersion": "2016-11-01",
    "flowUrl": "https://api.flow.microsoft.com",
    "flowApiVersion": "2016-11-01",
}
"""What the command-line tool reads, which asks for the environment itself."""


class PowerPlatform(Platform):
    """The custom connector, once for each way to sign in: a connector has one only."""

    name = "power-platform"
    label = "Power Platform"

    def files(self, service: Service) -> Mapping[str, bytes]:
        made = {"README.md": readme(service).encode()}
        for sign_in in KINDS:
            made |= {
                f"{sign_in}/apiDefinition.swagger.json": _json(definition(service, sign_in)),
                f"{sign_in}/apiProperties.json": _json(properties(service, sign_in)),
                f"{sign_in}/settings.json": _json(_SETTINGS),
                f"{sign_in}/icon.png": icon(_ICON),
            }
        return made


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
