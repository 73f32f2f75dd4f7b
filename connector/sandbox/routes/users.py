"""The user, who is always the same one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.answers import USER_ID, user_answer
from connector.sandbox.problems import not_found
from connector.sandbox.routes.admission import scoped
from connector.sandbox.routes.shared import answer
from connector.sandbox.service import service_of


@scoped("user.read")
async def show(request: Request) -> Response:
    """`GET /v2/users/me`, also by number."""
    if request.path_params["user_id"] not in ("me", str(USER_ID)):
        raise not_found("This user")
    service = service_of(request)
    return answer(user_answer(service.born, service.account.balance, service.addresses(request)))


routes = [Route("/v2/users/{user_id}", show, methods=["GET"])]
