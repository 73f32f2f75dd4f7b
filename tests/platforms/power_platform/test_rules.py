"""The rules of Microsoft's certification that can be checked without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.platforms.openapi.validity import walk

METHODS = ("get", "post", "put", "patch", "delete")
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def operations(definition: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in definition["paths"].items():
        yield from ((path, method, it) for method, it in item.items() if method in METHODS)


def parameters(definition: Any) -> Iterator[Any]:
    for _, _, it in operations(definition):
        yield from it["parameters"]


def schemas(definition: Any) -> Iterator[Any]:
    return (node for node in walk(definition) if node.get("type") in TYPES)


def test_the_head_is_as_certified_ones_are(definition: Any) -> None:
    assert len(definition["info"]["title"]) <= 30
    assert 30 <= len(definition["info"]["description"]) <= 500
    assert "//" not in definition["host"]
    assert "/" not in definition["host"]
    metadata = {it["propertyName"]: it["propertyValue"] for it in definition["x-ms-connector-metadata"]}
    assert metadata["Website"].startswith(metadata["Privacy policy"][:8])
    assert set(metadata["Categories"].split(";")) <= {"Content and Files", "Productivity"}
    assert len(json.dumps(definition, indent=2)) < 1_000_000


def test_operations_have_names_and_summaries_as_the_validator_wants(definition: Any) -> None:
    names = [it["operationId"] for _, _, it in operations(definition)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) for name in names)
    for _, _, it in operations(definition):
        assert re.fullmatch(r"[^/]{1,79}[A-Za-z0-9]", it["summary"])
        assert it["description"] != it["summary"]
        assert it["description"].endswith(".")


def test_one_answer_at_most_has_a_schema_and_the_default_has_none(definition: Any) -> None:
    for _, _, it in operations(definition):
        with_schema = [status for status, answer in it["responses"].items() if "schema" in answer]
        assert len(with_schema) <= 1
        assert "default" not in with_schema
        assert any(status.startswith("2") for status in it["responses"])


def test_paths_differ_by_more_than_their_variables(definition: Any) -> None:
    paths = [re.sub(r"\{\w+\}", "{}", path).lower() for path in definition["paths"]]
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("/") and not set("?#*") & set(path) for path in paths)


def test_variables_of_a_path_are_declared_and_encoded(definition: Any) -> None:
    for path, _, it in operations(definition):
        inside = [one for one in it["parameters"] if one["in"] == "path"]
        assert {one["name"] for one in inside} == set(re.findall(r"\{(\w+)\}", path))
        assert all(one["required"] and one["x-ms-url-encoding"] == "single" for one in inside)


def test_parameters_have_titles_and_no_get_has_a_body(definition: Any) -> None:
    assert all(one["name"] != "connectionId" for one in parameters(definition))
    assert all(one.get("x-ms-summary") and one["description"] for one in parameters(definition) if one["in"] != "body")
    bodies = [method for _, method, it in operations(definition) for one in it["parameters"] if one["in"] == "body"]
    assert set(bodies) == {"post"}


def test_schemas_are_complete(definition: Any) -> None:
    for node in schemas(definition):
        if node["type"] == "array":
            assert "items" in node
        if isinstance(node.get("required"), list):
            assert node["required"]
            assert set(node["required"]) <= set(node["properties"])
        assert node.get("enum") != []
        if "default" in node:
            assert isinstance(node["default"], TYPES[node["type"]])


def test_a_reference_stands_alone_and_leads_somewhere(definition: Any) -> None:
    for node in walk(definition):
        if "$ref" in node:
            assert len(node) == 1
            assert node["$ref"].removeprefix("#/definitions/") in definition["definitions"]


def test_what_is_internal_is_required_and_has_a_value(definition: Any) -> None:
    for node in walk(definition):
        for name, inner in (node.get("properties") or {}).items():
            if inner.get("x-ms-visibility") == "internal":
                assert name in node["required"]
                assert "default" in inner or inner["x-ms-notification-url"]
    hidden = [one for one in parameters(definition) if one.get("x-ms-visibility") == "internal"]
    assert all(one["required"] and "default" in one for one in hidden)


def test_every_label_of_a_choice_belongs_to_a_value(definition: Any) -> None:
    labelled = [node for node in walk(definition) if "x-ms-enum-values" in node]
    assert labelled
    assert all([it["value"] for it in node["x-ms-enum-values"]] == node["enum"] for node in labelled)


@pytest.mark.parametrize("word", ["uniqueItems", "nullable", "oneOf", "anyOf", "allOf", "title", "x-list", "minItems"])
def test_no_key_that_the_platform_does_not_know(definition: Any, word: str) -> None:
    assert not [node for node in walk(definition["paths"]) if word in node]


def test_the_webhook_is_as_the_trigger_needs_it(definition: Any) -> None:
    item = definition["paths"]["/v2/webhooks"]
    assert item["post"]["x-ms-trigger"] == "single"
    assert set(item["x-ms-notification-content"]["schema"]["required"]) == {"event", "job"}
    body = item["post"]["parameters"][0]["schema"]
    assert body["properties"]["url"]["x-ms-notification-url"] is True
    assert "url" in body["required"]
    assert "delete" in definition["paths"]["/v2/webhooks/{webhook_id}"]


def lists(node: Any) -> Iterator[Any]:
    for one in walk(node):
        yield from (one[key] for key in ("x-ms-dynamic-values", "x-ms-dynamic-list") if key in one)


def test_lists_name_operations_and_parameters_that_there_are(definition: Any) -> None:
    known = {it["operationId"]: {one["name"] for one in it["parameters"]} for _, _, it in operations(definition)}
    for _, _, it in operations(definition):
        own = {one["name"] for one in it["parameters"]}
        for one in lists(it):
            assert set(one.get("parameters", {})) <= known[one["operationId"]]
            asked = [value for value in one.get("parameters", {}).values() if isinstance(value, dict)]
            assert {value["parameter"] for value in asked if "parameter" in value} <= own


def test_lists_of_the_body_refer_to_properties_that_there_are(definition: Any) -> None:
    found = 0
    for _, _, it in operations(definition):
        for value in [v for one in lists(it) for v in one.get("parameters", {}).values() if "parameterReference" in v]:
            node = next(one["schema"] for one in it["parameters"] if one["in"] == "body")
            for step in value["parameterReference"].split("/")[1:]:
                node = node["properties"][step]
            found += 1
    assert found
