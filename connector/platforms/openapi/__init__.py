"""OpenAPI: one document for every importer that takes one, and a Postman collection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connector.platforms.openapi.document import document
from connector.platforms.openapi.postman import FILE, collection
from connector.platforms.openapi.readme import readme
from connector.platforms.platform import Platform, Service


class OpenAPI(Platform):
    """For every platform that imports OpenAPI 3.0: Retool, ToolJet, Budibase, Workato, Tray, ServiceNow and others."""

    name = "openapi"
    label = "OpenAPI / Postman"

    def files(self, service: Service) -> Mapping[str, bytes]:
        return {
            "README.md": readme(service).encode(),
            "openapi.json": _json(document(service)),
            FILE: _json(collection(service)),
        }


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
