"""A session of requests that does once what requests does anew for each request.

Reading the proxies and certificates of the environment takes requests longer than all the rest of a small call, and
merging a session's defaults into a request comes next.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests


class Wire(requests.Session):
    """Every request names its own auth object, so that .netrc is never asked."""

    def __init__(self) -> None:
        super().__init__()
        self._environment: dict[tuple[str, str], Any] = {}

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """The request with the session's headers and cookies."""
        prepared = requests.PreparedRequest()
        prepared.prepare(
            method=request.method,
            url=request.url,
            headers={**self.headers, **(request.headers or {})},
            files=request.files,
            data=request.data,
            json=request.json,
            params=request.params,
            auth=request.auth,
            cookies=self.cookies,
        )
        return prepared

    def merge_environment_settings(self, url: Any, proxies: Any, *rest: Any) -> Any:
        """What the environment says about proxies and certificates of a host: as it was at the first request."""
        parts = urlsplit(url)
        origin = parts.scheme, parts.netloc
        if origin not in self._environment:
            self._environment[origin] = super().merge_environment_settings(url, proxies, *rest)
        return self._environment[origin]
