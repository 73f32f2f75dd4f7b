"""What the sandbox can do, for everybody, without a token."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.bodies import query_of
from connector.sandbox.listing import FILTERS
from connector.sandbox.routes.shared import included, json_body
from connector.sandbox.service import service_of
from connector.sandbox.validate import is_true


async def index(request: Request) -> Response:
    """`GET /v2/operations`."""
    return await _listed(request, {})


async def formats(request: Request) -> Response:
    """`GET /v2/convert/formats`, the older name, for conversions only."""
    return await _listed(request, {"operation": "convert"})


async def _listed(request: Request, fixed: dict[str, str]) -> Response:
    query = query_of(request)
    filters = {name: query[f"filter[{name}]"] for name in FILTERS if f"filter[{name}]" in query}
    listing = service_of(request).listing
    return json_body(
        await listing.answer(filters | fixed, alternatives=is_true(query.get("alternatives")), include=included(query))
    )


routes = [Route("/v2/operations", index, methods=["GET"]), Route("/v2/convert/formats", formats, methods=["GET"])]
