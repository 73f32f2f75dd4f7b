"""Downloads for import/url: only to checked addresses, with limits on size and time, at most five redirects."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from connector.sandbox import formats, guard, naming
from connector.sandbox.engines.base import EngineError
from connector.sandbox.flow import CHUNK, CONNECT_TIMEOUT, READ_TIMEOUT, Flow, Received

MAX_REDIRECTS = 5
_BETWEEN_HOSTS = {"authorization", "cookie", "proxy-authorization"}


@dataclass
class Fetch:
    """One download into `target`, within the limits of `flow`."""

    url: str
    target: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    flow: Flow = field(default_factory=Flow)

    def run(self) -> tuple[str, Received]:
        """Download the file; gives the name that the server or the URL has for it. Raises EngineError, or OSError of the disk."""
        url, headers = self.url, dict(self.headers)
        for _ in range(MAX_REDIRECTS + 1):
            parts = _checked(url)
            with (
                closing(
                    guard.connection_to(parts, timeout=CONNECT_TIMEOUT, allow_private=self.allow_private)
                ) as connection,
                closing(self._ask(connection, parts, headers)) as response,
            ):
                location = response.getheader("Location") if 300 <= response.status < 400 else None
                if location is None:
                    return self._receive(response, url)
                url, headers = _follow(parts, location, headers)
        raise _failed(f"The URL redirects more than {MAX_REDIRECTS} times; give the final address.")

    def _ask(
        self, connection: guard.Connection, parts: SplitResult, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        try:
            connection.connect()
            connection.sock.settimeout(READ_TIMEOUT)
            connection.request(
                "GET",
                target,
                headers={
                    "User-Agent": "cloudconvert-sandbox",
                    "Accept": "*/*",
                    "Accept-Encoding": "identity",
                    **headers,
                },
            )
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise _failed(
                f"{parts.netloc} could not be reached or did not answer ({_reason(error)}); check the URL."
            ) from error
        except (ValueError, UnicodeError) as error:
            raise _failed(f"The URL or a header is not valid: {error}.") from error

    def _receive(self, response: http.client.HTTPResponse, url: str) -> tuple[str, Received]:
        if response.status != 200:
            raise _failed(
                f"{urlsplit(url).netloc} answered {response.status} instead of the file; check the URL and its headers."
            )
        expected = _length(response)
        self.flow.check_size(expected or 0)
        received = self.flow.into(self.target, lambda: self._read(response))
        if expected is not None and received.size != expected:
            raise _failed(f"The download broke off after {received.size} of {expected} bytes; try again.")
        return _name(response, url), received

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        try:
            return response.read1(CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _failed(f"The download broke off ({_reason(error)}); try again.") from error


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise _failed("The URL must be a full http or https address.")
    if parts.username is not None:
        raise _failed(
            "The URL must not hold a user name or password; send an Authorization header in `headers` instead."
        )
    return parts


def _follow(parts: SplitResult, location: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Where to go next, without the credentials when that is another host."""
    url = urljoin(urlunsplit(parts), location)
    if _checked(url)[:2] == parts[:2]:
        return url, headers
    return url, {name: value for name, value in headers.items() if name.lower() not in _BETWEEN_HOSTS}


def _length(response: http.client.HTTPResponse) -> int | None:
    text = response.getheader("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and not response.chunked else None


def _name(response: http.client.HTTPResponse, url: str) -> str:
    given = naming.of_disposition(
        response.getheader("Content-Disposition", "").encode("latin-1", "replace").decode("utf-8", "replace")
    )
    extension = formats.extension_of(response.getheader("Content-Type", ""))
    name = naming.clean(given) if given else naming.of_url(url, extension or "html")
    return name if formats.format_of(name) or not extension else f"{name}.{extension}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _failed(sentence: str) -> EngineError:
    return EngineError("DOWNLOAD_FAILED", sentence)
