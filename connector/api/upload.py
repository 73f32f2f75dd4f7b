"""Uploads: a multipart form streamed to the storage host, with the file as its last part and without our token."""

from __future__ import annotations

import contextlib
import mimetypes
import re
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from connector.api.answers import LARGEST
from connector.api.auth import NoAuth
from connector.api.clock import Deadline
from connector.api.endpoints import Api
from connector.api.form import Form, Report
from connector.api.network import CONNECT_TIMEOUT, network_error, read_bounded
from connector.api.pace import Pace
from connector.api.policy import Policy, backoff, longest_transfer
from connector.errors import ConnectorError, InputError, LimitReached, NetworkError, ProtocolError, TransferError
from connector.files import LocalFile
from connector.redact import redact
from connector.safety import clean_name

SILENCE = 120.0
"""Seconds that a storage host may take to say that it has stored a large file."""

_SENDS = Policy(3, frozenset(), base=1.0)


def upload(api: Api, task: Mapping[str, Any], file: LocalFile, report: Report | None = None) -> None:
    """Send the file to the form of an `import/upload` task. Memory stays flat whatever the size.

    A broken upload is repeated while the task still waits for its file. Raises InputError for a file that cannot be
    read or is too large, TransferError when three tries have failed.
    """
    form = (task.get("result") or {}).get("form")
    if not form or "url" not in form:
        raise ProtocolError(f"The task {task.get('name')!r} has no upload form.", detail=f"status {task.get('status')}")
    with file.open() as stream:
        size = LocalFile.length(stream)
        _refuse_too_large(file, size, form.get("parameters") or {})
        pace = Pace(f"the upload of {file.name!r}", size, api.session.clock)
        for attempt in range(1, _SENDS.attempts + 1):
            stream.seek(0)
            pace.begin_try()
            try:
                return _send(api, form, file.name, _Measured(stream, size, pace), report)
            except NetworkError as error:
                if _arrived(api, str(task["id"])):
                    return None
                if attempt == _SENDS.attempts:
                    raise TransferError(
                        f"The upload of {file.name!r} broke {attempt} times. Try again later.", detail=error.detail
                    ) from error
                api.session.clock.sleep(backoff(_SENDS, attempt, api.session.clock.random()))
                pace.check()
    return None


def _refuse_too_large(file: LocalFile, size: int, parameters: Mapping[str, Any]) -> None:
    limit = str(parameters.get("max_file_size", ""))
    if limit.isdigit() and size > int(limit):
        raise InputError(f"The file {file.name!r} has {size:,} bytes; CloudConvert takes at most {int(limit):,}.")


def _send(api: Api, form: Mapping[str, Any], name: str, stream: _Measured, report: Report | None) -> None:
    parameters = [(key, str(value)) for key, value in (form.get("parameters") or {}).items()]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    size = stream.size
    body = Form(parameters, (clean_name(name), kind), stream, size, report)
    host = urlsplit(form["url"]).netloc
    what = f"the upload of {name!r}"
    deadline = Deadline(longest_transfer(size), api.session.clock)
    try:
        # A session of requests would add our token on a redirect back to the API; storage hosts get none, ever.
        with api.session.http.post(
            form["url"], data=body, headers={"Content-Type": body.content_type}, auth=NoAuth(), stream=True,
            allow_redirects=False, timeout=(CONNECT_TIMEOUT, SILENCE),
        ) as response:  # fmt: skip
            answer = read_bounded(response, LARGEST, deadline, what)
            if response.status_code >= 400:
                raise _refused(response.status_code, answer, host, name)
    except (requests.RequestException, Urllib3Error, OSError) as error:
        raise network_error(error, host, what) from None


class _Measured:
    """The file as it is read, which is as fast as the network takes it, so that it can tell when that is too slow."""

    def __init__(self, stream: IO[bytes], size: int, pace: Pace) -> None:
        self.size = size
        self._stream = stream
        self._pace = pace

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises TransferError if the ones before went out too slowly."""
        block = self._stream.read(size)
        self._pace.moved(len(block), self._stream.tell())
        return block


def _refused(status: int, body: bytes, host: str, name: str) -> ConnectorError:
    text = redact(body[:10_000].decode("utf-8", "replace"))  # before anything is cut out: half a secret is not known
    reason = re.search(r"<Message>([^<]{1,200})|\"message\"\s*:\s*\"([^\"]{1,200})", text)
    said = next(group for group in reason.groups() if group) if reason else f"status {status}"
    if status >= 500:
        return NetworkError(f"{host} could not take the upload of {name!r} ({said}).")
    kind = LimitReached if status == 413 else TransferError
    return kind(f"{host} refused the upload of {name!r}: {said}.", detail=f"status {status}")


def _arrived(api: Api, task_id: str) -> bool:
    """Whether the file got there although the answer did not: the task no longer waits for it."""
    with contextlib.suppress(ConnectorError):
        return api.task(task_id).get("status") in ("processing", "finished")
    return False
