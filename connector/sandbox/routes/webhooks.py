"""Webhooks: create, list, delete."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox import validate
from connector.sandbox.answers import webhook_answer
from connector.sandbox.bodies import read_object
from connector.sandbox.problems import not_found
from connector.sandbox.routes.admission import scoped
from connector.sandbox.routes.shared import answer, page_of
from connector.sandbox.service import service_of


@scoped("webhook.write")
async def create(request: Request) -> Response:
    """`POST /v2/webhooks`; the answer holds the signing secret."""
    service = service_of(request)
    url, events = validate.webhook(await read_object(request))
    return answer(webhook_answer(service.webhooks.create(url, events), service.addresses(request)), 201)


@scoped("webhook.read")
async def index(request: Request) -> Response:
    """`GET /v2/users/me/webhooks`, and `GET /v2/webhooks` for clients that ask there."""
    service, page = service_of(request), page_of(request)
    addresses = service.addresses(request)
    found = service.webhooks.list(limit=page.size + 1, offset=page.offset, url=page.filters.get("url"))
    return page.answer([webhook_answer(one, addresses) for one in found], f"{addresses.root}{request.url.path}")


@scoped("webhook.write")
async def delete(request: Request) -> Response:
    """`DELETE /v2/webhooks/{id}`: nothing more is sent to it."""
    service, number = service_of(request), request.path_params["webhook_id"]
    webhook = service.webhooks.find(int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    if webhook is None:
        raise not_found("This webhook", "")
    service.webhooks.delete(webhook.id)
    return Response(status_code=204)


routes = [
    Route("/v2/webhooks", create, methods=["POST"]),
    Route("/v2/webhooks", index, methods=["GET"]),
    Route("/v2/users/me/webhooks", index, methods=["GET"]),
    Route("/v2/webhooks/{webhook_id}", delete, methods=["DELETE"]),
]
