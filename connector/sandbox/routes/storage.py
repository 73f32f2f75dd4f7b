"""Downloads of exported files: no token, the signed address is enough."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from connector.sandbox import formats, naming, ranges
from connector.sandbox.bodies import query_of
from connector.sandbox.problems import ApiError, forbidden, not_found
from connector.sandbox.records import File, Task
from connector.sandbox.service import Service, service_of
from connector.sandbox.validate import is_true

CHUNK = 256 * 1024


async def download(request: Request) -> Response:
    """`GET /storage/tasks/{task id}/{number}/{name}?Expires=..&Signature=..`, with Range and If-Range."""
    service = service_of(request)
    task, file = _checked(request, service)
    headers = _headers(service, task, file)
    try:
        part = ranges.wanted(request.headers, file.size, headers["ETag"], headers["Last-Modified"])
    except ranges.Unsatisfiable:
        refused = {"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"}
        message = f"The file has only {file.size} bytes."
        raise ApiError(416, "RANGE_NOT_SATISFIABLE", message, headers=refused) from None
    start, end = part or (0, file.size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    status = 206 if part else 200
    if request.method == "HEAD" or end == start:
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_read(service.files.path(task.id, file.number), start, end), status, headers)


def _headers(service: Service, task: Task, file: File) -> dict[str, str]:
    """The headers that do not depend on the range. A browser runs nothing of a stranger's file."""
    return {
        "Content-Type": formats.mime_type(file.name),
        "Content-Disposition": naming.disposition(file.name, inline=is_true(task.payload.get("inline"))),
        "Accept-Ranges": "bytes",
        "ETag": f'"{service.signer.sign("etag", task.id, file.number, file.size)[:32]}"',
        "Last-Modified": formatdate(task.ended_at, usegmt=True),
        "Cache-Control": "private",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }


def _checked(request: Request, service: Service) -> tuple[Task, File]:
    """The file, if the signature is right and its time is not over."""
    query, task_id, number = query_of(request), request.path_params["task_id"], request.path_params["number"]
    expires = query.get("Expires", "")
    if not service.signer.fits(query.get("Signature", ""), "file", task_id, number, expires):
        raise forbidden(
            "The signature of this address is missing or wrong; take the address from the task's result as it is."
        )
    if int(expires) < service.clock():
        raise forbidden("This address has expired; files can be downloaded for 24 hours.")
    task = service.store.task(task_id)
    file = next((one for one in task.files if str(one.number) == number), None) if task else None
    if task is None or file is None:
        raise not_found("This file")
    return task, file


async def _read(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        file.seek(start)
        while start < end:
            chunk = await asyncio.to_thread(file.read, min(CHUNK, end - start))
            if not chunk:
                return
            start += len(chunk)
            yield chunk
    finally:
        file.close()


routes = [Route("/storage/tasks/{task_id}/{number}/{name:path}", download, methods=["GET"])]
