"""Import tasks: files that come from a URL, from other storage, or in the request itself."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping

from connector.sandbox import naming, remote
from connector.sandbox.engines.base import EngineError
from connector.sandbox.fetch import Fetch
from connector.sandbox.files import Files
from connector.sandbox.processing import Outcome
from connector.sandbox.records import File, Task
from connector.sandbox.threads import in_thread

FILE_IN_REQUEST = ("import/base64", "import/raw")
"""Operations whose file is written when the task is made."""


def inline_content(operation: str, payload: Mapping[str, object]) -> bytes | None:
    """The file that an import/base64 or import/raw request carries; None for other operations.

    Raises ValueError where it is no base64.
    """
    text = str(payload.get("file", ""))
    if operation == "import/raw":
        return text.encode("utf-8", "replace")
    return _decode(text) if operation == "import/base64" else None


def _decode(text: str) -> bytes:
    """Base64 with or without padding, line breaks, URL-safe letters and a data: prefix."""
    plain = "".join(text.rpartition(",")[2].split() if text.startswith("data:") else text.split())
    padded = plain.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


class Imports:
    """Runs the import tasks that need no person."""

    def __init__(self, files: Files, *, may_reach: Callable[[str], bool], allow_private: bool) -> None:
        """`may_reach` tells whether a URL may lead to a private, loopback or link-local address; storage by `allow_private`."""
        self._files = files
        self._may_reach = may_reach
        self._allow_private = allow_private

    async def run(self, task: Task) -> Outcome:
        """Bring the file in. Raises EngineError for what the person must know."""
        if task.operation == "import/url":
            return await self._from_url(task)
        if task.operation in FILE_IN_REQUEST:
            return self._from_request(task)
        if task.operation in remote.IMPORTS:
            return await remote.bring_in(task, self._files, allow_private=self._allow_private)
        raise not_available(task.operation, "import/url or import/upload")

    async def _from_url(self, task: Task) -> Outcome:
        draft = self._files.draft(task.id)
        url = str(task.payload["url"])
        fetch = Fetch(url, draft, _headers(task), self._may_reach(url))
        try:
            found, received = await in_thread(fetch.run)
            self._files.keep(draft, task.id, 1)
        finally:
            fetch.flow.stop()
            draft.unlink(missing_ok=True)
        name = naming.clean(str(task.payload.get("filename") or found))
        return Outcome((File(1, name, received.size, received.md5),))

    def _from_request(self, task: Task) -> Outcome:
        """The file was written when the task was made; what is left is to name it."""
        path = self._files.path(task.id, 1)
        if not path.exists():
            raise EngineError(
                "OUT_OF_SPACE",
                "The file of the request could not be kept; make room on the sandbox's disk and send it again.",
            )
        content = path.read_bytes()
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        name = naming.clean(str(task.payload.get("filename") or "file"))
        return Outcome((File(1, name, len(content), md5),))


def not_available(operation: str, instead: str) -> EngineError:
    """The error of an operation that the sandbox does not have."""
    return EngineError("OPERATION_NOT_AVAILABLE", f"The local sandbox cannot do {operation}; use {instead} instead.")


def _headers(task: Task) -> dict[str, str]:
    given = task.payload.get("headers")
    return {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
