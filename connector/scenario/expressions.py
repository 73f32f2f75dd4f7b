"""Texts with `{{ expressions }}`: what they refer to, and their value.

A text that is one expression gives that expression's value itself, whatever its type: the list, the number, the text
"123". Around other text the value becomes a part of the text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateExpression

from connector.errors import InputError
from connector.scenario.language import LANGUAGE, JoinBounded
from connector.scenario.limits import LONGEST_EXPRESSION, allowance, weigh
from connector.scenario.references import Reference, is_reference, references_in, unresolved

_MARKS = ("{{", "{%", "{#")
_BROKEN = (
    TemplateError, ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class Expression:
    """A text that was understood. Raises InputError, whose sentence continues one, if it cannot be."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _parse(text)
        self._is_whole = len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData)
        self._hands_on = self._is_whole and is_reference(parts[0])
        self.references: tuple[Reference, ...] = tuple(
            reference for part in parts for reference in references_in(part, set(LANGUAGE.globals))
        )
        try:
            self._value = _compiled(parts, whole=self._is_whole)
        except _BROKEN as error:
            raise InputError(_first_line(error)) from None

    @property
    def is_reference(self) -> bool:
        """Whether it is nothing but the name of a value, e.g. {{ steps.convert.files }}."""
        return self._hands_on

    def value(self, scope: Mapping[str, Any]) -> Any:
        """What it gives with these names. Raises InputError, whose sentence continues one."""
        try:
            with allowance():
                value = self._value(scope)
                if not self._hands_on:
                    weigh(value)
                _refuse_missing(value)
        except InputError as error:
            raise InputError(f"{error.message} in {_shown(self.text)}") from None
        except _BROKEN as error:
            reason = self._reason(scope, error)
            raise InputError(reason) from None
        return value

    def _reason(self, scope: Mapping[str, Any], error: Exception) -> str:
        missing = next((problem for reference in self.references if (problem := unresolved(reference, scope))), None)
        return missing or f"{_shown(self.text)} cannot be evaluated: {_first_line(error)}"


@functools.lru_cache(maxsize=1000)
def expression(text: str) -> Expression:
    """The expression of a text; understood once, however often a step is repeated."""
    return Expression(text)


def setting(text: str) -> Expression:
    """The expression of `when` or `for_each`, where the braces may be left out."""
    return expression(text if is_dynamic(text) else f"{{{{ {text} }}}}")


def is_dynamic(value: Any) -> bool:
    """Whether there is an expression anywhere in it."""
    return next(texts(value), None) is not None


def texts(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text with expressions at any depth of a value, and where it stands."""
    if isinstance(value, str):
        if any(mark in value for mark in _MARKS):
            yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts(item, (*place, index))


def render(value: Any, scope: Mapping[str, Any]) -> Any:
    """The value with every expression in it replaced by what it gives. Raises InputError."""
    if isinstance(value, str):
        return expression(value).value(scope) if is_dynamic(value) else value
    if isinstance(value, Mapping):
        return {key: render(item, scope) for key, item in value.items()}
    return [render(item, scope) for item in value] if isinstance(value, list | tuple) else value


def _parse(text: str) -> list[nodes.Expr]:
    if len(text) > LONGEST_EXPRESSION:
        raise InputError(f"a text with expressions may have at most {LONGEST_EXPRESSION:,} letters")
    try:
        whole = _outputs(text.strip())
        # Blanks around one expression are how YAML folds it; around anything else they belong to the text.
        return whole if len(whole) == 1 and not isinstance(whole[0], nodes.TemplateData) else _outputs(text)
    except TemplateSyntaxError as error:
        raise InputError(f"{_shown(text)} is no expression: {_first_line(error)}") from None
    except RecursionError:
        raise InputError(f"{_shown(text)} is nested too deeply") from None


def _outputs(text: str) -> list[nodes.Expr]:
    template = JoinBounded().visit(LANGUAGE.parse(text))
    if any(not isinstance(statement, nodes.Output) for statement in template.body):
        raise InputError(
            "statements ({% ... %}) are not known here; use {{ a if b else c }}, or the step's when and for_each"
        )
    return [part for output in template.body for part in output.nodes]


def _compiled(parts: list[nodes.Expr], *, whole: bool) -> Any:
    if not whole:
        body: nodes.Node = nodes.Output(parts, lineno=1)
        template = LANGUAGE.from_string(_template(body))
        return template.render
    # What Jinja's own compile_expression does; it takes the source only, which still has its braces here.
    body = nodes.Assign(nodes.Name("result", "store", lineno=1), parts[0], lineno=1)
    return TemplateExpression(LANGUAGE.from_string(_template(body)), False)


def _template(body: nodes.Node) -> Any:
    template = nodes.Template([body], lineno=1)
    template.set_environment(LANGUAGE)
    return template


def _refuse_missing(value: Any) -> None:
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError
    elif isinstance(value, Mapping):
        for item in value.values():
            _refuse_missing(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_missing(item)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
