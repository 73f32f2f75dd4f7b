"""The ASGI application: v1's paths with the prefix /v1 and without, and v1's way to tell errors."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from connector.errors import ConnectorError
from connector.hosts.v1.access import Access
from connector.hosts.v1.downloading import Downloads
from connector.hosts.v1.gateway import Gateway
from connector.hosts.v1.problems import RETRY_AFTER, Problem, problem_of
from connector.hosts.v1.routes import account, files, processes
from connector.hosts.v1.routes.desk import Desk
from connector.hosts.v1.uploading import Uploads
from connector.redact import redact

log = logging.getLogger("connector.v1")


def make_app(gateway: Gateway, access: Access, folder: Path) -> Starlette:
    """The application. Uploads are kept in `folder` on their way."""

    @contextlib.asynccontextmanager
    async def live(app: Starlette) -> AsyncIterator[None]:
        app.state.desk = Desk(gateway, access, Uploads(gateway), Downloads(gateway), folder)
        gateway.open()
        yield
        await gateway.close()

    routes = [*processes.routes, *files.routes, *account.routes]
    handlers: dict[Any, Any] = {ConnectorError: _told, HTTPException: _refused, Exception: _mistake}
    return Starlette(routes=[Mount("/v1", routes=routes), *routes], exception_handlers=handlers, lifespan=live)


def told(problem: Problem) -> Response:
    """The answer that tells a problem."""
    return JSONResponse(problem.body(), problem.status, problem.headers())


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, ConnectorError)  # noqa: S101 - registered for these
    log.info("%s: %s", type(error).__name__, redact(error.message))
    return told(problem_of(error))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these
    message = (
        f"There is nothing at {request.url.path[:100]}; this is API v1." if error.status_code == 404 else error.detail
    )
    return told(Problem(error.status_code, message))


async def _mistake(_: Request, error: Exception) -> Response:
    """The server itself logs what it was."""
    return told(Problem(503, f"Something unexpected happened ({type(error).__name__}).", retry_after=RETRY_AFTER))
