"""Fills in an emitted form with the values of a form of ours, as a person would; refuses what the form does not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.files import LocalFile, RemoteFile
from connector.module import Module

Json = dict[str, Any]


def bundle(module: type[Module], specs: list[Json], form: Mapping[str, Any]) -> Json:
    """The parameters that the platform hands to the module."""
    filled = module.fill(form)
    values = {name: filled[name] if _holds_files(module, name) else value for name, value in form.items()}
    left = dict(values)
    made = _fill(specs, left)
    assert not left, f"The emitted form of {module.name()} has no place for {sorted(left)}."
    return made


def _holds_files(module: type[Module], name: str) -> bool:
    field = module.Input.all()[name]
    kinds = [field.kind, *[inner.kind for inner in field.nested().values()]]
    return "file" in kinds or "files" in kinds


def _fill(specs: list[Json], left: Json) -> Json:
    made: Json = {}
    for spec in specs:
        made |= _one(spec, left)
    return made


def _one(spec: Json, left: Json) -> Json:
    name = spec["name"]
    if spec["type"] == "collection":
        return {name: _fill(spec["spec"], left)}
    if spec["type"] == "select" and isinstance(spec.get("options"), list):
        return _choice(spec, left)
    value = left.pop(name, spec.get("default"))
    assert value is not None or not spec.get("required"), f"{name} is required."
    if value is None:
        return {}
    return {name: [_item(spec["spec"], item) for item in _rows(value)] if spec["type"] == "array" else value}


def _choice(spec: Json, left: Json) -> Json:
    name = spec["name"]
    nested = {option["value"]: option.get("nested", []) for option in spec["options"]}
    if set(nested) == {"upload", "url"}:
        return _file(name, nested, left)
    if name.startswith("use_"):
        left[name] = "yes" if name.removeprefix("use_") in left else "no"
    value = left.pop(name, spec.get("default"))
    assert value is not None or not spec.get("required"), f"{name} is required."
    # A field that is not required may be mapped from something that is empty.
    for one in value if isinstance(value, list) else [value] * (value is not None and value != ""):
        assert one in nested, f"{name} has no choice {one!r}."
    return (
        {}
        if value is None
        else {name: value} | (_fill(nested[value], left) if isinstance(value, str) and value else {})
    )


def _file(name: str, nested: Mapping[str, list[Json]], left: Json) -> Json:
    file = left.pop(name, None)
    if isinstance(file, LocalFile):
        with file.open() as stream:
            own = {f"{name}_name": file.name, f"{name}_data": stream.read()}
        return {name: "upload"} | _fill(nested["upload"], own)
    if isinstance(file, RemoteFile):
        own = {f"{name}_url": file.url} | ({f"{name}_headers": dict(file.headers)} if file.headers else {})
        return {name: "url"} | _fill(nested["url"], own)
    assert file is None, f"{name} holds {file!r}, which is no file."
    return {}


def _rows(value: Any) -> list[Any]:
    """A list; of a mapping, its names and values."""
    return (
        [{"name": name, "value": item} for name, item in value.items()] if isinstance(value, Mapping) else list(value)
    )


def _item(spec: Any, item: Any) -> Any:
    if isinstance(spec, Mapping):
        return item
    if isinstance(item, LocalFile | RemoteFile):
        item = {"file": item}
    if "key" in item:
        item = {"name": item["key"], "value": item["value"]}
    left = dict(item)
    made = _fill(spec, left)
    assert not left, f"There is no place for {sorted(left)} in the items."
    return made
