"""Files: uploads by PUT and by form, downloads of the whole output and of one of its files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.errors import InputError
from connector.hosts.v1.parameters import parameters_of
from connector.hosts.v1.process import Process
from connector.hosts.v1.routes.desk import Desk
from connector.hosts.v1.threads import in_thread
from connector.hosts.v1.uploading import spooled


async def put(request: Request) -> Response:
    """`PUT {upload.url}/{filename}`: the body is the file, with or without a length before it."""
    desk = Desk.of(request)
    process = _found(request, "upload")
    file = await spooled(request.stream(), desk.folder)
    try:
        return JSONResponse(await desk.uploads.send(process, request.path_params["name"], file))
    finally:
        file.close()


async def post(request: Request) -> Response:
    """`POST {upload.url}`: a form with the field `file`, straight from a browser; it may hold several files."""
    desk = Desk.of(request)
    process = _found(request, "upload")
    given = await parameters_of(request)
    if not given.files:
        raise InputError("The form holds no file: send it in the field file.", fields={"file": "is missing"})
    try:
        answers = [await desk.uploads.send(process, name, file) for name, file in given.files]
    finally:
        for _, file in given.files:
            await in_thread(file.close)
    return JSONResponse(answers[0])


async def download(request: Request) -> Response:
    """`GET {output.url}` and `GET {output.url}/{name}`; before the end it waits."""
    return await Desk.of(request).output(request, _found(request, "download"), request.path_params.get("name", ""))


def _found(request: Request, by: str) -> Process:
    return Desk.of(request).gateway.find(by, request.path_params["token"])


routes = [
    Route("/upload/~{token}", post, methods=["POST"]),
    Route("/upload/~{token}/{name:path}", put, methods=["PUT"]),
    Route("/download/~{token}", download, methods=["GET"]),
    Route("/download/~{token}/{name:path}", download, methods=["GET"]),
]
