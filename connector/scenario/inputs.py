"""The inputs that a scenario declares, as fields of the one vocabulary, and the values that a run gives them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import marshmallow as ma

from connector.errors import InputError
from connector.fields import AnyValue, Boolean, Field, File, Files, Integer, Text, Url
from connector.forms import nearest, texts_in
from connector.redact import redact_data, remember

TYPES: Mapping[str, type[Field]] = {
    "any": AnyValue,
    "boolean": Boolean,
    "file": File,
    "files": Files,
    "integer": Integer,
    "text": Text,
    "url": Url,
}
_KEYS = ("type", "label", "help", "required", "default", "secret")


def declare(name: str, about: Any) -> Field:
    """The field for one entry of `inputs`: a mapping with the keys type, label, help, required, default and secret.

    Anything else is the default, whose kind decides the type; nothing at all makes a required text. An input whose
    name tells that it is a secret is one, unless it says otherwise. Raises InputError; its `fields` are keys.
    """
    if not isinstance(about, Mapping):
        about = {"type": _type_of(about), "default": about, "required": about is None}
    problems = _problems(about)
    if problems:
        raise InputError(f"The input {name!r} is not declared well.", fields=problems)
    field = TYPES[about.get("type") or _type_of(about.get("default"))](
        about.get("label") or name.replace("_", " ").capitalize(),
        help=about.get("help") or "",
        required=about.get("required", about.get("default") is None),
        default=about.get("default"),
        secret=about.get("secret", _tells_a_secret(name)),
    )
    _check_default(name, field)
    return field


def _type_of(default: Any) -> str:
    match default:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case None | str():
            return "text"
    return "any"


def _problems(about: Mapping[Any, Any]) -> dict[str, str]:
    found = {
        str(key): f"there is no key {str(key)[:40]!r} here.{nearest(str(key)[:40], _KEYS)} There is: {', '.join(_KEYS)}"
        for key in about
        if key not in _KEYS
    }
    if about.get("type") is not None and about["type"] not in TYPES:
        found["type"] = f"must be one of {', '.join(TYPES)}.{nearest(str(about['type']), list(TYPES))}"
    texts = {key: "must be text" for key in ("label", "help") if not isinstance(about.get(key) or "", str)}
    switches = {
        key: "must be true or false"
        for key in ("required", "secret")
        if key in about and not isinstance(about[key], bool)
    }
    return found | texts | switches


def _check_default(name: str, field: Field) -> None:
    if field.default is None or field.kind in ("file", "files"):
        return  # whether a file is there matters when it is used
    try:
        field.deserialize(field.default)
    except ma.ValidationError as error:
        raise InputError(f"The input {name!r} has a wrong default.", fields={"default": _reason(error)}) from None


def from_text(declared: Mapping[str, Field], name: str, text: str) -> Any:
    """The value that a command line means; a name that is not declared is left to `accept`."""
    return declared[name].from_text(text) if name in declared else text


def accept(declared: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every input with its validated value, or its default; None for one that was left out.

    Files stay as they were given, paths made absolute, so that a run can be resumed elsewhere. Secrets are masked in
    all texts from now on. Raises InputError.
    """
    for name in given:
        if name not in declared:
            have = f"It has: {', '.join(declared)}." if declared else "It has none."
            raise InputError(
                f"The scenario has no input {name[:40]!r}.{nearest(name[:40], list(declared))}",
                fields={name: "is not an input of this scenario"},
                hint=have,
            )
    return {name: _accept_one(name, field, given.get(name)) for name, field in declared.items()}


def _accept_one(name: str, field: Field, value: Any) -> Any:
    if value is None or value == "":
        if field.required and field.default is None:
            raise InputError(
                f"The input {name!r} ({field.label}) is required: give it with --input {name}=VALUE.",
                fields={name: "is required"},
                hint=field.help,
            )
        value = field.default
    if value is None:
        return None
    try:
        valid = field.deserialize(value)
    except ma.ValidationError as error:
        reason = _reason(error)
        raise InputError(f"The input {name!r} ({field.label}) {reason}.", fields={name: reason}) from None
    accepted = _absolute(value) if field.kind in ("file", "files") else valid
    if field.secret:
        for text in texts_in(accepted):
            remember(text)
    return accepted


def _absolute(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_absolute(item) for item in value] if not _is_named_bytes(value) else value
    if isinstance(value, str) and not value.lower().startswith(("http://", "https://")):
        return str(Path(value).expanduser().absolute())
    return str(value.absolute()) if isinstance(value, Path) else value


def _is_named_bytes(value: Any) -> bool:
    return len(value) == 2 and isinstance(value[1], bytes)


def _reason(error: ma.ValidationError) -> str:
    messages: Any = error.messages
    while isinstance(messages, Mapping | list) and messages:
        messages = next(iter(messages.values())) if isinstance(messages, Mapping) else messages[0]
    return str(messages)[:160]


def _tells_a_secret(name: str) -> bool:
    return redact_data({name: "value"}) != {name: "value"}


def without_secrets(declared: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that may be stored."""
    return {name: value for name, value in values.items() if not declared[name].secret}
