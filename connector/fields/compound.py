"""Fields made of others: names with values, collections, lists of collections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma

from connector.fields.base import Field, filled_in, is_json, is_sendable, json_or_text


class Inside(ma.Schema):
    """Fields inside a field: filled in and refused in the same words as a whole form."""

    error_messages = {"unknown": "is not known here", "type": "must be a mapping"}

    @ma.pre_load
    def _leave_out_what_was_not_filled_in(self, data: Any, **_: Any) -> Any:
        return filled_in(data)


class Pairs(Field):
    """Names and values, e.g. headers or engine options. Becomes a mapping; given as a mapping or as a list of pairs.

    `name_label` and `value_label` are the column titles, `add_label` names the button for a further row. `text_values`
    holds for headers: every name and value must be one that HTTP can carry (RFC 9110, section 5).
    """

    kind = "pairs"

    def __init__(
        self,
        label: str,
        *,
        name_label: str = "Name",
        value_label: str = "Value",
        add_label: str = "Add an item",
        text_values: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(label, **rest)
        self.name_label = name_label
        self.value_label = value_label
        self.add_label = add_label
        self.text_values = text_values

    def from_text(self, text: str) -> Any:
        """JSON."""
        return json_or_text(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        pairs = dict(_pairs(value))
        for name, item in pairs.items():
            problem = _problem_of_header(name, item) if self.text_values else _problem_of_pair(name, item)
            if problem:
                raise ma.ValidationError(problem)
        return pairs


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def _problem_of_header(name: str, value: object) -> str:
    if not _TOKEN.fullmatch(name):
        return f"must have names as headers have, unlike {name[:40]!r}"
    if not isinstance(value, str) or any(c in value for c in "\r\n\0"):
        return f"the value of {name[:40]!r} must be text without line breaks"
    if not _FIELD_VALUE.fullmatch(value):
        return f"the value of {name[:40]!r} has characters that no header can hold"
    return ""


def _problem_of_pair(name: str, value: object) -> str:
    if not is_sendable(name):
        return "must not hold half a character"
    return "" if is_json(value) else f"the value of {name[:40]!r} must be something that JSON can hold"


def _pairs(value: Any) -> list[tuple[str, Any]]:
    """Rows of {name, value} (or {key, value}, as some platforms call it), or a mapping. Unfilled rows are left out."""
    if isinstance(value, Mapping):
        rows: list[tuple[Any, Any]] = list(value.items())
    elif (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and all(isinstance(row, Mapping) for row in value)
    ):
        rows = [(row.get("name", row.get("key")), row.get("value")) for row in value]
    else:
        raise ma.ValidationError("must be a mapping, or a list of items with a name and a value")
    filled = [(name, item) for name, item in rows if name not in (None, "")]
    if not all(isinstance(name, str) for name, _ in filled):
        raise ma.ValidationError("must have text as names")
    return filled


class Collection(Field):
    """Several fields under one name."""

    kind = "collection"

    def __init__(self, label: str, fields: Mapping[str, Field], **rest: Any) -> None:
        super().__init__(label, **rest)
        self.fields = fields

    def nested(self) -> Mapping[str, Field]:
        """The fields of the collection."""
        return self.fields

    def from_text(self, text: str) -> Any:
        """JSON."""
        return json_or_text(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        if not isinstance(value, Mapping):
            raise ma.ValidationError("must be a mapping")
        return dict(Inside.from_dict(dict(self.fields))().load(value))


class Array(Field):
    """A list of collections."""

    kind = "array"

    def __init__(self, label: str, fields: Mapping[str, Field], *, add_label: str = "Add an item", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.fields = fields
        self.add_label = add_label

    def nested(self) -> Mapping[str, Field]:
        """The fields of each item."""
        return self.fields

    def from_text(self, text: str) -> Any:
        """JSON."""
        return json_or_text(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:  # noqa: ARG002
        if not isinstance(value, list | tuple):
            raise ma.ValidationError("must be a list")
        return list(Inside.from_dict(dict(self.fields))(many=True).load(value))
