"""What can be mapped in a scenario, as fields of the vocabulary, and whether a reference leads to something of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector import modules
from connector.errors import InputError
from connector.fields import AnyValue, Array, Boolean, Collection, Field, Integer
from connector.module import Module, Search
from connector.scenario.references import Reference, no_entry, written
from connector.scenario.scenario import Scenario, Step

STATE: Mapping[str, Field] = {"skipped": Boolean("Skipped"), "error": AnyValue("Error")}
"""What every step has beside its outputs: whether `when` left it out, and what went wrong (with on_error: continue)."""


def module_of(step: Step) -> type[Module] | None:
    """The module of a step, None where there is none of that name."""
    try:
        return modules.find(step.module)
    except InputError:
        return None


def scope_of(scenario: Scenario, step: Step) -> Collection:
    """What the expressions of a step can use: inputs, earlier steps, and in a repeated step the item and its index."""
    earlier = {other.id: outputs_of(other) for other in scenario.steps[: step.number] if other.id}
    names: dict[str, Field] = {
        "inputs": Collection("Inputs", scenario.inputs),
        "steps": Collection("Steps", earlier),
    }
    if step.for_each is not None:
        names.update(item=AnyValue("Item"), index=Integer("Index"))
    return Collection("Names", names)


def outputs_of(step: Step) -> Field:
    """The outputs of a step: its module's, in a list `items` where it is repeated; anything where there is no module."""
    module = module_of(step)
    if module is None:
        return AnyValue("Outputs")
    outputs = _single_outputs(module)
    if step.for_each is None:
        return Collection("Outputs", {**STATE, **outputs})
    files = outputs.get("files", AnyValue("Files"))
    return Collection("Outputs", {**STATE, "items": Array("Items", {**STATE, **outputs}), "files": files})


def _single_outputs(module: type[Module]) -> Mapping[str, Field]:
    declared = module.Output.all()
    return {"items": Array("Items", declared)} if issubclass(module, Search) else declared


def misled(reference: Reference, scope: Collection) -> str | None:
    """Why the reference cannot lead anywhere, as a sentence without its end; None where it may."""
    here: Field = scope
    for position, part in enumerate(reference):
        inner = _enter(here, part)
        if isinstance(inner, str):
            return _sentence(inner, reference[:position], part, here)
        if inner is None:
            return None
        here = inner
    return None


def _enter(field: Field, part: str | int | None) -> Field | str | None:
    """The field inside; None where anything goes; a word for what is wrong."""
    if field.kind == "collection":
        return None if part is None else field.nested().get(str(part)) or "unknown"
    if field.kind == "array":
        return "list" if isinstance(part, str) else Collection(field.label, field.nested())
    if field.kind in ("any", "pairs", "file", "files", "multiselect") or not isinstance(part, str):
        return None
    return "plain"


def _sentence(problem: str, way: Reference, part: str | int | None, field: Field) -> str:
    if problem == "list":
        return f"{written(way)} is a list: write {written((*way, 0))}.{part} for its first entry"
    if problem == "plain":
        return f"{written(way)} is no mapping, so there is no {written((*way, part))}"
    known: Sequence[str] = list(field.nested())
    return no_entry(written(way) if way else "", str(part), known, known_as="" if way else "names")


def field_at(reference: Reference, scope: Collection) -> Field | None:
    """The field that a reference leads to, None where that is not known."""
    here: Field = scope
    for part in reference:
        inner = _enter(here, part)
        if not isinstance(inner, Field):
            return None
        here = inner
    return here
