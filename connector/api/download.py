"""Downloads: streamed into a temporary file beside the target, resumed after a cut, checked, and only then named."""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from connector.api.auth import NoAuth
from connector.api.file_address import REDIRECTS, redirected, require_fit
from connector.api.network import BLOCK, CONNECT_TIMEOUT, READ_TIMEOUT, network_error
from connector.api.pace import Pace
from connector.api.policy import Policy, backoff
from connector.api.session import Session
from connector.errors import (
    ConnectorError,
    InputError,
    NetworkError,
    NotFound,
    OutOfSpace,
    ProtocolError,
    TransferError,
)
from connector.safety import inside, settle

Report = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all, 0 where that is not known."""

Warn = Callable[[str], None]
"""Called with a sentence about what can be doubted."""

_STALLS = Policy(5, frozenset(), base=1.0)  # tries without a single new byte
_PAGES = frozenset({"", "htm", "html", "mht", "shtml", "xhtml"})  # extensions of files that may be web pages


def download_to(
    session: Session,
    url: str,
    folder: Path,
    name: str,
    *,
    size: int | None = None,
    overwrite: bool = False,
    report: Report | None = None,
    warn: Warn | None = None,
) -> Path:
    """Save the file in the folder (made if need be) under its cleaned name; gives the path.

    The target appears whole or not at all. An existing file is never replaced unless `overwrite` is set: a number is
    added instead. `size` in bytes is checked where it is known; `warn` hears of what cannot be checked. Raises
    TransferError, NotFound (an expired URL), ProtocolError (a web page instead of the file) or OutOfSpace.
    """
    with _disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        target = inside(folder, name)
        part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as sink:
                _Download(session, name, sink, size, report, warn).fetch(url)
            return folder / settle(part, target, overwrite=overwrite).name
        finally:
            part.unlink(missing_ok=True)


def download_into(
    session: Session,
    url: str,
    sink: IO[bytes],
    name: str,
    *,
    size: int | None = None,
    report: Report | None = None,
    warn: Warn | None = None,
) -> None:
    """The same into an open, seekable stream."""
    _Download(session, name, sink, size, report, warn).fetch(url)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise OutOfSpace(
                f"The disk is full: there is no room for the file in {folder}.",
                hint="Make room and try again. No half-written file was left.",
            ) from error
        raise InputError(
            f"The folder {folder} cannot be written to: {error.strerror}.",
            fields={"output_dir": "cannot be written to"},
        ) from error


class _Download:
    """One file on its way: what has arrived so far, and which version of the file it belongs to."""

    def __init__(
        self,
        session: Session,
        name: str,
        sink: IO[bytes],
        size: int | None,
        report: Report | None,
        warn: Warn | None,
    ) -> None:
        self._session = session
        self._name = name
        self._what = f"the download of {name!r}"
        self._sink = sink
        self._size = size
        self._expected = size
        self._report = report
        self._warn = warn or (lambda _: None)
        self._done = 0
        self._version: str | None = None
        self._pace = Pace(self._what, size or 0, session.clock)
        self._doubt = ""

    def fetch(self, url: str) -> None:
        """All of it, resumed as long as it gets on."""
        require_fit(url, self._name, https_only=self._session.https_only)
        stalls = furthest = 0
        while True:
            try:
                self._one_request(url)
                break
            except NetworkError as error:
                # Bytes that came once before are no progress, or a server that never resumes would be asked for ever.
                stalls = 0 if self._done > furthest else stalls + 1
                furthest = max(furthest, self._done)
                if stalls >= _STALLS.attempts:
                    raise TransferError(
                        f"The download of {self._name!r} broke and could not be resumed. Try again later.",
                        detail=error.detail or str(error),
                    ) from error
                self._session.clock.sleep(backoff(_STALLS, max(stalls, 1), self._session.clock.random()))
                self._pace.check()
        if self._doubt:
            self._warn(self._doubt)

    def _one_request(self, url: str) -> None:
        host = urlsplit(url).netloc
        # Compressed transfer would make the bytes uncountable for Range and for the size check.
        headers = {"Accept-Encoding": "identity"}
        if self._done:
            headers["Range"] = f"bytes={self._done}-"
            if self._version:
                headers["If-Range"] = self._version
        try:
            with _get(self._session, url, headers) as response:
                self._start(response, host)
                self._pace.begin_try()
                while chunk := response.raw.read1(BLOCK, decode_content=False):
                    self._take(chunk)
                if self._expected is not None and self._done < self._expected:
                    raise NetworkError(f"{self._what} broke off.")
        except (requests.RequestException, Urllib3Error) as error:
            raise network_error(error, host, self._what) from None

    def _take(self, chunk: bytes) -> None:
        self._sink.write(chunk)
        self._done += len(chunk)
        if self._expected is not None and self._done > self._expected:
            raise TransferError(
                f"The download of {self._name!r} has more than its {self._expected:,} bytes. Try again later."
            )
        if self._report:
            self._report(self._done, self._expected or 0)
        self._pace.moved(len(chunk), self._done)

    def _restart(self) -> None:
        self._sink.seek(0)
        self._sink.truncate()
        self._done = 0
        self._expected = self._size  # what another version said of its length no longer counts

    def _start(self, response: requests.Response, host: str) -> None:
        """Decide by the status whether the body continues what we have, or is the whole file again."""
        if response.status_code == 416:
            self._restart()  # the file is shorter than what we have: it is another one
        if response.status_code not in (200, 206):
            raise _refused(response.status_code, self._what, host)
        if response.status_code == 206:
            begins = re.match(r"bytes (\d+)-\d+/(\d+|\*)$", response.headers.get("Content-Range", ""))
            if not begins or int(begins[1]) != self._done:
                self._restart()
                raise NetworkError(f"{host} resumed {self._what} at the wrong place.")
            return
        self._restart()
        self._version = response.headers.get("ETag") or response.headers.get("Last-Modified")
        if self._version and self._version.startswith("W/"):
            self._version = None  # a weak tag does not promise the same bytes
        self._judge(response, host)

    def _judge(self, response: requests.Response, host: str) -> None:
        """Whether the body can be the file, and how that will be known."""
        text = response.headers.get("Content-Length", "")
        length = int(text) if text.isdigit() else None
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not _may_be_page(self._name)
        if is_page and (self._size is None or length not in (None, self._size)):
            raise ProtocolError(f"{host} sends a web page instead of the file {self._name!r}.")
        self._doubt = ""
        if is_page:
            self._doubt = f"{host} calls the file {self._name!r} a web page, but its size is right."
        if self._expected is None and length is not None:
            self._expected = self._pace.size = length
        elif self._expected is None and not response.raw.chunked:
            self._doubt = f"Whether the file {self._name!r} is whole is not known: {host} does not say how large it is."


def _may_be_page(name: str) -> bool:
    return name.rpartition(".")[2].lower() in _PAGES or "." not in name


def _get(session: Session, url: str, headers: dict[str, str]) -> requests.Response:
    """Follows a few redirects by hand, each to an address that is fit for it, and never with our token."""
    for _ in range(REDIRECTS + 1):
        response = session.http.get(
            url,
            headers=headers,
            auth=NoAuth(),
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        )
        location = response.headers.get("Location")
        if response.status_code not in (301, 302, 303, 307, 308) or not location:
            return response
        response.close()
        url = redirected(url, location, by_name_only=bool(session.http.proxies))
    raise ProtocolError(f"{urlsplit(url).netloc} redirects a download more than {REDIRECTS} times.")


def _refused(status: int, what: str, host: str) -> ConnectorError:
    if status in (403, 404, 410):
        return NotFound(
            f"{what[0].upper()}{what[1:]} is no longer possible: {host} does not have the file any more.",
            hint="Files are deleted 24 hours after the job ended. Run the job again.",
        )
    if status == 416 or status >= 500 or status in (408, 429):
        return NetworkError(f"{host} could not deliver {what} (status {status}).")
    return ProtocolError(f"{host} answers {what} with status {status}.")
