"""The document: valid, and as strict importers want it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connector.modules import all_modules
from connector.platforms.openapi.operations import operation_of
from connector.recipe import ApiCall, CustomJob, Download, Job, Webhook
from connector.service import LIVE, REGIONS, SANDBOX
from tests.platforms.openapi.validity import problems, walk


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [it for item in document["paths"].values() for it in item.values()]


def contents(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [node["application/json"] for node in walk(document) if "application/json" in node]


def test_it_is_valid(document: dict[str, Any]) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []
    assert document["openapi"] == "3.0.3"


def test_names_are_unique_and_can_be_names_of_functions(document: dict[str, Any]) -> None:
    names = [it["operationId"] for it in operations(document)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]+", name) for name in names)


def test_every_module_has_an_operation_or_a_reason_why_not(document: dict[str, Any]) -> None:
    names = {it["operationId"] for it in operations(document)}
    requests = {(method, path) for path, item in document["paths"].items() for method in item}
    for module in all_modules().values():
        if isinstance(module.recipe, Job | CustomJob):
            assert module.name() in names
        elif made := operation_of(module):
            assert (made.method.lower(), made.path) in requests
        else:
            assert isinstance(module.recipe, ApiCall | Download | Webhook)


@pytest.mark.parametrize("word", ["oneOf", "anyOf", "allOf", "not", "discriminator", "callbacks", "x-list"])
def test_nothing_that_importers_stumble_over(document: dict[str, Any], word: str) -> None:
    assert not [node for node in walk(document) if word in node]


def test_every_array_says_what_it_holds_and_every_required_name_exists(document: dict[str, Any]) -> None:
    assert all("items" in node for node in walk(document) if node.get("type") == "array")
    named = [node for node in walk(document) if isinstance(node.get("required"), list)]
    assert all(node["required"] and set(node["required"]) <= set(node["properties"]) for node in named)


def test_every_body_has_an_example_and_every_example_keeps_to_its_schema(document: dict[str, Any]) -> None:
    for content in contents(document):
        shown = [it["value"] for it in content.get("examples", {}).values()]
        shown += [content["example"]] if "example" in content else []
        assert shown or content["schema"] == {"$ref": "#/components/schemas/Error"}
        assert [problem for one in shown for problem in problems(document, content["schema"], one)] == []


def test_a_named_answer_means_the_same_everywhere() -> None:
    from connector.platforms.openapi.document import operations as made

    answers: dict[str, Any] = {}
    assert all(answers.setdefault(one.thing, one.answer) == one.answer for one in made() if one.answer)


def test_both_ways_to_sign_in_and_no_way_where_none_is_needed(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["apiKey"] == {"type": "http", "scheme": "bearer"}
    scopes = set(schemes["oauth2"]["flows"]["authorizationCode"]["scopes"])
    for operation in operations(document):
        assert [name for one in operation["security"] for name in one] in (["apiKey", "oauth2"], [])
        assert all(set(one.get("oauth2", [])) <= scopes for one in operation["security"])


def test_the_servers_are_the_live_one_its_regions_and_the_sandbox(document: dict[str, Any]) -> None:
    urls = [it["url"] for it in document["servers"]]
    assert urls[0] == f"{LIVE}/v2"
    assert f"{SANDBOX}/v2" in urls
    assert all(any(region in url for url in urls) for region in REGIONS)


def test_secrets_are_marked(document: dict[str, Any]) -> None:
    properties = document["paths"]["/pdf/decrypt"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert properties["properties"]["password"]["format"] == "password"
