"""Forms from the words of a command line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from connector.errors import InputError
from connector.fields import File, Files
from connector.module import Module
from connector.recipe import Download


def form_from(file: IO[bytes] | None) -> dict[str, Any]:
    """A whole form from a JSON file."""
    if file is None:
        return {}
    try:
        form = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file.name} is not JSON: {error}.", fields={"--input": "is not JSON"}) from None
    if not isinstance(form, dict):
        raise InputError(
            f"{file.name} must hold one JSON object with the form's fields.", fields={"--input": "must be an object"}
        )
    return form


def form_of(module: type[Module], parameters: Sequence[str]) -> dict[str, Any]:
    """Values as a command line means them; fields that the module does not have are left to its own complaint."""
    fields = module.Input.all()
    form = {}
    for parameter in parameters:
        name, equals, text = parameter.partition("=")
        if not equals:
            raise InputError(f"-p {parameter[:60]!r} has no value: write -p NAME=VALUE.", fields={name: "has no value"})
        form[name] = fields[name].from_text(text) if name in fields else text
    return form


def with_download(
    module: type[Module], form: Mapping[str, Any], folder: Path | None
) -> tuple[dict[str, Any], Path | None]:
    """A folder means that the files are wanted; wanting the files without a folder means this one."""
    if isinstance(module.recipe, Download):
        return dict(form), folder or Path()
    if "download" not in module.Input.all():
        return dict(form), folder
    with contextlib.suppress(Exception):  # a wrong value is the form's own complaint
        wanted = (
            module.Input.all()["download"].deserialize(form["download"]) if "download" in form else folder is not None
        )
        return {**form, "download": wanted}, (folder or Path()) if wanted else None
    return dict(form), folder


def field_of_inputs(module: type[Module]) -> str:
    """The field that takes the inputs of a run over many: the module's files, else what it requires first."""
    fields = module.Input.all()
    files = getattr(module.recipe, "inputs", None)
    required = [name for name, field in fields.items() if field.required]
    if files not in fields and not required:
        raise InputError(f"{module.name()} takes no inputs that it could be run for.", fields={"module": "takes none"})
    return str(files if files in fields else required[0])


def form_for(module: type[Module], shared: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The form for one input, as it was written on a command line."""
    name = field_of_inputs(module)
    return {**shared, name: module.Input.all()[name].from_text(text)}


def require_sound(module: type[Module], shared: Mapping[str, Any], first: str) -> None:
    """Raise InputError for what would be wrong with every input. What is wrong with one is no reason to stop."""
    try:
        module.fill(form_for(module, shared, first))
    except InputError as error:
        name = field_of_inputs(module)
        if any(field.split(".")[0] != name for field in error.fields):
            raise


def inputs_of(words: Iterable[str], listed: IO[str] | None) -> Iterator[str]:
    """The inputs on the command line, then those in a list, one a line."""
    yield from words
    for line in listed or ():
        if line.strip():
            yield line.rstrip("\r\n")


def with_whole_paths(module: type[Module], form: Mapping[str, Any]) -> dict[str, Any]:
    """The form with the paths of its files as they are from anywhere on this machine."""
    fields = module.Input.all()
    return {name: _whole(value) if _holds_files(fields.get(name)) else value for name, value in form.items()}


def _holds_files(field: Any) -> bool:
    return isinstance(field, File | Files)


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, str) and not value.lower().startswith(("http://", "https://")):
        return str(Path(value).expanduser().absolute())
    return value
