from __future__ import annotations

import ast

from tests.stubs import FILE, stub


def test_what_editors_see_is_fresh() -> None:
    assert FILE.read_text() == stub(), "write it with: python -m tests.stubs"


def test_it_is_python() -> None:
    ast.parse(stub())
