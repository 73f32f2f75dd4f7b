"""What a module gives, as Zapier's output fields and as a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "timestamp": "datetime", "any": None}
_FILE = {"key": "file", "label": "File", "type": "file"}
_ID = {"key": "id", "label": "ID", "type": "string"}


def output_fields(module: Any) -> list[Json]:
    """The fields that later steps can map: the declared ones, and the files themselves."""
    made = [_field(output) for output in _shown(module["outputs"])]
    first = [_ID] * (module["kind"] == "trigger") + [_FILE] * _has_files(module["outputs"])
    return [*first, *made]


def sample(module: Any) -> Json:
    """An answer made of the outputs' examples, which the editor shows before a step has run."""
    made = _examples(module["outputs"])
    first = {"id": f"{made['event']}:{made['job_id']}"} if module["kind"] == "trigger" else {}
    return {**first, **({"file": "SAMPLE FILE"} if _has_files(module["outputs"]) else {}), **made}


def _field(output: Any) -> Json:
    made: Json = {"key": output["name"], "label": output["label"]}
    if output["kind"] == "array":
        files = [_FILE] * _is_files(output)
        return {**made, "children": [*files, *(_field(inner) for inner in _shown(output["fields"]))]}
    kind = _TYPES.get(output["kind"], "string")
    return made | ({"type": kind} if kind else {})


def _shown(outputs: Sequence[Any]) -> list[Any]:
    """Content and path of a file are what other hosts give for it; here it is a file."""
    is_record = any(output["name"] == "data" for output in outputs)
    return [output for output in outputs if not (is_record and output["name"] in ("data", "path"))]


def _is_files(output: Any) -> bool:
    return output["kind"] == "array" and any(inner["name"] == "data" for inner in output["fields"])


def _has_files(outputs: Sequence[Any]) -> bool:
    return any(_is_files(output) for output in outputs)


def _examples(outputs: Sequence[Any]) -> Json:
    made: Json = {}
    for output in _shown(outputs):
        if output["kind"] == "array":
            made[output["name"]] = [
                {**({"file": "SAMPLE FILE"} if _is_files(output) else {}), **_examples(output["fields"])}
            ]
        elif "example" in output:
            made[output["name"]] = output["example"]
    return made
