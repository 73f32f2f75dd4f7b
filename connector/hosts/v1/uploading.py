"""Files on their way in: from the client to this machine's disk, from there to v2's upload form. Memory stays flat."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import IO, Any

from connector.api.endpoints import Object
from connector.api.upload import upload
from connector.errors import InputError, OutOfSpace
from connector.files import LocalFile
from connector.hosts.v1.gateway import Gateway
from connector.hosts.v1.process import Process
from connector.hosts.v1.status import task_named
from connector.hosts.v1.threads import in_thread
from connector.safety import clean_name

_BLOCK = 1 << 20


async def spooled(chunks: AsyncIterator[bytes], folder: Path) -> IO[bytes]:
    """The body in a temporary file that has no name: it is gone with the process, however that ends.

    v2's form needs the length before the first byte, and is sent again when it breaks. Raises OutOfSpace.
    """
    file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the caller closes it
    waiting = bytearray()
    try:
        async for chunk in chunks:
            waiting += chunk
            if len(waiting) >= _BLOCK:
                block, waiting = bytes(waiting), bytearray()
                await in_thread(lambda block=block: file.write(block))  # type: ignore[misc]
        file.write(waiting)
        file.flush()
    except OSError as error:
        file.close()
        raise OutOfSpace(f"The gateway could not keep the upload: {error.strerror}.") from error
    except BaseException:
        file.close()
        raise
    return file


class Uploads:
    """Hands files on to the import tasks of a job, each to one that has none yet."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._taken: set[tuple[str, str]] = set()

    async def send(self, process: Process, name: str, file: IO[bytes]) -> dict[str, Any]:
        """Send the file; gives v1's answer. Raises InputError where the process waits for no file."""
        plan = process.plan
        job = await self._gateway.job(process)
        if plan is None or job is None or not plan.uploads:
            raise InputError("The process does not wait for an upload; start it with input upload first.")
        task_name = self._free(process, job, name)
        if task_name is None:
            raise InputError("The process waits for no more files.")
        cleaned = clean_name(plan.filename if plan.filename and len(plan.uploads) == 1 else name)
        self._taken.add((process.id, task_name))
        try:
            size = LocalFile.length(file)
            await in_thread(
                lambda: upload(self._gateway.api, task_named(job, task_name), LocalFile(cleaned, stream=file))
            )
        finally:
            self._taken.discard((process.id, task_name))
        self._gateway.watch.nudge(process.id)
        return {"file": cleaned, "size": size, "message": "File saved."}

    def _free(self, process: Process, job: Object, name: str) -> str | None:
        """The task that waits for a file of this name, else the first that waits for any."""
        announced: Mapping[str, str] = process.plan.uploads if process.plan else {}
        free = [
            task
            for task in announced
            if task_named(job, task).get("status") == "waiting" and (process.id, task) not in self._taken
        ]
        return next((task for task in free if announced[task] == name), free[0] if free else None)
