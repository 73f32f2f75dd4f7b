"""The API documents as the two usual linters see them: swagger-cli, and Spectral with its rules for OpenAPI."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connector.cli.manifests import FOLDER
from tests.support.node import node, packages

DOCUMENTS = {
    path.relative_to(FOLDER).as_posix(): path
    for folder, name in (("power-platform", "apiDefinition.swagger.json"), ("openapi", "openapi.json"))
    for path in sorted((FOLDER / folder).rglob(name))
}
RULES = Path(__file__).with_name("ruleset.yaml")
pytestmark = pytest.mark.slow


def ran(tool: str, *words: object) -> subprocess.CompletedProcess[str]:
    script = packages("linters") / ".bin" / tool
    return subprocess.run([node(), str(script), *map(str, words)], capture_output=True, text=True, timeout=120)


def findings(document: Path) -> list[Any]:
    """What Spectral finds, each with its rule and its place."""
    result = ran("spectral", "lint", "--quiet", "--format", "json", "--ruleset", RULES, document)
    assert result.stdout.startswith("["), result.stdout + result.stderr
    found = json.JSONDecoder().raw_decode(result.stdout)[0]
    return [(one["code"], one["path"], one["message"]) for one in found]


def test_there_are_documents_to_look_at() -> None:
    assert len(DOCUMENTS) == 3


@pytest.mark.parametrize("name", DOCUMENTS)
def test_swagger_cli_accepts_the_document(name: str) -> None:
    result = ran("swagger-cli", "validate", DOCUMENTS[name])
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_spectral_finds_nothing(name: str) -> None:
    assert findings(DOCUMENTS[name]) == []


def test_the_linters_do_find_what_is_wrong(tmp_path: Path) -> None:
    document = json.loads(DOCUMENTS["openapi/openapi.json"].read_text())
    del document["info"]["contact"]
    document["paths"]["/broken/{id}"] = {"get": {"responses": {}}}
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(document))
    assert {"info-contact", "path-params"} <= {code for code, *_ in findings(broken)}
    assert ran("swagger-cli", "validate", broken).returncode == 1
