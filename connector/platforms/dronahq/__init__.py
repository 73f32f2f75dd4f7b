"""DronaHQ: an OpenAPI document and curl commands to import, a setup sheet to type in, records to compare with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connector.platforms.dronahq.actions import ACTIONS
from connector.platforms.dronahq.curl import curl
from connector.platforms.dronahq.openapi import openapi
from connector.platforms.dronahq.readme import readme
from connector.platforms.dronahq.record import action_record
from connector.platforms.dronahq.sheet import sheet
from connector.platforms.dronahq.sign_in import by_key, by_oauth
from connector.platforms.platform import Platform, Service


class DronaHQ(Platform):
    """The seven CloudConvert actions of DronaHQ, under the names that its users know."""

    name = "dronahq"
    label = "DronaHQ"

    def files(self, service: Service) -> Mapping[str, bytes]:
        return {
            "README.md": readme(service).encode(),
            "setup-sheet.md": sheet(service).encode(),
            "openapi.json": _json(openapi(service)),
            **{f"curl/{action.name}.txt": curl(action, service).encode() for action in ACTIONS},
            **{f"records/actions/{action.name}.json": _json(action_record(action, service)) for action in ACTIONS},
            "records/connector-oauth.json": _json(by_oauth(service)),
            "records/connector-api-key.json": _json(by_key(service)),
        }


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
