"""A session of requests that does once what requests does anew for each request.

Reading the proxies and certificates of the environment takes requests longer than all the rest of a small call, and
merging a session's defaults into a request comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from connector.api.network import BLOCK


class _NoCookies(RequestsCookieJar):
    """None are needed, and one that a host sets would go to every port and process behind its name."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        pass

    def add_cookie_header(self, request: Any) -> None:
        pass


class Wire(requests.Session):
    """Every request names its own auth object, so that .netrc is never asked; no host's cookie is kept or sent."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies = _NoCookies()
        self._environment: dict[tuple[str, str], Any] = {}

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """The request with the session's headers."""
        prepared = requests.PreparedRequest()
        prepared.prepare(
            method=request.method,
            url=request.url,
            headers={**self.headers, **(request.headers or {})},
            files=request.files,
            data=request.data,
            json=request.json,
            params=_encoded(request.params),
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


class Adapter(HTTPAdapter):
    """Larger blocks, and the way to a host's connections found once: it means asking the disk for the certificates."""

    def __init__(self, connections: int) -> None:
        self._ways: dict[tuple[Any, ...], Any] = {}
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The pools of connections."""
        super().init_poolmanager(*args, blocksize=BLOCK, **kwargs)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """What the pool of a host is known by."""
        parts = urlsplit(str(request.url))
        key = parts.scheme, parts.netloc, verify, cert
        if key not in self._ways:
            self._ways[key] = super().build_connection_pool_key_attributes(request, verify, cert)
        host, pool = self._ways[key]
        return dict(host), dict(pool)


def _encoded(params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> str:
    """A query, which requests would take longer to inspect than to send."""
    pairs = params.items() if isinstance(params, Mapping) else params or ()
    return urlencode([pair for pair in pairs if pair[1] is not None], doseq=True)
