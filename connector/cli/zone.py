"""A zone of Make, or of a platform that runs its engine: the REST API by which apps are installed there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import requests

from connector.connection.hosts import require_safe
from connector.errors import ConnectionInvalid, ConnectorError, InputError, NetworkError, NotFound, RateLimited
from connector.redact import redact, remember

JSONC, JSON, MARKDOWN, PNG = "application/jsonc", "application/json", "text/markdown", "image/png"

_TIMEOUT = (15, 60)
_TRIES = 5
_LONGEST_PAUSE = 60.0


class Zone:
    """The apps of one zone. `url` is its address, e.g. https://eu1.make.com, and `token` an API key of the platform."""

    def __init__(self, url: str, token: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        root = require_safe(url.rstrip("/").removesuffix("/api"), "zone")
        self._apps = f"{root}/api/v2/sdk/apps"
        self._headers = {"Authorization": f"Token {remember(token)}", "Accept": JSON}
        self._http = requests.Session()
        self._sleep = sleep

    def read(self, path: str) -> Any:
        """What lies at a path below /api/v2/sdk/apps: parsed where it is JSON, else text. None where there is nothing."""
        try:
            return self._call("GET", path)
        except NotFound:
            return None

    def write(self, method: str, path: str, content: Any, kind: str = JSON) -> Any:
        """Send data as JSON, or text or bytes as they are. Gives the answer. Raises ConnectorError."""
        body = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else None
        return self._call(method, path, body if body is not None else json.dumps(content).encode(), kind)

    def _call(self, method: str, path: str, body: bytes | None = None, kind: str = JSON) -> Any:
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._send(method, path, body, kind)
            except requests.RequestException as error:
                raise NetworkError(f"The zone did not answer: {redact(str(error))[:200]}.") from error
            if answer.status_code != 429 or attempt == _TRIES:
                break
            self._sleep(min(_LONGEST_PAUSE, _seconds(answer, attempt)))
        if answer.status_code >= 300:
            raise _error(method, path, answer)
        return _content(answer)

    def _send(self, method: str, path: str, body: bytes | None, kind: str) -> requests.Response:
        # A redirect would take the token along to wherever it leads.
        headers = self._headers | ({"Content-Type": kind} if body is not None else {})
        return self._http.request(
            method, self._apps + path, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        )


def _content(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.content) if answer.content else None
    except ValueError:
        return answer.content.decode("utf-8", "replace")


def _seconds(answer: requests.Response, attempt: int) -> float:
    given = answer.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else 2.0**attempt


def _error(method: str, path: str, answer: requests.Response) -> ConnectorError:
    content = _content(answer)
    said = content.get("message") or content.get("detail") if isinstance(content, dict) else None
    where = f"{method} {path}: {redact(str(said or 'no reason was given'))[:200]} (status {answer.status_code})"
    match answer.status_code:
        case 401 | 403:
            return ConnectionInvalid(
                f"The zone refuses the token at {where}.", hint="It needs the scopes sdk-apps:read and sdk-apps:write."
            )
        case 404:
            return NotFound(
                f"The zone knows nothing at {where}.", hint="Is it the right zone, and are apps allowed there?"
            )
        case 429:
            return RateLimited(f"The zone takes no more requests at {where}.", hint="Repeat it in a minute.")
        case status if status < 500:
            return InputError(f"The zone does not take {where}.")
    return NetworkError(f"The zone has a problem at {where}.")
