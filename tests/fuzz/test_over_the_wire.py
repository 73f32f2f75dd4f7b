"""What a person filled in arrives as it was filled in: one value in its place, never a path, a header or a request more."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest

from connector.api.endpoints import Api
from connector.errors import ConnectorError, InputError
from connector.module import Module
from connector.recipe import ApiCall, Call, CustomJob, Download, Job, Listing, Webhook
from connector.runtime import Items, execute
from connector.runtime.job_request import job_request
from tests.fuzz.forms import MODULES, put, texts
from tests.fuzz.hostile import STRINGS
from tests.fuzz.stub import Stub, texts_in
from tests.support.scripted_server import Request

# What a person's own request may hold is test_own_requests.py's; a trigger asks nothing by itself.
WITH_TEXT = [module for module in MODULES if texts(module) and not isinstance(module.recipe, ApiCall | Webhook)]
SHORT = {name: text for name, text in STRINGS.items() if text and len(text) < 10_000}


def filled(module: type[Module], text: str) -> dict[str, Any] | None:
    """The first example with that text in every field that takes it; None where none does."""
    form: Mapping[str, Any] = module.examples[0]
    for place in texts(module):
        with contextlib.suppress(InputError):
            module.fill(put(form, place, text))
            form = put(form, place, text)
    return None if form == module.examples[0] else module.fill(form)


def run(api: Api, module: type[Module], form: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectorError):
        if isinstance(module.recipe, Job | CustomJob):  # without asking what the service can do
            api.create_job(job_request(module.recipe, form).body, None)
        else:
            given = execute(api, module.recipe, form)
            list(given if isinstance(given, Items) else [])


def path_of(recipe: Any) -> str:
    """The path below the root, with {} for what a form fills in."""
    if isinstance(recipe, Call | Listing):
        return "/v2" + "/".join("{}" if "{" in part else part for part in recipe.path.split("/"))
    return "/v2/tasks/{}" if isinstance(recipe, Download) else "/v2/jobs"


def assert_arrived(request: Request, recipe: Any, text: str) -> None:
    assert "X-Injected" not in request.headers
    assert request.path.isascii()
    if isinstance(recipe, Job | CustomJob):
        assert text in texts_in(request.json())
        return
    said, heard = path_of(recipe).split("/"), request.path.split("/")
    assert len(said) == len(heard), request.path
    assert all(part == "{}" or part == other for part, other in zip(said, heard, strict=True))
    assert text in [*(unquote(part) for part in heard), *request.query.values()]


@pytest.mark.row("B4")
@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
@pytest.mark.parametrize("module", WITH_TEXT, ids=lambda module: module.name())
def test_a_hostile_text_arrives_as_one_value(service: Stub, service_api: Api, module: type[Module], text: str) -> None:
    form = filled(module, text)
    if form is None:
        return
    run(service_api, module, form)
    for request in service.requests:
        assert_arrived(request, module.recipe, text)
    assert service.requests or text == ".."
