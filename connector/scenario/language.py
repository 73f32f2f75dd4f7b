"""The language of expressions: Jinja's, cut down to values, operators and a list of filters.

There are no statements and no method calls. The dot reads an entry of a mapping and nothing else, so that Python's
internals are out of reach, and `steps.each.items` is the output of that name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from connector.scenario.filters import FILTERS_BY_NAME, as_text
from connector.scenario.limits import bounded_range, require_small


class Missing(StrictUndefined):
    """What is not there: using it is an error, asking for it (`is defined`, `default`) is not."""


class Language(ImmutableSandboxedEnvironment):
    """The environment in which expressions are compiled and evaluated."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        # Not optimized: that would evaluate constants while compiling, before anything is weighed.
        super().__init__(undefined=Missing, finalize=as_text, keep_trailing_newline=True, optimized=False)
        self.filters = dict(FILTERS_BY_NAME)
        self.globals = {"range": bounded_range}

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Undefined):
            return obj
        if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice) and not isinstance(argument, bool):
            with contextlib.suppress(IndexError, TypeError, ValueError):
                return obj[argument]
        return self.undefined(obj=obj, name=str(argument)[:60])

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is bounded_range

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        require_small(operator, left, right)
        return super().call_binop(context, operator, left, right)


class JoinBounded(NodeTransformer):
    """Turns `a ~ b` into the filter join, which knows a limit."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the visitor's convention
        """One joined text for all that stands between the ~."""
        parts = [self.visit(part) for part in node.nodes]
        return nodes.Filter(nodes.List(parts, lineno=node.lineno), "join", [], [], None, None, lineno=node.lineno)


LANGUAGE = Language()
"""The one environment; it holds nothing that a run could change."""
