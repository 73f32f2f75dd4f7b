"""Every emitted file against the platform's published schemas, where these are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT

SCHEMAS = ROOT.parent / "shared" / "schemas" / "make"
pytestmark = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the published schemas are not here")

PARAMETERS = {"params", "staticParams", "mappableParams", "interface"}
SCOPES = {"scope", "defaultScope", "requiredScope"}
BY_CODE = {
    **dict.fromkeys(PARAMETERS, "parameters.json"),
    **dict.fromkeys(SCOPES, "scope.json"),
    **dict.fromkeys(("communication", "attach", "detach", "update"), "api.json"),
    "scopeList": "scopes.json",
    "samples": "samples.json",
}
WITHOUT_SCHEMA = {"installSpec", "installDirectives"}


@cache
def validator(name: str) -> Any:
    from jsonschema import Draft7Validator
    from referencing import Registry, Resource

    root = "https://schemas.example/"
    contents = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    resources = [(root + file, Resource.from_contents({**it, "$id": root + file})) for file, it in contents.items()]
    return Draft7Validator({"$ref": root + name}, registry=Registry().with_resources(resources))


def problems(schema: str, content: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator(schema).iter_errors(content)
    ]


def codes(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, Any]]:
    """Path, schema, kind of component and content of every code that a schema covers."""
    for kind, components in json.loads(files["makecomapp.json"])["components"].items():
        for component in components.values():
            for code, path in component["codeFiles"].items():
                if path and code not in WITHOUT_SCHEMA:
                    oauth = component.get("connectionType") == "oauth" and code == "communication"
                    yield path, "api-oauth.json" if oauth else BY_CODE[code], kind, json.loads(files[path])


def test_every_code_fits_its_schema(live_files: Mapping[str, bytes]) -> None:
    found = {path: problems(schema, content) for path, schema, _, content in codes(live_files)}
    assert len(found) > 200
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("makecomapp.json", "makecomapp.schema.json"),
        ("general/base.iml.json", "base.json"),
        ("modules/groups.json", "groups.json"),
    ],
)
def test_the_general_files_fit_their_schemas(live_files: Mapping[str, bytes], path: str, schema: str) -> None:
    assert problems(schema, json.loads(live_files[path])) == []


def test_a_fault_is_found() -> None:
    assert problems("parameters.json", [{"name": "a", "type": "text", "placeholder": "x"}])
    assert problems("api.json", {"method": "POST", "url": "/jobs"})
