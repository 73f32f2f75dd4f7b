"""Whether an answer is what a document says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def problems(document: Mapping[str, Any], schema: Mapping[str, Any], instance: Any) -> list[str]:
    """What OpenAPI 3.0's own rules (nullable, formats) find wrong with an instance."""
    from openapi_schema_validator import OAS30Validator

    whole = {**schema, "components": document["components"]}
    validator = OAS30Validator(whole, format_checker=OAS30Validator.FORMAT_CHECKER)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(instance)]


def walk(node: Any) -> Any:
    """Every mapping in a document."""
    if isinstance(node, Mapping):
        yield node
        for inner in node.values():
            yield from walk(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from walk(inner)
