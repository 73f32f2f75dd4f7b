"""The ASGI application: routes, refusals in the service's shape, and the access log."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.answers import to_json
from connector.sandbox.problems import ApiError
from connector.sandbox.ready import Ready
from connector.sandbox.routes import jobs, oauth, operations, signed_urls, storage, tasks, uploads, users, webhooks
from connector.sandbox.routes.shared import json_body
from connector.sandbox.service import Service

logger = logging.getLogger("connector.sandbox")


def make_app(service: Service) -> ASGIApp:
    """The application for one service."""
    app = Starlette(
        routes=[
            *webhooks.routes,
            *users.routes,
            *operations.routes,
            *jobs.routes,
            *tasks.routes(service.operations),
            *storage.routes,
            *uploads.routes,
            *oauth.routes,
            *signed_urls.routes,
        ],
        exception_handlers={
            ApiError: _refused,
            HTTPException: _not_routed,
            ClientDisconnect: _gone,
            sqlite3.Error: _disk,
        },
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return Outer(Ready(app, service))


class Outer:
    """Around everything: trailing slashes are forgiven, crashes become JSON, each request is logged without its query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if len(scope["path"]) > 1:
            scope["path"] = scope["path"].rstrip("/")
        started, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            logger.exception("%s %s crashed", scope["method"], _path(scope))
            if not status:
                await _error(500, "INTERNAL_ERROR", "The sandbox failed in an unexpected way; its log says more.")(
                    scope, receive, watched
                )
        finally:
            logger.info(
                "%s %s %s %.0f ms", scope["method"], _path(scope), status or "-", (time.perf_counter() - started) * 1000
            )


def _path(scope: Scope) -> str:
    return ascii(scope["path"])[1:-1]


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - the handler is registered for nothing else
    response = json_body(to_json(error.body()), error.status)
    response.headers.update(error.headers)
    return response


async def _not_routed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for nothing else
    if error.status_code == 405:
        return _error(
            405, "METHOD_NOT_ALLOWED", f"The {request.method} method is not supported for this route.", error.headers
        )
    if error.status_code == 404:
        return _error(404, "NOT_FOUND", "This route does not exist.")
    return _error(error.status_code, "ERROR", str(error.detail), error.headers)


async def _disk(_request: Request, error: Exception) -> Response:
    if "full" not in str(error):
        raise error
    return _error(507, "OUT_OF_SPACE", "The disk of the sandbox is full; make room and try again.")


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    response = json_body(to_json(ApiError(status, code, message).body()), status)
    response.headers.update(headers or {})
    return response
