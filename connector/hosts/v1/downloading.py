"""Output files on their way out: streamed from v2's storage to the client, and taken away after the first whole download."""

from __future__ import annotations

import asyncio
import contextlib
import json
import mimetypes
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connector.api.download import download_into
from connector.errors import ConversionFailed, NotFound, TransferError
from connector.hosts.v1.gateway import Gateway
from connector.hosts.v1.process import Plan, Process
from connector.hosts.v1.status import files_of, metadata_of, output_name, status_of, zip_of
from connector.hosts.v1.threads import in_thread

Chunks = AsyncGenerator[bytes, None]

_CHUNKS = 8  # of at most 256 kB each, between the storage and the client


@dataclass(frozen=True)
class Output:
    """A file that can be sent. `name` is "" for the output as a whole; `size` is None where it is not known."""

    process: Process
    name: str
    filename: str
    size: int | None
    url: str = ""
    content: bytes | None = None

    def headers(self, *, inline: bool) -> dict[str, str]:
        """The headers of the answer. A browser runs nothing of a stranger's file."""
        kind = "inline" if inline or (self.process.plan and self.process.plan.inline) else "attachment"
        plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in self.filename)
        extended = "" if plain == self.filename else f"; filename*=UTF-8''{quote(self.filename, safe='')}"
        length = {} if self.size is None else {"Content-Length": str(self.size)}
        return {
            "Content-Type": mimetypes.guess_type(self.filename)[0] or "application/octet-stream",
            "Content-Disposition": f'{kind}; filename="{plain}"{extended}',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            **length,
        }


def output_of(process: Process, name: str) -> Output:
    """The output of an ended process, or the one of several with that name.

    Raises ConversionFailed for a process that failed, NotFound for a file that is not there, or not any more.
    """
    plan, job = process.plan, process.ending
    if plan is None or job is None:
        raise NotFound("The process has no output yet.")
    if job.get("status") != "finished":
        raise ConversionFailed(str(status_of(process, job)["message"]))
    if process.gone:
        raise NotFound("The file was deleted after its first download; start with save to keep it.")
    if plan.storage:
        raise NotFound(f"The output was sent to {plan.storage}; it cannot be downloaded here.")
    whole = output_name(plan, job)
    if plan.mode == "info":
        content = json.dumps(metadata_of(plan, job), ensure_ascii=False, indent=2).encode()
        return Output(process, "", whole, len(content), content=content)
    file = _file(plan, job, name, whole)
    size = file.get("size") if isinstance(file.get("size"), int) else None
    several = zip_of(job, plan) is not None
    return Output(process, name if several and name != whole else "", name or whole, size, str(file.get("url") or ""))


def _file(plan: Plan, job: Mapping[str, Any], name: str, whole: str) -> Mapping[str, Any]:
    files, archive = files_of(job, plan), zip_of(job, plan)
    if name in ("", whole):
        found = archive or (files[0] if files else None)
    else:
        found = next((file for file in files if file.get("filename") == name), None)
    if found is None:
        raise NotFound(f"The process has no output file {name[:100]!r}.")
    return found


class Downloads:
    """Sends outputs, counts whole downloads, and takes the files away after the first where they are not to be saved."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._under_way: Counter[str] = Counter()

    async def chunks(self, output: Output) -> Chunks:
        """The content. Its beginning is there when this returns: what fails before raises ConnectorError here."""
        if output.content is not None:
            return self._counted(output, _one(output.content))
        source = _streamed(self._gateway, output)
        first = await anext(source, b"")
        return self._counted(output, _chained(first, source))

    async def _counted(self, output: Output, source: Chunks) -> Chunks:
        self._under_way[output.process.id] += 1
        try:
            async with contextlib.aclosing(source):
                async for chunk in source:
                    yield chunk
            self._gateway.state.downloaded(output.process.id, output.name)
        finally:
            self._under_way[output.process.id] -= 1
            await self._perhaps_release(output.process.id)

    async def _perhaps_release(self, process_id: str) -> None:
        """Others who are downloading get theirs to the end."""
        if self._under_way[process_id] > 0:
            return
        del self._under_way[process_id]
        process = self._gateway.state.find("id", process_id)
        if process is None or process.plan is None or process.plan.save or not _is_fetched(process, process.plan):
            return
        if self._gateway.state.without_files(process_id):
            self._gateway.in_background(self._gateway.release(process))


def _is_fetched(process: Process, plan: Plan) -> bool:
    """Whether the output was downloaded: as a whole, or every one of its files."""
    names = {str(file.get("filename")) for file in files_of(process.ending, plan)}
    return "" in process.downloads or (bool(names) and names <= set(process.downloads))


async def _one(content: bytes) -> Chunks:
    yield content


async def _chained(first: bytes, rest: Chunks) -> Chunks:
    async with contextlib.aclosing(rest):
        if first:
            yield first
        async for chunk in rest:
            yield chunk


async def _streamed(gateway: Gateway, output: Output) -> Chunks:
    """The file from v2's storage, resumed there when the connection breaks."""
    pipe = _Pipe()
    fetching = asyncio.ensure_future(
        in_thread(
            lambda: download_into(gateway.api.session, output.url, pipe, output.filename, size=output.size)  # type: ignore[arg-type]
        )
    )
    fetching.add_done_callback(pipe.finish)
    try:
        while (chunk := await pipe.read()) is not None:
            yield chunk
        await fetching
    finally:
        pipe.close()


class _Pipe:
    """A stream that a thread writes and the event loop reads; who writes faster than is read has to wait."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_CHUNKS)
        self._closed = False
        self._passed = 0

    def write(self, chunk: bytes) -> int:
        """Hand a chunk over, from the thread. Raises TransferError when the reader went away."""
        if self._closed:
            raise TransferError("The client does not read any more.")
        asyncio.run_coroutine_threadsafe(self._queue.put(chunk), self._loop).result()
        self._passed += len(chunk)
        return len(chunk)

    def seek(self, _: int) -> int:
        """Begin again: only while nothing has passed. Raises TransferError, because what was sent cannot be unsent."""
        if self._passed:
            raise TransferError("The storage began the file again.")
        return 0

    def truncate(self) -> int:
        """Nothing has to be done: see `seek`."""
        return 0

    async def read(self) -> bytes | None:
        """The next chunk; None at the end, or when the writer failed."""
        return await self._queue.get()

    def finish(self, writer: asyncio.Future[None]) -> None:
        """There is no more to come. Why, the reader asks if it is still there."""
        if not writer.cancelled():
            writer.exception()
        asyncio.ensure_future(self._queue.put(None))  # noqa: RUF006 - the reader waits for it, or nobody does

    def close(self) -> None:
        """The reader went away: let a waiting writer go on to its end."""
        self._closed = True
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                self._queue.get_nowait()
