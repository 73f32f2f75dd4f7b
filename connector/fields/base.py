"""What every field knows, and the entries of drop-down lists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import marshmallow as ma

Kind = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "select",
    "multiselect",
    "url",
    "file",
    "files",
    "pairs",
    "timestamp",
    "any",
    "collection",
    "array",
]


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down list: the value that is sent, what a person reads, and why they would choose it."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Dynamic:
    """A drop-down list whose entries come from the API, e.g. the output formats that an input format can become.

    `source` names the list; `depends_on` names the fields of the same form whose values narrow it.
    """

    source: Literal["input_formats", "output_formats", "engines", "operations", "options", "jobs", "tasks"]
    operation: str | None = None
    depends_on: tuple[str, ...] = ()


class Field(ma.fields.Field[Any]):
    """What every field of a form or an output has.

    Args:
        label: what stands beside the field; `help`: one or two sentences below it.
        required, default: as a dialog understands them; a default makes a field optional.
        advanced: hidden until a person asks for advanced settings.
        mappable: an output of an earlier module may be put here.
        secret: shown as dots, never logged.
        options: the entries of a drop-down list, fixed or from the API.
        absent: where leaving the field empty is a choice of its own, the label of that choice; `given` is then the label
            of the other one.
        shown_when: (name of a select field, its values) for which this field is asked at all.
        example: a value as an output sample or a placeholder shows it.
        source: for an output, the path in the API's object from which it is taken (its own name by default); see
            `connector.runtime.outputs`. For a field of an item, the name that the API has for it.

    """

    kind: ClassVar[Kind]

    def __init__(
        self,
        label: str,
        *,
        help: str = "",  # noqa: A002 - the word that every platform uses
        required: bool = False,
        default: Any = None,
        advanced: bool = False,
        mappable: bool = True,
        secret: bool = False,
        options: Sequence[Choice] | Dynamic | None = None,
        absent: str | None = None,
        given: str | None = None,
        shown_when: tuple[str, tuple[str, ...]] | None = None,
        example: Any = None,
        source: str | None = None,
        validate: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(
            required=required,
            load_default=ma.missing if default is None else default,
            validate=validate,
            error_messages={"required": "is required", "null": "is required", "validator_failed": "is not allowed"},
        )
        self.label = label
        self.help = help
        self.default = default
        self.advanced = advanced
        self.mappable = mappable
        self.secret = secret
        self.options = options
        self.absent = absent
        self.given = given
        self.shown_when = shown_when
        self.example = example
        self.source = source

    def from_text(self, text: str) -> Any:
        """The value that a person means who writes it on a command line; lists and mappings are JSON."""
        return text

    def nested(self) -> Mapping[str, Field]:
        """The fields inside this one, by name; empty for a plain field."""
        return {}


def filled_in(data: Any) -> Any:
    """A form without what nobody touched: platforms send null or an empty text for that."""
    if not isinstance(data, Mapping):
        return data
    # Not by `in`: what a Python caller hands over, such as an array, may not be comparable with a text.
    return {
        key: value for key, value in data.items() if value is not None and not (isinstance(value, str) and not value)
    }


_HALF = re.compile("[\ud800-\udfff]")


def is_sendable(text: str) -> bool:
    """Whether a request can carry the text: half a character (a lone surrogate) has no UTF-8."""
    return _HALF.search(text) is None


def is_json(value: Any) -> bool:
    """Whether JSON can hold the value, and so a request."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def json_or_text(text: str) -> Any:
    """What a command line means by a value: JSON where it parses, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
