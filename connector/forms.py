"""A form: a named set of fields, validated as a whole, with a sentence for whatever is wrong."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import marshmallow as ma

from connector.errors import InputError
from connector.fields import Field, Pairs
from connector.fields.base import filled_in
from connector.files import RemoteFile
from connector.redact import redact, remember

Form = Mapping[str, Any]

_LONGEST = 200  # characters of a sentence: what a platform shows without cutting it


class Fields(ma.Schema):
    """A named set of fields: a form to fill in, or the outputs of a module.

    Sets can be combined by inheritance. `section` is the heading under which a dialog shows the fields that this class
    adds, and `position` where the section stands; a module's own fields stand at 50.
    """

    section: ClassVar[str] = ""
    position: ClassVar[int] = 50

    @classmethod
    def all(cls) -> dict[str, Field]:
        """Every field by name, in the order a dialog shows them."""
        return {name: field for section in cls.sections() for name, field in section.fields.items()}

    @classmethod
    def sections(cls) -> list[Section]:
        """The fields grouped by the classes that declared them, in order of their positions."""
        owners = [base for base in reversed(cls.__mro__) if issubclass(base, Fields)]
        seen: set[str] = set()
        sections = []
        for owner in owners:
            own = {name: field for name, field in owner._declared_fields.items() if name not in seen}
            seen.update(own)
            if own:
                # A later class may refine a field; its place stays where it was first declared.
                refined = {name: cls._declared_fields[name] for name in own}
                about = vars(owner)  # not inherited: the heading belongs to the class that adds the fields
                sections.append(Section(about.get("section", ""), about.get("position", 50), refined))  # type: ignore[arg-type]
        return sorted(sections, key=lambda section: section.position)

    @ma.pre_load
    def _leave_out_what_was_not_filled_in(self, data: Any, **_: Any) -> Any:
        return filled_in(data)


@dataclass(frozen=True)
class Section:
    """A heading of a dialog with the fields below it."""

    label: str
    position: int
    fields: Mapping[str, Field]


def fill(form: type[Fields], values: Form, title: str) -> dict[str, Any]:
    """The validated form: values in their Python types, defaults filled in, empty optional fields left out.

    Raises InputError, whose `fields` says for each wrong field what is wrong with it. `title` begins its sentence, which
    has at most 200 characters; none of them is a control character or, as far as can be told, of a secret. What is secret
    in the form is masked in every text from now on.
    """
    if not isinstance(values, Mapping):
        raise InputError(f"{title} needs a form: fields by their names.", fields={"form": "must be a mapping"})
    schema = _schema_of(form)
    unknown = [_short(str(name), 60) for name in values if name not in schema.fields]
    if unknown:
        raise _unknown_fields(form, unknown, title)
    try:
        loaded: dict[str, Any] = schema.load(values)
    except ma.ValidationError as error:
        messages: Mapping[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise _wrong_fields(form, messages, title) from None
    for secret in secrets_in(cast(dict[str, Field], schema.fields), loaded):
        remember(secret)
    return loaded


_PLAIN_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-type", "origin", "range", "referer", "user-agent"}
)  # fmt: skip


def secrets_in(fields: Mapping[str, Field], values: Form) -> Iterator[str]:
    """The secret texts in a filled-in form: of secret fields, and of headers, since any header may hold a key."""
    for name, value in values.items():
        field = fields[name]
        if field.secret:
            yield from texts_in(value)
        elif isinstance(field, Pairs) and field.text_values:
            yield from _in_headers(value)
        for file in value if isinstance(value, list) else [value]:
            if isinstance(file, RemoteFile):
                yield from _in_headers(file.headers)
            elif isinstance(file, Mapping) and isinstance(file.get("file"), RemoteFile):
                yield from _in_headers(file["file"].headers)


def texts_in(value: Any) -> list[str]:
    """Every text in a value, however deep."""
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def _in_headers(headers: Mapping[str, str]) -> Iterator[str]:
    return (value for name, value in headers.items() if name.strip().lower() not in _PLAIN_HEADERS)


@functools.cache
def _schema_of(form: type[Fields]) -> Fields:
    """A form that is filled in again and again: making it copies every field."""
    return form()


def nearest(name: str, known: Sequence[str]) -> str:
    """A question that names what was probably meant, or nothing."""
    close = difflib.get_close_matches(name.lower(), [k.lower() for k in known], n=1)
    return next((f" Did you mean {k!r}?" for k in known if close and k.lower() == close[0]), "")


def _unknown_fields(form: type[Fields], names: Sequence[str], title: str) -> InputError:
    known = list(form.all())
    suggestion = nearest(names[0], known)
    have = f"It has: {', '.join(known)}." if known else "It needs no fields."
    return InputError(
        f"{title} has no field '{names[0]}'.{suggestion}",
        fields=dict.fromkeys(names, "is not a field of this module"),
        hint=have,
    )


def _wrong_fields(form: type[Fields], messages: Mapping[str, Any], title: str) -> InputError:
    fields = dict(_flatten(messages))
    first, problem = next(iter(fields.items()))
    root = form.all().get(first.split(".")[0])
    begin = f"{title}: {root.label} ({_short(first, 60)})" if root else f"{title}: {_short(first, 60)}"
    end = f" {len(fields) - 1} more field{'s are' if len(fields) > 2 else ' is'} wrong." if len(fields) > 1 else ""
    room = _LONGEST - len(f"{begin} .{end}")
    return InputError(f"{begin} {_short(problem, room)}.{end}", fields=fields)


def _flatten(messages: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested messages by dotted field names; positions in lists count from 1, as people do."""
    for key, value in messages.items():
        name = f"{prefix}{key + 1 if isinstance(key, int) else key}".removesuffix("._schema")
        if isinstance(value, Mapping):
            yield from _flatten(value, name + ".")
        else:
            yield _short(name, 100), _short(str(value[0] if isinstance(value, list) else value))


def _short(text: str, longest: int = 160) -> str:
    """The beginning of a text that may hold anything, fit to be shown."""
    start = redact(text[: 10 * longest])
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in start[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
