"""An action as a curl command, for "Import cURL"."""

from __future__ import annotations

import json
import shlex

from connector.platforms.dronahq.actions import Action
from connector.platforms.dronahq.request import request_of
from connector.platforms.platform import Service


def curl(action: Action, service: Service) -> str:
    """The command. It carries no key: the connector's authentication adds that to every action.

    The query stands there as it is read, not percent-encoded, since how an importer treats its names is unknown; and
    for the same reason the option that makes curl itself take it so comes last, where it hides nothing.
    """
    request = request_of(action)
    query = "&".join(f"{name}={value}" for name, value in request.query().items())
    url = f"{service.base_url}/v2{request.path}" + (f"?{query}" if query else "")
    lines = [f"curl --request {request.method} '{url}'", _option("header", "Accept: application/json")]
    if request.body is not None:
        lines += [_option("header", "Content-Type: application/json")]
        lines += [_option("data-raw", json.dumps(request.body, indent=2))]
    return " \\\n  ".join(lines + ["--globoff"] * any(c in url for c in "[]{}")) + "\n"


def _option(name: str, value: str) -> str:
    return f"--{name} {shlex.quote(value)}"
