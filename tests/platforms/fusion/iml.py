"""A small reader and evaluator of the platform's expressions. Whatever it does not know, it refuses loudly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any


class ImlError(AssertionError):
    """The expression, or what it is applied to, is not understood."""


class Undefined:
    """What is not there; it drops its key."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()
CONSTANTS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED, "emptystring": "", "emptyarray": []}
Context = Mapping[str, Any]
Expression = Callable[[Context], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|"[^"]*")|(?P<name>[A-Za-z_]\w*)|`(?P<quoted>[^`]+)`
    |(?P<op>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%=<>&|!().,;\[\]]))""",
    re.VERBOSE,
)
_LEVELS = (
    ("||", "|"),
    ("&&", "&"),
    ("=", "==", "===", "!=", "!=="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token."""
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if not match:
            raise ImlError(f"{text!r} cannot be read at {text[position : position + 20]!r}.")
        yield str(match.lastgroup), match[str(match.lastgroup)]
        position = match.end()


class Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._text = text
        self._tokens = [*tokens(text), ("end", "")]
        self._at = 0
        self._functions = functions

    def parse(self) -> Expression:
        """The whole text as one expression."""
        made = self._level(0)
        if self._tokens[self._at][0] != "end":
            raise ImlError(f"{self._text!r} goes on where it should end: {self._tokens[self._at][1]!r}.")
        return made

    def _take(self, *wanted: str) -> str | None:
        kind, text = self._tokens[self._at]
        if kind == "op" and text in wanted:
            self._at += 1
            return text
        return None

    def _need(self, wanted: str) -> None:
        if not self._take(wanted):
            raise ImlError(f"{self._text!r} lacks a {wanted!r}.")

    def _level(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while operator := self._take(*_LEVELS[level]):
            left = _binary(operator, left, self._level(level + 1))
        return left

    def _unary(self) -> Expression:
        operator = self._take("!", "-")
        if operator is None:
            return self._postfix()
        inner = self._unary()
        return (lambda context: not truth(inner(context))) if operator == "!" else (lambda context: -inner(context))

    def _postfix(self) -> Expression:
        made = self._primary()
        while operator := self._take(".", "["):
            if operator == ".":
                made = _member(made, self._name())
            else:
                index = (lambda _: 1) if self._take("]") else self._level(0)
                if self._tokens[self._at - 1][1] != "]":
                    self._need("]")
                made = _item(made, index)
        return made

    def _name(self) -> str:
        kind, text = self._tokens[self._at]
        if kind not in ("name", "quoted"):
            raise ImlError(f"{self._text!r} needs a name before {text!r}.")
        self._at += 1
        return text

    def _primary(self) -> Expression:
        kind, text = self._tokens[self._at]
        if self._take("("):
            inner = self._level(0)
            self._need(")")
            return inner
        self._at += 1
        if kind == "number":
            return lambda _: float(text) if "." in text else int(text)
        if kind == "text":
            return lambda _: text[1:-1]
        if kind == "name" and self._take("("):
            return self._call(text)
        if kind == "name" and text in CONSTANTS:
            return lambda _: CONSTANTS[text]
        if kind in ("name", "quoted"):
            return _variable(text)
        raise ImlError(f"{self._text!r} needs a value before {text!r}.")

    def _call(self, name: str) -> Expression:
        if name not in self._functions:
            raise ImlError(f"There is no function {name!r} (in {self._text!r}).")
        arguments: list[Expression] = []
        while not self._take(")"):
            if arguments and not self._take(",", ";"):
                raise ImlError(f"{self._text!r} lacks a comma or a bracket.")
            arguments.append(self._level(0))
        function = self._functions[name]
        return lambda context: function(*[argument(context) for argument in arguments])


def _variable(name: str) -> Expression:
    def read(context: Context) -> Any:
        if name not in context:
            raise ImlError(f"There is no variable {name!r} here; there are {', '.join(context)}.")
        value = context[name]
        return value() if callable(value) else value

    return read


def member(value: Any, key: str) -> Any:
    """A key of an object; undefined where there is no object."""
    if isinstance(value, Undefined) or value is None:
        return UNDEFINED
    if not isinstance(value, Mapping):
        raise ImlError(f"{key!r} is asked of {str(value)[:60]!r}, which is no object.")
    return value.get(key, UNDEFINED)


def _member(made: Expression, name: str) -> Expression:
    return lambda context: member(made(context), name)


def _item(made: Expression, index: Expression) -> Expression:
    def read(context: Context) -> Any:
        value, position = made(context), index(context)
        if isinstance(value, Undefined) or value is None:
            return UNDEFINED
        if not isinstance(value, list) or not isinstance(position, int) or position == 0:
            raise ImlError(f"Item {position!r} is asked of {str(value)[:60]!r}.")
        place = position - 1 if position > 0 else len(value) + position
        return value[place] if 0 <= place < len(value) else UNDEFINED

    return read


def truth(value: Any) -> bool:
    """As in JavaScript: an empty list or object is true."""
    return isinstance(value, list | Mapping) or bool(value)


def same(left: Any, right: Any) -> bool:
    """Equality; null and undefined are the same."""
    absent = [value is None or isinstance(value, Undefined) for value in (left, right)]
    return all(absent) if any(absent) else (type(left) is type(right) and left == right) or _as_numbers(left, right)


def _as_numbers(left: Any, right: Any) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (left, right))
    return numbers and bool(left == right)


def _binary(operator: str, left: Expression, right: Expression) -> Expression:
    if operator in ("||", "|"):
        return lambda context: value if truth(value := left(context)) else right(context)
    if operator in ("&&", "&"):
        return lambda context: right(context) if truth(value := left(context)) else value
    return lambda context: _apply(operator, left(context), right(context))


def _apply(operator: str, left: Any, right: Any) -> Any:
    if operator in ("=", "==", "==="):
        return same(left, right)
    if operator in ("!=", "!=="):
        return not same(left, right)
    if operator == "+" and not (is_number(left) and is_number(right)):
        return as_text(left) + as_text(right)
    if not (is_number(left) and is_number(right)) and not (isinstance(left, datetime) and isinstance(right, datetime)):
        raise ImlError(f"{left!r} {operator} {right!r} is not understood.")
    return _ARITHMETIC[operator](left, right)


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}


def is_number(value: Any) -> bool:
    """Whether one can count with it."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_text(value: Any) -> str:
    """A value inside text."""
    import json

    if isinstance(value, Undefined) or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        raise ImlError("The content of a file stands inside text.")
    return json.dumps(value) if isinstance(value, list | Mapping) else str(value)
