"""The values of a form as expressions: what goes into a request, the same as the Python run time sends."""

from __future__ import annotations

from connector.fields import Field, FormatSelect
from connector.platforms.fusion.iml import (
    call,
    if_,
    if_empty,
    length,
    literal,
    pairs,
    some_pairs,
)
from connector.platforms.fusion.limits import LONGEST_WAIT


def value(field: Field, at: str) -> str:
    """The expression of a field whose value is found at `at`: its default where it is empty, else nothing at all."""
    default = "undefined" if field.default is None else None
    if field.kind == "pairs":
        return pairs(at) if field.required else some_pairs(at)
    if field.kind == "multiselect":
        return if_(f"{length(at)} > 0", at, default or literal(field.default))
    # A mapped address or format may come with blanks, and a format in capital letters.
    if field.kind == "url":
        at = call("trim", if_empty(at, "''"))
    if isinstance(field, FormatSelect):
        at = call("lower", call("trim", if_empty(at, "''")))
    return if_empty(at, default or literal(field.default))


def wait_limit(at: str) -> str:
    """The seconds to wait, no more than the platform allows."""
    return call("min", if_empty(at, literal(LONGEST_WAIT)), literal(LONGEST_WAIT))
