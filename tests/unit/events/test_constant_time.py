"""A comparison with == ends at the first difference, and so tells a forger how far they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import connector.events

FOLDER = Path(connector.events.__file__).parent
SENSITIVE = re.compile(r"signature|sign\b|digest|hmac|secret|given|expected|fits")


def comparisons(source: str) -> Iterator[str]:
    """The comparisons by value in the source that touch something sensitive."""
    for node in ast.walk(ast.parse(source)):
        by_value = isinstance(node, ast.Compare) and any(
            isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for operator in node.ops
        )
        if by_value and SENSITIVE.search(ast.unparse(node)) and not ast.unparse(node).startswith("len("):
            yield ast.unparse(node)


@pytest.mark.row("W10")
def test_no_signature_is_compared_with_an_operator() -> None:
    found = [text for file in FOLDER.glob("*.py") for text in comparisons(file.read_text())]
    assert found == []


@pytest.mark.row("W10")
def test_the_search_would_find_one() -> None:
    assert list(comparisons("ok = header == sign(body, secret)")) == ["header == sign(body, secret)"]


def test_verify_compares_in_constant_time() -> None:
    assert "hmac.compare_digest(" in (FOLDER / "signature.py").read_text()
