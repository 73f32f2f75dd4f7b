"""Fields with one value: text, numbers, yes or no, choices, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

import marshmallow as ma

from connector.fields.base import Dynamic, Field, Kind, is_json, is_sendable, json_or_text


class Text(Field):
    """A line or more of text. `multiline` asks for a larger box."""

    kind: ClassVar[Kind] = "text"

    def __init__(self, label: str, *, multiline: bool = False, max_length: int | None = None, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.multiline = multiline
        self.max_length = max_length

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str):
            raise ma.ValidationError("must be text")
        if self.max_length is not None and len(value) > self.max_length:
            raise ma.ValidationError(f"must have at most {self.max_length} characters")
        if "\0" in value:
            raise ma.ValidationError("must not hold a NUL character")
        if not is_sendable(value):
            raise ma.ValidationError("must not hold half a character")
        return value


class Integer(Field):
    """A whole number between `minimum` and `maximum`, both included; `unit` is shown behind it."""

    kind = "integer"

    def __init__(
        self, label: str, *, minimum: int | None = None, maximum: int | None = None, unit: str = "", **rest: Any
    ) -> None:
        super().__init__(label, **rest)
        self.minimum = minimum
        self.maximum = maximum
        self.unit = unit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        number = _whole_number(value)
        if self.minimum is not None and number < self.minimum:
            raise ma.ValidationError(f"must be at least {self.minimum}")
        if self.maximum is not None and number > self.maximum:
            raise ma.ValidationError(f"must be at most {self.maximum}")
        return number


def _whole_number(value: Any) -> int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_text = isinstance(value, str) and len(value) < 30 and "_" not in value  # Python would read 1_000
    try:
        # Low-code platforms hand numbers on as text, and JSON ones as floats: 3.0 and "3" are whole numbers.
        number = int(value) if is_number or is_text else None
    except (ValueError, OverflowError):
        number = None
    if number is None or (is_number and number != value):
        raise ma.ValidationError("must be a whole number")
    return number


class Boolean(Field):
    """Yes or no. Takes what platforms send for it: true/false, yes/no, on/off, 1/0."""

    kind = "boolean"
    _words: ClassVar[Mapping[str, bool]] = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002
        word = str(value).lower() if isinstance(value, bool | str | int) else ""
        if word not in self._words:
            raise ma.ValidationError("must be yes or no")
        return self._words[word]


class Select(Text):
    """One of a list. With a fixed list any other value is refused; a list from the API is only a help for choosing."""

    kind = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(self.options, Dynamic) or self.options is None:
            return text
        allowed = [choice.value for choice in self.options]
        if text not in allowed:
            raise ma.ValidationError(f"must be one of {', '.join(allowed)}")
        return text


class FormatSelect(Select):
    """A file format: a lower-case extension without a dot. A leading dot and capital letters are forgiven.

    `question` stands beside the choice between giving a format and leaving it out, where there is one.
    """

    question: ClassVar[str] = "Format"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = value.strip().lstrip(".").lower() if isinstance(value, str) else value
        if isinstance(text, str) and not (text and text.isascii() and text.replace(".", "").replace("-", "").isalnum()):
            raise ma.ValidationError("must be a file format such as pdf or tar.gz")
        return super()._deserialize(text, attr, data, **kwargs)


class MultiSelect(Field):
    """Any number of entries of a list, at least one where the field is required. Becomes a list without repeats."""

    kind: ClassVar[Kind] = "multiselect"

    def from_text(self, text: str) -> Any:
        """A JSON list, or entries separated by commas or blanks."""
        value = json_or_text(text)
        return value if isinstance(value, list) else text.replace(",", " ").split()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:  # noqa: ARG002
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ma.ValidationError("must be a list of texts")
        if not all(map(is_sendable, value)):
            raise ma.ValidationError("must not hold half a character")
        if self.required and not value:
            raise ma.ValidationError("needs at least one entry")
        if self.options is not None and not isinstance(self.options, Dynamic):
            allowed = [choice.value for choice in self.options]
            if not set(value) <= set(allowed):
                raise ma.ValidationError(f"may only hold {', '.join(allowed)}")
        return list(dict.fromkeys(value))


class Url(Text):
    """An http or https address. Whether it may be reached is decided by who fetches it."""

    kind = "url"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        require_web_address(text)
        return text


def require_web_address(text: str) -> None:
    """Raise ValidationError unless the text is an http or https address with a host."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not is_sendable(text) or any(c.isspace() or ord(c) < 32 for c in text):
        raise ma.ValidationError("must be an address that begins with http:// or https://")


class Timestamp(Text):
    """A moment in ISO 8601 with offset, as CloudConvert writes it."""

    kind = "timestamp"


class AnyValue(Field):
    """Whatever JSON can hold, handed on as it is. An output may also hold bytes."""

    kind = "any"

    def from_text(self, text: str) -> Any:
        """JSON where it parses, else the text itself."""
        return json_or_text(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        if not is_json(value):
            raise ma.ValidationError("must be something that JSON can hold")
        return value
