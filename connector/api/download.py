"""Downloads: streamed into a temporary file beside the target, resumed after a cut, checked, and only then named."""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from connector.api.clock import Deadline
from connector.api.policy import Policy, backoff
from connector.api.session import CONNECT_TIMEOUT, READ_TIMEOUT, NoAuth, Session, network_error
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

_STALLS = Policy(5, frozenset(), base=1.0)  # tries without a single new byte
_BLOCK = 1 << 18
_REDIRECTS = 3
_RATE_WINDOW = 30.0  # seconds
_SLOWEST = 1000  # bytes a second, over the window


def download_to(
    session: Session,
    url: str,
    folder: Path,
    name: str,
    *,
    size: int | None = None,
    overwrite: bool = False,
    report: Report | None = None,
) -> Path:
    """Save the file in the folder (made if need be) under its cleaned name; gives the path.

    The target appears whole or not at all. An existing file is never replaced unless `overwrite` is set: a number is
    added instead. `size` in bytes is checked where it is known. Raises TransferError, NotFound (an expired URL) or
    OutOfSpace.
    """
    with _disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        target = inside(folder, name)
        part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as sink:
                _fetch(session, url, sink, name, size, report)
            return folder / settle(part, target, overwrite=overwrite).name
        finally:
            part.unlink(missing_ok=True)


def download_into(
    session: Session, url: str, sink: IO[bytes], name: str, *, size: int | None = None, report: Report | None = None
) -> None:
    """The same into an open, seekable stream."""
    _fetch(session, url, sink, name, size, report)


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


class _Progress:
    """What has arrived so far, and which version of the file it belongs to."""

    def __init__(self, sink: IO[bytes], expected: int | None, report: Report | None) -> None:
        self.sink = sink
        self.size = expected
        self.expected = expected
        self.report = report
        self.done = 0
        self.version: str | None = None

    def restart(self) -> None:
        self.sink.seek(0)
        self.sink.truncate()
        self.done = 0
        self.expected = self.size  # what another version said of its length no longer counts

    def take(self, chunk: bytes) -> None:
        self.sink.write(chunk)
        self.done += len(chunk)
        if self.report:
            self.report(self.done, self.expected or 0)


def _fetch(session: Session, url: str, sink: IO[bytes], name: str, size: int | None, report: Report | None) -> None:
    if not url.startswith(("http://", "https://")):
        raise ProtocolError(f"The file {name!r} has no address that it could be downloaded from.")
    progress = _Progress(sink, size, report)
    stalls = furthest = 0
    while True:
        try:
            _one_request(session, url, progress, name)
            break
        except NetworkError as error:
            # Bytes that came once before are no progress, or a server that never resumes would be asked for ever.
            stalls = 0 if progress.done > furthest else stalls + 1
            furthest = max(furthest, progress.done)
            if stalls >= _STALLS.attempts:
                raise TransferError(
                    f"The download of {name!r} broke and could not be resumed. Try again later.",
                    detail=error.detail or str(error),
                ) from error
            session.clock.sleep(backoff(_STALLS, max(stalls, 1), session.clock.random()))


def _one_request(session: Session, url: str, progress: _Progress, name: str) -> None:
    host = urlsplit(url).netloc
    what = f"the download of {name!r}"
    # Compressed transfer would make the bytes uncountable for Range and for the size check.
    headers = {"Accept-Encoding": "identity"}
    if progress.done:
        headers["Range"] = f"bytes={progress.done}-"
        if progress.version:
            headers["If-Range"] = progress.version
    try:
        with _get(session, url, headers) as response:
            _start(response, progress, what, host)
            for chunk in _body(session, response, what):
                progress.take(chunk)
                if progress.expected is not None and progress.done > progress.expected:
                    raise TransferError(
                        f"The download of {name!r} has more than its {progress.expected:,} bytes. Try again later."
                    )
            if progress.expected is not None and progress.done < progress.expected:
                raise NetworkError(f"{what} broke off.")
    except (requests.RequestException, Urllib3Error) as error:
        raise network_error(error, host, what) from error


def _get(session: Session, url: str, headers: dict[str, str]) -> requests.Response:
    """Follows a few redirects by hand: none to http from https, and never with our token."""
    for _ in range(_REDIRECTS + 1):
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
        target = urljoin(url, location)
        if urlsplit(target).scheme not in ("http", "https") or (
            url.startswith("https:") and not target.startswith("https:")
        ):
            raise ProtocolError(f"{urlsplit(url).netloc} redirects a download to an address that is not https.")
        url = target
    raise ProtocolError(f"{urlsplit(url).netloc} redirects a download more than {_REDIRECTS} times.")


def _start(response: requests.Response, progress: _Progress, what: str, host: str) -> None:
    """Decide by the status whether the body continues what we have, or is the whole file again."""
    if response.status_code == 416:
        progress.restart()  # the file is shorter than what we have: it is another one
    if response.status_code not in (200, 206):
        raise _refused(response.status_code, what, host)
    if response.status_code == 206:
        begins = re.match(r"bytes (\d+)-\d+/(\d+|\*)$", response.headers.get("Content-Range", ""))
        if not begins or int(begins[1]) != progress.done:
            progress.restart()
            raise NetworkError(f"{host} resumed {what} at the wrong place.")
        return
    progress.restart()
    progress.version = response.headers.get("ETag") or response.headers.get("Last-Modified")
    if progress.version and progress.version.startswith("W/"):
        progress.version = None  # a weak tag does not promise the same bytes
    length = response.headers.get("Content-Length")
    if progress.expected is None and length and length.isdigit():
        progress.expected = int(length)


def _refused(status: int, what: str, host: str) -> ConnectorError:
    if status in (403, 404, 410):
        return NotFound(
            f"{what[0].upper()}{what[1:]} is no longer possible: {host} does not have the file any more.",
            hint="Files are deleted 24 hours after the job ended. Run the job again.",
        )
    if status == 416 or status >= 500 or status in (408, 429):
        return NetworkError(f"{host} could not deliver {what} (status {status}).")
    return ProtocolError(f"{host} answers {what} with status {status}.")


def _body(session: Session, response: requests.Response, what: str) -> Iterator[bytes]:
    """The bytes as they arrive; NetworkError when they come slower than 1 kB/s over half a minute."""
    window, arrived = Deadline(_RATE_WINDOW, session.clock), 0
    while chunk := response.raw.read1(_BLOCK, decode_content=False):
        yield chunk
        arrived += len(chunk)
        if window.left() <= 0:
            if arrived < _SLOWEST * _RATE_WINDOW:
                raise TransferError(
                    f"{what[0].upper()}{what[1:]} came slower than {_SLOWEST:,} bytes a second. Try again later."
                )
            window, arrived = Deadline(_RATE_WINDOW, session.clock), 0
