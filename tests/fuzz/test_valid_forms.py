"""What a declaration allows is taken, and becomes a request that the service takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from connector.module import Module
from connector.recipe import Call, CustomJob, Job, Listing
from connector.runtime.call_request import call_request, list_query, preview
from connector.sandbox import validate
from tests.fuzz.forms import MODULES, valid_forms
from tests.support.api_keys import ENDPOINTS, QUERY_KEYS, foreign_keys


def assert_the_service_takes(recipe: Any, form: Mapping[str, Any]) -> None:
    """Held to the API's keys, and for a job to the sandbox's own check of a request."""
    match recipe:
        case Job() | CustomJob():
            body = preview(recipe, form)["body"]
            assert foreign_keys(recipe, form, body) == set()
            validate.job(json.loads(json.dumps(body)), validate.OPERATIONS, lambda _: False)
        case Call(method=method):
            path, query, body = call_request(recipe, form)
            asked = "/".join("{}" if "{" in part else part for part in recipe.path.split("/"))
            assert f"{method} {asked}" in ENDPOINTS
            assert path.count("/") == recipe.path.count("/")
            assert query | body == {}
        case Listing(path=path):
            assert set(list_query(recipe, form)) <= QUERY_KEYS[path]


@pytest.mark.row("B2")
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())
def test_a_form_that_fits_the_declaration_is_a_request_that_the_service_takes(module: type[Module]) -> None:
    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(valid_forms(module))
    def check(values: dict[str, Any]) -> None:
        form = module.fill(values)
        shown = preview(module.recipe, form)
        assert json.loads(json.dumps(shown, allow_nan=False)) == shown
        assert_the_service_takes(module.recipe, form)

    check()
