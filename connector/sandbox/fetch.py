"""Downloads for import/url: only to checked addresses, with limits on size and time, at most five redirects."""

from __future__ import annotations

import hashlib
import http.client
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from connector.sandbox import formats, guard, naming
from connector.sandbox.engines.base import EngineError

MAX_REDIRECTS = 5
MAX_SIZE = 10_000_000_000
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
TOTAL_TIMEOUT = 3600.0
_CHUNK = 256 * 1024
_BETWEEN_HOSTS = {"authorization", "cookie", "proxy-authorization"}


@dataclass
class Fetch:
    """One download into `target`. `stop()` ends it from another thread."""

    url: str
    target: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    max_size: int = MAX_SIZE
    deadline: float = field(default_factory=lambda: time.monotonic() + TOTAL_TIMEOUT)
    _digest: Any = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))
    _stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> str:
        """Download the file and give the name that the server or the URL has for it. Raises EngineError, or OSError of the disk."""
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

    @property
    def md5(self) -> str:
        """The MD5 of what was downloaded, in hexadecimal."""
        return str(self._digest.hexdigest())

    def stop(self) -> None:
        """End the download soon, from any thread."""
        self._stopped.set()

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

    def _receive(self, response: http.client.HTTPResponse, url: str) -> str:
        if response.status != 200:
            raise _failed(
                f"{urlsplit(url).netloc} answered {response.status} instead of the file; check the URL and its headers."
            )
        expected = _length(response)
        if expected is not None and expected > self.max_size:
            raise self._too_large()
        received = self._copy(response)
        if expected is not None and received != expected:
            raise _failed(f"The download broke off after {received} of {expected} bytes; try again.")
        return _name(response, url)

    def _copy(self, response: http.client.HTTPResponse) -> int:
        received = 0
        with self.target.open("wb") as file:
            while chunk := self._read(response):
                received += len(chunk)
                if received > self.max_size:
                    raise self._too_large()
                file.write(chunk)
                self._digest.update(chunk)
        return received

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        if self._stopped.is_set() or time.monotonic() > self.deadline:
            raise EngineError(
                "TIMEOUT", "The download took longer than the sandbox allows; try again or upload the file."
            )
        try:
            return response.read1(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _failed(f"The download broke off ({_reason(error)}); try again.") from error

    def _too_large(self) -> EngineError:
        return EngineError(
            "FILE_TOO_LARGE", f"The file is larger than the {self.max_size:,} bytes that the sandbox takes."
        )


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
    name = naming.clean(given) if given else naming.of_url(url)
    extension = formats.extension_of(response.getheader("Content-Type", ""))
    return name if formats.format_of(name) or not extension else f"{name}.{extension}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _failed(sentence: str) -> EngineError:
    return EngineError("DOWNLOAD_FAILED", sentence)
