"""Processes: create, start, show, wait, cancel, delete; `/convert` does the first two in one call."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connector.api.endpoints import Object
from connector.errors import ConnectorError
from connector.hosts.v1.order import is_true, wants_file
from connector.hosts.v1.parameters import Parameters, parameters_of, query_of
from connector.hosts.v1.process import Process
from connector.hosts.v1.routes.desk import Desk, host_of, status_answer
from connector.hosts.v1.status import created_answer


async def create(request: Request) -> Response:
    """`POST /process`, and GET, which worked too."""
    desk = Desk.of(request)
    given = await desk.admitted(request)
    return JSONResponse(created_answer(desk.gateway.create(given.values, host_of(request))))


async def start(request: Request) -> Response:
    """`POST {process url}`; the file may come with it, in a multipart form."""
    desk = Desk.of(request)
    process = _found(request)
    given = await parameters_of(request)
    process, job = await _begun(desk, process, given)
    if wants_file(given.values):
        return await desk.output(request, process)
    if is_true(given.values.get("wait")):
        return await desk.ended(request, process)
    return status_answer(request, process, job)


async def convert(request: Request) -> Response:
    """`POST /convert`: 303 to the process, or with `download` to the output, which waits for the end by itself."""
    desk = Desk.of(request)
    given = await desk.admitted(request)
    process = desk.gateway.create(given.values, host_of(request))
    try:
        process, _ = await _begun(desk, process, given)
    except ConnectorError:
        await desk.gateway.delete(desk.gateway.find("id", process.id))  # nobody was told its id
        raise
    if wants_file(given.values):
        return _see(process.download_url)
    if is_true(given.values.get("wait")):
        await desk.gateway.ended(process)
    return _see(process.url)


async def show(request: Request) -> Response:
    """`GET {process url}`; with `wait` once it has ended."""
    desk = Desk.of(request)
    process = _found(request)
    if is_true(query_of(request).get("wait")) and process.phase != "created":
        return await desk.ended(request, process)
    return await desk.shown(request, process)


async def cancel(request: Request) -> Response:
    """`GET {process url}/cancel`, of old clients."""
    desk = Desk.of(request)
    process = _found(request)
    await desk.gateway.cancel(process)
    return JSONResponse({"id": process.id, "message": "Process cancelled"})


async def delete(request: Request) -> Response:
    """`DELETE {process url}`, or of old clients `GET {process url}/delete`: cancels first."""
    desk = Desk.of(request)
    process = _found(request)
    await desk.gateway.delete(process)
    return JSONResponse({"id": process.id, "message": "Process deleted"})


async def _begun(desk: Desk, process: Process, given: Parameters) -> tuple[Process, Object | None]:
    """The process and its job, started, and with the files that came with the request."""
    try:
        process, job = await desk.gateway.start(process, given.values, len(given.files))
        for name, file in given.files:
            await desk.uploads.send(process, name, file)
    finally:
        for _, file in given.files:
            file.close()
    return process, (await desk.gateway.job(process) if given.files else job)


def _found(request: Request) -> Process:
    return Desk.of(request).gateway.find("id", request.path_params["process_id"])


def _see(url: str) -> Response:
    return RedirectResponse(url, 303)


routes = [
    Route("/process", create, methods=["GET", "POST"]),
    Route("/process/{process_id}", start, methods=["POST"]),
    Route("/process/{process_id}", show, methods=["GET"]),
    Route("/process/{process_id}", delete, methods=["DELETE"]),
    Route("/process/{process_id}/cancel", cancel, methods=["GET"]),
    Route("/process/{process_id}/delete", delete, methods=["GET"]),
    Route("/convert", convert, methods=["GET", "POST"]),
]
