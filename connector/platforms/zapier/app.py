"""app.json, the definition of an app as data, and what its functions are bound to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from connector.platforms.javascript import words
from connector.platforms.zapier.fields import groups, input_fields, list_key
from connector.platforms.zapier.outputs import output_fields, sample
from connector.platforms.zapier.package import PLATFORM
from connector.version import __version__

Json = dict[str, Any]
Kind = Literal["triggers", "searches", "creates"]

_NOUNS = {"Common tasks": "File", "PDF tasks": "PDF", "Jobs": "Job", "Tasks": "Task"}


def app(modules: Sequence[Any], authentication: Json) -> Json:
    """The definition, but for the functions that index.js adds."""
    return {
        "version": __version__,
        "platformVersion": PLATFORM,
        "flags": {"skipHttpPatch": True},  # which would keep the content of text files, in memory and in Zapier's log
        "authentication": authentication,
        "triggers": {**_of_kind(modules, "triggers"), **{key: _hidden(key) for key, _ in _lists(modules)}},
        "searches": _of_kind(modules, "searches"),
        "creates": _of_kind(modules, "creates"),
    }


def bound(modules: Sequence[Any]) -> Json:
    """What a key of the definition stands for: the name of a module, or the drop-down list that a hidden trigger fills."""
    return {"modules": {key(module): module["name"] for module in modules}, "lists": dict(_lists(modules))}


def key(module: Any) -> str:
    """The key of a module, e.g. convert_file."""
    return words(module["name"]).lower().replace(" ", "_")


def kind_of(module: Any) -> Kind:
    """What a module is to Zapier: what only reads, and at once, is a search."""
    recipe = module["recipe"]
    reads = recipe["kind"] == "listing" or (recipe.get("method") == "GET" and not recipe.get("until_ended"))
    return "triggers" if module["kind"] == "trigger" else "searches" if reads else "creates"


def _of_kind(modules: Sequence[Any], kind: Kind) -> Json:
    return {key(module): _described(module) for module in modules if kind_of(module) == kind}


def _described(module: Any) -> Json:
    operation: Json = {"type": "hook"} if module["kind"] == "trigger" else {}
    fields = input_fields(module["fields"])
    operation |= {
        "inputFieldGroups": groups(fields, module["fields"]),
        "inputFields": fields,
        "outputFields": output_fields(module),
        "sample": sample(module),
    }
    return {
        "key": key(module),
        "noun": _NOUNS.get(module["group"], "Item"),
        "display": {"label": module["label"], "description": module["summary"]},
        "operation": operation,
    }


def _lists(modules: Sequence[Any]) -> Iterator[tuple[str, Json]]:
    """The drop-down lists that come from the service, each once."""
    found = {list_key(field): field["list"] for module in modules for field in module["fields"] if list_key(field)}
    return iter(sorted((str(key), one) for key, one in found.items()))


def _hidden(name: str) -> Json:
    label = name.replace("_", " ").capitalize()
    return {
        "key": name,
        "noun": label,
        "display": {"label": label, "description": "Fills a drop-down list.", "hidden": True},
        "operation": {"type": "polling", "sample": {"id": "1", "name": "1"}},
    }
