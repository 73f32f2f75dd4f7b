"""The records: of the shape that the platform stores, and as its own seven actions are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from connector.platforms.dronahq.actions import ACTIONS
from tests.conftest import ROOT
from tests.platforms.dronahq.stand_in import Pasted

SCHEMAS = ROOT.parent / "shared" / "schemas" / "dronahq"
with_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas of DronaHQ's records are not here")
NAMES = [action.name for action in ACTIONS]

# As DronaHQ ships them: the inputs with a star where they must be filled in, the constants, the calls.
SHIPPED = {
    "AllSupportedFormats": ("GET /v2/convert/formats", [], {}),
    "FilterFormatsByInput": ("GET /v2/convert/formats", ["query.filter[input_format]*"], {"include": "options"}),
    "CreateConvertFileJob": (
        "POST /v2/jobs",
        ["body.FileURL*", "body.InputFormat", "body.OutputFormat*", "body.Tag"],
        {},
    ),
    "ShowJob": ("GET /v2/jobs/{jobId}", ["param.jobId*"], {}),
    "WaitForAJob": ("GET /v2/jobs/{jobId}/wait", ["param.jobId*"], {}),
    "ListJobs": ("GET /v2/jobs", ["query.filter[status]", "query.filter[tag]"], {"per_page": "1000"}),
    "CaptureWebsiteJob": ("POST /v2/jobs", ["body.URL*", "body.OutputFormat*", "body.Tag"], {}),
}


def record(files: Mapping[str, bytes], name: str) -> Any:
    return json.loads(files[f"records/actions/{name}.json"])


def inputs(document: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(document["preselectfields"])
    return found


def problems(file: str, document: Any, part: str = "") -> list[str]:
    from jsonschema import Draft7Validator

    schema = json.loads((SCHEMAS / file).read_text())
    whole = {**schema["definitions"][part], "definitions": schema["definitions"]} if part else schema
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(whole).iter_errors(document)]


@with_schemas
@pytest.mark.parametrize("name", NAMES)
def test_every_action_has_the_shape_of_its_schema(files: Mapping[str, bytes], name: str) -> None:
    document = record(files, name)
    assert problems("dronahq-api.schema.json", document) == []
    assert [line for one in inputs(document) for line in problems("dronahq-api.schema.json", one, "field")] == []


@with_schemas
@pytest.mark.parametrize("name", ["connector-oauth", "connector-api-key"])
def test_both_connectors_have_the_shape_of_their_schema(files: Mapping[str, bytes], name: str) -> None:
    assert problems("dronahq-connector-auth.schema.json", json.loads(files[f"records/{name}.json"])) == []


def test_the_seven_are_those_that_the_platform_ships(files: Mapping[str, bytes]) -> None:
    assert list(SHIPPED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_calls_inputs_and_constants_are_as_shipped(files: Mapping[str, bytes], name: str) -> None:
    document = record(files, name)
    url = document["request"]["url"]
    asked = [one["field_key"] + "*" * one["field_mandatory"] for one in inputs(document)]
    constants = {one["keyName"]: one["keyDValue"] for one in url["query"] if not one["keyIsDynamic"]}
    assert (f"{document['request']['method']} /v2{url['raw'].partition('/v2')[2]}", asked, constants) == SHIPPED[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_listed_where_it_is_used(files: Mapping[str, bytes], name: str) -> None:
    request = record(files, name)["request"]
    listed = {one["keyName"] for one in request["url"]["param"]}
    assert set(re.findall(r"\{(\w+)\}", request["url"]["raw"])) == listed
    body = request.get("body", {"raw": "", "variables": []})
    assert set(re.findall(r"\{\{(\w+)\}\}", body["raw"])) == {one["keyName"] for one in body["variables"]}


@pytest.mark.parametrize("name", NAMES)
def test_no_variable_in_a_body_or_path_has_an_underscore(files: Mapping[str, bytes], name: str) -> None:
    keys = [one["field_key"] for one in inputs(record(files, name))]
    assert not [key for key in keys if "_" in key and not key.startswith("query.")]


@pytest.mark.parametrize("name", NAMES)
def test_every_input_has_a_label_and_a_help(files: Mapping[str, bytes], name: str) -> None:
    assert all(one["field_name"] and one["helptext"] for one in inputs(record(files, name)))


@pytest.mark.parametrize(
    ("name", "key", "formula"),
    [
        ("ListJobs", "query.filter[status]", ["processing", "finished", "error"]),
        ("CaptureWebsiteJob", "body.OutputFormat", ["pdf", "png", "jpg"]),
    ],
)
def test_fixed_lists_have_their_entries(files: Mapping[str, bytes], name: str, key: str, formula: list[str]) -> None:
    stored = next(one["preselect_formula"] for one in inputs(record(files, name)) if one["field_key"] == key)
    assert [entry["id"] for entry in json.loads(stored)] == formula


def test_output_formats_depend_on_the_input_format(files: Mapping[str, bytes]) -> None:
    formulas = {one["field_key"]: one["preselect_formula"] for one in inputs(record(files, "CreateConvertFileJob"))}
    assert formulas["body.InputFormat"] == "UNIQUE(BINDAPIPRESELECT([data.input_format, data.input_format], 1, []))"
    assert formulas["body.OutputFormat"] == (
        "BINDAPIPRESELECT([data.output_format, data.output_format], 2, [query.filter[input_format]={{body.InputFormat}}])"
    )


@pytest.mark.parametrize("name", NAMES)
def test_lists_from_other_actions_find_their_values_there(
    files: Mapping[str, bytes], pasted: Pasted, job: Any, name: str
) -> None:
    numbers = {record(files, one)["sub_category_id"]: one for one in NAMES}
    for one in inputs(record(files, name)):
        found = re.search(
            r"BINDAPIPRESELECT\(\[data\.(\w+), data\.(\w+)\], (\d+), \[(.*)\]\)", one["preselect_formula"]
        )
        if found:
            values = {"filter[input_format]": "png"} if found[4] else {}
            entries = pasted(numbers[int(found[3])], **values).data
            assert entries
            assert all(found[1] in entry and found[2] in entry for entry in entries)
