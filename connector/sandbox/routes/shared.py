"""What the handlers share: JSON answers, pages, and waiting with an eye on the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connector.sandbox.answers import page_answer, to_json
from connector.sandbox.bodies import query_of
from connector.sandbox.problems import ApiError, invalid

MAX_PER_PAGE = 1000
_MAX_PAGE = 1_000_000


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer, the value under `data`."""
    return json_body(to_json({"data": value}), status)


def json_body(body: bytes, status: int = 200) -> Response:
    """A JSON answer from finished bytes."""
    return Response(body, status, media_type="application/json")


async def until(request: Request, ended: Awaitable[None]) -> None:
    """Wait for the end; give up when the client goes away or the server ends."""
    waiting = [asyncio.ensure_future(ended), asyncio.ensure_future(_gone(request))]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
    if waiting[1].done() and not waiting[1].cancelled() and not waiting[0].done():
        raise ClientDisconnect


def still_running() -> ApiError:
    """What a waiting client hears when the server ends before the job."""
    return ApiError(
        503,
        "SERVICE_UNAVAILABLE",
        "The sandbox is being stopped; ask again when it is back.",
        headers={"Retry-After": "1"},
    )


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for."""

    number: int
    size: int
    filters: dict[str, str]
    include: frozenset[str]
    rest: str

    @property
    def offset(self) -> int:
        """How many items come before it."""
        return (self.number - 1) * self.size

    def answer(self, items: list[Any], path: str) -> Response:
        """The page, from one item more than it holds: that one only shows that there is a next page."""
        shown = items[: self.size]
        return json_body(
            to_json(
                page_answer(shown, path, self.rest, page=self.number, per_page=self.size, more=len(items) > self.size)
            )
        )


def page_of(request: Request) -> Page:
    """The page, filters and includes of a list request. Raises ApiError 422 for a page that is no number."""
    query = query_of(request)
    filters = {name[7:-1]: value for name, value in query.items() if name.startswith("filter[") and name.endswith("]")}
    rest = "&".join(
        f"{quote_plus(name, safe='[]')}={quote_plus(value)}" for name, value in query.items() if name != "page"
    )
    number, size = _number(query, "page", 1, _MAX_PAGE), _number(query, "per_page", 100, MAX_PER_PAGE)
    return Page(number, size, filters, included(query), rest)


def included(query: dict[str, str]) -> frozenset[str]:
    """The names in `include`."""
    return frozenset(name.strip() for name in query.get("include", "").split(",") if name.strip())


def _number(query: dict[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0):
        raise invalid({name: [f"The {name} must be a whole number of at least 1."]})
    return min(int(text), most)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
