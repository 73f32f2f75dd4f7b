"""What the handlers share: the parts of the gateway, and what they read from a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connector.api.endpoints import Object
from connector.errors import InputError
from connector.hosts.v1.access import Access, key_of
from connector.hosts.v1.downloading import Downloads, output_of
from connector.hosts.v1.gateway import Gateway
from connector.hosts.v1.order import is_true
from connector.hosts.v1.parameters import Parameters, parameters_of, query_of
from connector.hosts.v1.process import Process
from connector.hosts.v1.routes.streaming import Streamed
from connector.hosts.v1.status import status_of
from connector.hosts.v1.threads import in_thread
from connector.hosts.v1.uploading import Uploads

_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]{1,255}")


@dataclass(frozen=True)
class Desk:
    """The parts of the gateway. `folder` is where uploads lie on their way."""

    gateway: Gateway
    access: Access
    uploads: Uploads
    downloads: Downloads
    folder: Path

    @classmethod
    def of(cls, request: Request) -> Desk:
        """The desk that the request came to."""
        desk: Desk = request.app.state.desk
        return desk

    async def admitted(self, request: Request) -> Parameters:
        """The parameters of a request that needs the key. Raises Unauthorized."""
        query = query_of(request)
        if key_of(request, query):  # then a stranger's files are not even read
            await in_thread(lambda: self.access.require(request, query))
            return await parameters_of(request)
        parameters = await parameters_of(request)
        await in_thread(lambda: self.access.require(request, parameters.values))
        return parameters

    async def shown(self, request: Request, process: Process) -> Response:
        """The status as it stands now."""
        job = await self.gateway.job(process)
        return status_answer(request, self.gateway.find("id", process.id), job)

    async def ended(self, request: Request, process: Process) -> Response:
        """The status once it has ended."""
        return await self.shown(request, await self.gateway.ended(process))

    async def output(self, request: Request, process: Process, name: str = "") -> Response:
        """The output, once it is there."""
        if process.phase == "created":
            raise InputError("The process was not started yet.")
        output = output_of(await self.gateway.ended(process), name)
        headers = output.headers(inline=is_true(query_of(request).get("inline")))
        if request.method == "HEAD":
            return Response(headers=headers)
        return Streamed(await self.downloads.chunks(output), headers)


def status_answer(request: Request, process: Process, job: Object | None) -> Response:
    """The status; 422 for a process that failed, however early, which is how v1's clients tell."""
    status = status_of(process.at(host_of(request)), job)
    return JSONResponse(status, 422 if status["step"] == "error" else 200)


def host_of(request: Request) -> str:
    """The name by which the client reached the gateway, for the URLs in answers. Raises InputError."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise InputError("The header Host is missing or wrong.")
    return host
