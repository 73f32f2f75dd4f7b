"""Who may: the token and its scopes, the rate limit, the credits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from connector.sandbox.access import Holder
from connector.sandbox.problems import ApiError, unauthenticated
from connector.sandbox.service import service_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def scoped(scope: str) -> Callable[[Handler], Handler]:
    """Only for clients whose token has the scope."""

    def wrap(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            holder = _holder(request)
            if holder is None:
                raise unauthenticated()
            if scope not in holder.scopes:
                raise ApiError(403, "FORBIDDEN", f"This token does not have the scope {scope}.")
            request.state.holder = holder
            return await handler(request)

        return guarded

    return wrap


def creating(handler: Handler) -> Handler:
    """For handlers that create jobs or tasks: they count against the rate limit, and their answers tell of it."""

    @wraps(handler)
    async def limited(request: Request) -> Response:
        headers = service_of(request).limit.take()
        response = await handler(request)
        response.headers.update(headers)
        return response

    return limited


def holder_id(request: Request) -> str | None:
    """The id of the key or sign-in that a request came with."""
    holder: Holder | None = getattr(request.state, "holder", None)
    return holder.id if holder else None


def _holder(request: Request) -> Holder | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return service_of(request).access.holder(token.strip()) if kind.lower() == "bearer" else None
