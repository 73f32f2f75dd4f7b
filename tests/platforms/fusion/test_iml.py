"""The interpreter of the tests itself: it gives what the platform gives, and refuses what it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.fusion.iml import UNDEFINED, ImlError
from tests.platforms.fusion.render import render

CONTEXT = {"a": {"b": [1, {"x-y": "z"}]}, "text": "t", "none": None, "rows": [{"k": 1, "v": "p"}, {"k": 2, "v": "q"}]}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{a.b[1]}}", 1),
        ("{{a.b[-1].`x-y`}}", "z"),
        ("{{1 + 2 * 3}} {{'a' + 1}}", "7 a1"),
        ("{{if(a.b[1] = 1 && !none, 'yes'; 'no')}}", "yes"),
        ("{{ifempty(none, ifempty(text, 'x'))}}", "t"),
        ("x{{a.nothing.at.all}}y", "xy"),
        ("{{map(rows, 'v', 'k', 2)}}", ["q"]),
        ({"k": "{{undefined}}", "{{text}}": "{{toCollection(rows, 'v', 'k')}}"}, {"t": {"p": 1, "q": 2}}),
        ({"{{...}}": "{{a}}", "b": 2}, {"b": 2}),
        ("{{null}}", None),
    ],
)
def test_templates_give_what_the_platform_gives(template: Any, expected: Any) -> None:
    assert render(template, CONTEXT) == expected


def test_what_is_not_there_is_undefined() -> None:
    assert render("{{a.b[7].c}}", CONTEXT) is UNDEFINED


@pytest.mark.parametrize(
    "template",
    [
        "{{unknown(1)}}",
        "{{nothing}}",
        "{{a.}}",
        "{{1 +}}",
        "{{(1}}",
        "{{text.length}}",
        "{{a.b[0]}}",
        "{{'a' < 1}}",
        "{{[1]}}",
        "{{ 1",
        "{{map('text', 'k')}}",
        {"{{...}}": "{{undefined}}"},
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused(template: Any) -> None:
    with pytest.raises(ImlError):
        render(template, CONTEXT)
