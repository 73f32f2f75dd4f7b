"""Requests that schemathesis makes up from the document: no answer lies outside it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from connector.platforms.openapi.document import operations
from tests.platforms.openapi.importer import Importer
from tests.support.file_server import at

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is missing; pip install schemathesis")

CHECKS = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
REACHING_OUT = {"ImportFromURL", "CaptureWebsite", "CreateWebhook"}
"""With addresses that are made up the sandbox would reach for the internet."""

BOUNDED = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def hold(document: dict[str, Any], path: str, method: str, key: str) -> None:
    """Fail when an answer to one of the requests that are made up is not what the document says."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    chosen = [not_a_server_error, *(getattr(checks, name) for name in CHECKS)]
    url = document["servers"][0]["url"]

    @BOUNDED
    @given(case=schemathesis.openapi.from_dict(document)[path][method.upper()].as_strategy())
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, headers={"Authorization": f"Bearer {key}"}, checks=chosen, timeout=60)

    holds()


@pytest.mark.parametrize("name", sorted({one.name for one in operations()} - REACHING_OUT))
def test_no_answer_lies_outside_the_document(importer: Importer, origin: str, name: str) -> None:
    path, method, _ = importer.operations[name]
    hold(at(origin, importer.document), path, method, importer.key)


def test_an_answer_outside_the_document_would_be_seen(importer: Importer) -> None:
    wrong = copy.deepcopy(importer.document)
    user = wrong["components"]["schemas"]["GetMyInfo"]["properties"]["data"]["properties"]
    user["username"] = {"type": "integer"}
    with pytest.raises(BaseExceptionGroup, match="Response violates schema"):
        hold(wrong, "/users/me", "get", importer.key)
