"""What the API answers to an action, described from the outputs that the module declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.fields import Field
from connector.forms import Fields
from connector.module import Module
from connector.modules.shared.results import JobResult, TaskResult
from connector.platforms.dronahq.request import EXPORT
from connector.recipe import Listing

Json = dict[str, Any]
Tree = Mapping[str, Any]
"""The keys of a JSON object: a Field, a Tree of its own, or a list of one Tree."""

ERROR: Json = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "example": "The given data was invalid."},
        "code": {"type": "string", "example": "INVALID_DATA"},
        "errors": {
            "type": "object",
            "description": "What is wrong with which field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
"""The schema of every answer that is an error. Source: CloudConvert's API documentation, Introduction."""

# Of a job's tasks only the export shows addresses of files.
_EXPORTED: Json = {"name": EXPORT, "operation": "export/url", "engine": None, "credits": 0}
_ADDED_BY_PYTHON = frozenset({"expires_at", "data", "path"})
_TYPES: Mapping[str, Json] = {
    "integer": {"type": "integer", "nullable": True},
    "boolean": {"type": "boolean", "nullable": True},
    "timestamp": {"type": "string", "format": "date-time", "nullable": True},
    "any": {},
}
_TEXT: Json = {"type": "string", "nullable": True}


def schema(module: type[Module]) -> Json:
    """The schema of the answer, in OpenAPI 3.0's dialect."""
    return _schema(_answer(module)) | {"required": ["data"]}


def sample(module: type[Module]) -> Json:
    """An answer, made of the outputs' examples."""
    made: Json = _sample(_answer(module))
    if issubclass(module.Output, JobResult) and not isinstance(module.recipe, Listing):
        made["data"]["tasks"] = [task | _EXPORTED for task in made["data"]["tasks"]]
    return made


def _answer(module: type[Module]) -> Tree:
    item = _tree(module.Output)
    if isinstance(module.recipe, Listing):
        return {"data": [item]}
    return {"data": {**item, "tasks": [_tree(TaskResult)]} if issubclass(module.Output, JobResult) else item}


def _tree(outputs: type[Fields]) -> Tree:
    """The API's keys, by the paths that the outputs are taken from."""
    tree: Json = {}
    for name, field in outputs.all().items():
        source = field.source or name
        if field.nested():
            # Of a job, the files are those of its tasks.
            if not issubclass(outputs, JobResult):
                tree["result"] = {source: [_file(field)]}
        elif source != "." and not source.startswith("files."):
            _put(tree, source.split("."), field)
    return tree


def _file(files: Field) -> Tree:
    return {field.source or name: field for name, field in files.nested().items() if name not in _ADDED_BY_PYTHON}


def _put(tree: Json, path: list[str], field: Field) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = field


def _schema(node: Any) -> Json:
    if isinstance(node, Field):
        example = {} if node.example is None else {"example": node.example}
        return {**_TYPES.get(node.kind, _TEXT), "description": node.help or node.label, **example}
    if isinstance(node, list):
        return {"type": "array", "items": _schema(node[0])}
    return {"type": "object", "properties": {key: _property(key, inner) for key, inner in node.items()}}


def _property(key: str, node: Any) -> Json:
    # A task has no result before it has ended; only the envelope is always there.
    optional = isinstance(node, Mapping) and key != "data"
    return _schema(node) | ({"nullable": True} if optional else {})


def _sample(node: Any) -> Any:
    if isinstance(node, Field):
        return node.example
    if isinstance(node, list):
        return [_sample(node[0])]
    return {key: value for key, inner in node.items() if (value := _sample(inner)) is not None}
