"""What belongs to the account: its processes, its hooks, its credits, and what can be converted."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.catalogue import Catalogue, Operation
from connector.catalogue.source import Question
from connector.errors import ConnectorError, NotFound
from connector.hosts.v1.calling import EVENTS
from connector.hosts.v1.options import RENAMED
from connector.hosts.v1.parameters import query_of
from connector.hosts.v1.routes.desk import Desk, host_of
from connector.hosts.v1.status import listed
from connector.hosts.v1.threads import in_thread

_AT_A_TIME = 8
_NAMES = {v2: v1 for v1, v2 in RENAMED.items()}


async def processes(request: Request) -> Response:
    """`GET /processes`: all that the gateway knows, newest first."""
    desk = Desk.of(request)
    await desk.admitted(request)
    turn = asyncio.Semaphore(_AT_A_TIME)

    async def entry(process: Any) -> dict[str, Any]:
        async with turn:
            try:
                job = await desk.gateway.job(process)
            except ConnectorError:
                job = None  # a list with one gap is better than none
        return listed(process.at(host_of(request)), job)

    return JSONResponse(await asyncio.gather(*map(entry, desk.gateway.state.all())))


async def conversion_types(request: Request) -> Response:
    """`GET /conversiontypes`, without a key: what can be converted, with the options by their v1 names."""
    query = query_of(request)
    source, target = (str(query[name]).lower() if query.get(name) else None for name in ("inputformat", "outputformat"))
    question = Question("convert", source, target, detailed=bool(source or target))
    known = await in_thread(lambda: Catalogue(Desk.of(request).gateway.api).rows(question))
    return JSONResponse([_type(row) for row in known.items])


async def user(request: Request) -> Response:
    """`GET /user`: v1 counted minutes, v2 counts credits."""
    desk = Desk.of(request)
    await desk.admitted(request)
    me = await in_thread(desk.gateway.api.me)
    return JSONResponse(
        {
            "user": me.get("username"),
            "username": me.get("username"),
            "email": me.get("email"),
            "minutes": me.get("credits"),
        }
    )


async def hooks(request: Request) -> Response:
    """`GET /hooks`."""
    desk = Desk.of(request)
    await desk.admitted(request)
    return JSONResponse([{"id": str(one.id), "url": one.url, "event": one.event} for one in desk.gateway.state.hooks()])


async def add_hook(request: Request) -> Response:
    """`POST /hook` with `url` and `event`."""
    desk = Desk.of(request)
    given = await desk.admitted(request)
    hook = await in_thread(lambda: desk.gateway.hook(given.values, EVENTS))
    return JSONResponse({"id": str(hook.id), "url": hook.url, "event": hook.event})


async def delete_hook(request: Request) -> Response:
    """`DELETE /hook/{id}`."""
    desk = Desk.of(request)
    await desk.admitted(request)
    if not desk.gateway.state.delete_hook(request.path_params["hook_id"]):
        raise NotFound("Hook not found")
    return JSONResponse({"message": "Hook deleted"})


def _type(row: Operation) -> dict[str, Any]:
    options = {_NAMES.get(option.name, option.name): option.default for option in row.options}
    return {
        "inputformat": row.input_format,
        "outputformat": row.output_format,
        "converter": row.engine,
        "group": row.group,
        "converteroptions": options,
    }


routes = [
    Route("/processes", processes, methods=["GET"]),
    Route("/conversiontypes", conversion_types, methods=["GET"]),
    Route("/user", user, methods=["GET"]),
    Route("/hook", add_hook, methods=["POST"]),
    Route("/hooks", hooks, methods=["GET"]),
    Route("/hook/{hook_id:int}", delete_hook, methods=["DELETE"]),
]
