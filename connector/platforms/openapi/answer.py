"""What the API answers, described from the outputs that modules declare, in OpenAPI 3.0's dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.fields import Field
from connector.forms import Fields
from connector.module import Module
from connector.modules.shared.results import JobResult, TaskResult
from connector.recipe import Call, Job, Listing

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

_ADDED_BY_PYTHON = frozenset({"expires_at", "data", "path"})
_TYPES: Mapping[str, Json] = {
    "integer": {"type": "integer", "nullable": True},
    "boolean": {"type": "boolean", "nullable": True},
    "timestamp": {"type": "string", "format": "date-time", "nullable": True},
    "any": {},
}
_TEXT: Json = {"type": "string", "nullable": True}


def schema(module: type[Module]) -> Json:
    """The schema of the answer to a module's request."""
    return enveloped(answer(module))


def enveloped(tree: Tree) -> Json:
    """The schema of an answer whose `data` is always there."""
    return described(tree) | {"required": ["data"]}


def sample(module: type[Module], exported: str) -> Json:
    """An answer, made of the outputs' examples. `exported` is the name of the task whose files have addresses."""
    made: Json = sampled(answer(module))
    if issubclass(module.Output, JobResult) and not isinstance(module.recipe, Listing):
        shown = {"name": exported, "operation": "export/url", "engine": None, "credits": 0}
        made["data"]["tasks"] = [task | shown for task in made["data"]["tasks"]]
    return made


def answer(module: type[Module]) -> Tree:
    """The answer's keys, in the envelope of the API."""
    if isinstance(module.recipe, Job):
        return {"data": job(module.Output)}
    item = tree_of(module.Output)
    if isinstance(module.recipe, Listing):
        return {"data": [item]}
    return {"data": job() if issubclass(module.Output, JobResult) else item}


def job(outputs: type[Fields] = JobResult) -> Tree:
    """A job with its tasks. What the outputs take from the task's result is found there."""
    task = dict(tree_of(TaskResult))
    task["result"] = {**task["result"], **tree_of(outputs).get("result", {})}
    return {**tree_of(JobResult), "tasks": [task]}


def tree_of(outputs: type[Fields]) -> Json:
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


def answers_nothing(recipe: object) -> bool:
    """Whether the answer has no body."""
    return isinstance(recipe, Call) and recipe.method == "DELETE"


def _file(files: Field) -> Tree:
    return {field.source or name: field for name, field in files.nested().items() if name not in _ADDED_BY_PYTHON}


def _put(tree: Json, path: list[str], field: Field) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = field


def described(node: Any) -> Json:
    """The schema of a tree, or of a part of one."""
    if isinstance(node, Field):
        example = {} if node.example is None else {"example": node.example}
        return {**_type(node), "description": node.help or node.label, **example}
    if isinstance(node, list):
        return {"type": "array", "items": described(node[0])}
    return {"type": "object", "properties": {key: _property(key, inner) for key, inner in node.items()}}


def _type(field: Field) -> Json:
    # Ids of users and webhooks are documented as text, and sent as numbers.
    is_number = field.kind == "text" and str(field.example).isdigit()
    return {} if is_number else _TYPES.get(field.kind, _TEXT)


def _property(key: str, node: Any) -> Json:
    # A task has no result before it has ended; only the envelope is always there.
    optional = isinstance(node, Mapping) and key != "data"
    return described(node) | ({"nullable": True} if optional else {})


def sampled(node: Any) -> Any:
    """An instance of a tree, made of the examples."""
    if isinstance(node, Field):
        return node.example
    if isinstance(node, list):
        return [sampled(node[0])]
    return {key: value for key, inner in node.items() if (value := sampled(inner)) is not None}
