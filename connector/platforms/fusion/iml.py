"""The platform's expression language (IML), as text. Only built-in functions; there are no literals for lists or objects."""

from __future__ import annotations

from typing import Any

SPREAD = "{{...}}"
"""The key whose value, an object, is merged into the object around it."""


def whole(expression: str) -> str:
    """A string that is one expression: the value keeps its type."""
    return f"{{{{{expression}}}}}"


def literal(value: Any) -> str:
    """A value as an expression: text, number, yes or no, or a list of texts without commas."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return f'"{value}"' if "'" in value else f"'{value}'"
        case list() if all(isinstance(item, str) and "," not in item for item in value):
            return f"split({literal(','.join(value))}, ',')" if value else "emptyarray"
    raise TypeError(f"IML cannot write {value!r}.")


def call(function: str, *arguments: str) -> str:
    """A built-in function, called with expressions."""
    return f"{function}({', '.join(arguments)})"


def if_(condition: str, then: str, otherwise: str = "undefined") -> str:
    """One of two values; by default nothing, which leaves its key out of what is sent."""
    return call("if", condition, then, otherwise)


def if_empty(expression: str, otherwise: str = "undefined") -> str:
    """The value, or the other one where it is undefined, null or an empty text."""
    return call("ifempty", expression, otherwise)


def items(expression: str) -> str:
    """A list that is certainly one: empty where there is nothing."""
    return if_empty(expression, "emptyarray")


def length(expression: str) -> str:
    """How many items a list has; 0 where there is none."""
    return call("length", items(expression))


def pairs(expression: str) -> str:
    """Rows of name and value as one object."""
    return call("toCollection", items(expression), "'name'", "'value'")


def some_pairs(expression: str) -> str:
    """Rows of name and value as one object; nothing where there are no rows."""
    return if_(f"{length(expression)} > 0", pairs(expression))


def mapped(expression: str, *keys: str) -> str:
    """One key of every item of a list; of those only whose second key has the third, where these are given."""
    return call("map", items(expression), *[literal(key) for key in keys])
