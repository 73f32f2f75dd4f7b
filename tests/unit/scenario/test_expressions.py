from __future__ import annotations

from typing import Any

import pytest

from connector.errors import InputError
from connector.scenario.expressions import expression, is_dynamic, render, setting

FILE = {"name": "a.pdf", "size": 3, "url": "https://storage.example/a.pdf?s=1", "data": b"pdf"}
SCOPE: dict[str, Any] = {
    "inputs": {"number": 5, "text": "123", "listing": "[1]", "nothing": None},
    "steps": {
        "convert": {"skipped": False, "error": None, "files": [FILE], "items": [1, 2], "url": FILE["url"]},
        "left_out": {"skipped": True, "error": None},
        "broken": {"skipped": False, "error": {"message": "no"}},
        "empty": {"skipped": False, "error": None, "files": []},
    },
}


def value(text: str) -> Any:
    return expression(text).value(SCOPE)


def problem(text: str) -> str:
    with pytest.raises(InputError) as raised:
        value(text)
    return raised.value.message


def test_a_whole_expression_gives_the_value_itself() -> None:
    assert value("{{ steps.convert.files }}") is SCOPE["steps"]["convert"]["files"]
    assert value("{{ steps.convert.files[0].data }}") == b"pdf"


@pytest.mark.parametrize(("name", "same"), [("text", "123"), ("listing", "[1]"), ("number", 5), ("nothing", None)])
def test_texts_that_look_like_something_else_stay_texts(name: str, same: Any) -> None:
    given = value("{{ inputs." + name + " }}")
    assert (given, type(given)) == (same, type(same))


def test_blanks_around_one_expression_do_not_matter() -> None:
    assert value(" {{ inputs.number + 1 }}\n") == 6


def test_an_expression_among_other_text_gives_text() -> None:
    assert value("1{{ inputs.number }}") == "15"
    assert value("{{ inputs.nothing }}|{{ true }}|{{ [1, 'ü'] }}\n") == '|true|[1, "ü"]\n'


def test_an_output_called_items_is_reached_by_the_dot() -> None:
    assert value("{{ steps.convert.items[1] }}") == 2


def test_filters_for_names_and_lists() -> None:
    assert value("{{ steps.convert.url | basename | stem }}.{{ steps.convert.url | extension }}") == "a.pdf"
    assert value("{{ steps.convert.files | map(attribute='size') | sum }}") == 3
    assert value("{{ 'a,b' | split(',') | join('-') | upper }}") == "A-B"


def test_what_is_missing_can_be_asked_for() -> None:
    assert value("{{ steps.left_out.url | default('none') }}") == "none"
    assert value("{{ steps.left_out.files[0].url is defined }}") is False


MISSING = [
    ("{{ steps.convert.ulr }}", "steps.convert has no 'ulr'. Did you mean 'url'?"),
    ("{{ steps.convrt.url }}", "steps has no 'convrt'. Did you mean 'convert'?"),
    ("{{ stesp.convert }}", "there is no 'stesp' here. Did you mean 'steps'?"),
    ("{{ steps.convert.files[3].url }}", "steps.convert.files has 1 entry, so there is no steps.convert.files[3]"),
    ("{{ steps.empty.files[0] }}", "steps.empty.files is empty"),
    ("{{ steps.convert.files.url }}", "is a list: write steps.convert.files[0].url"),
    ("{{ steps.left_out.url }}", "the step 'left_out' was skipped"),
    ("{{ steps.broken.url }}", "the step 'broken' failed"),
    ("{{ [inputs.nope] }}", "inputs has no 'nope'"),
    ("a{{ inputs.nope }}", "inputs has no 'nope'"),
]


@pytest.mark.parametrize(("text", "message"), MISSING, ids=[text for text, _ in MISSING])
def test_what_is_missing_is_named_with_what_is_nearest(text: str, message: str) -> None:
    assert message in problem(text)


INTERNALS = [
    "{{ ''.__class__ }}",
    "{{ steps.convert.url['__class__'] }}",
    "{{ steps.__init__.__globals__ }}",
    "{{ steps.convert.files | map(attribute='__class__') | list }}",
    "{{ steps.convert.url | attr('__class__') }}",
    "{{ range.__self__ }}",
    "{{ steps.convert.url.format(1) }}",
    "{{ self.__init__ }}",
    "{{ lipsum() }}",
    "{{ cycler }}",
]


@pytest.mark.parametrize("text", INTERNALS)
def test_internals_are_out_of_reach(text: str) -> None:
    assert problem(text)


COSTLY = [
    "{{ 'a' * 10**9 }}",
    "{{ [1] * 9999999 }}",
    "{{ 9 ** 9999 ** 3 }}",
    "{{ range(10**9) }}",
    "{{ ('x' * 4000000) ~ ('x' * 4000000) }}",
    "{{ ('x' * 4000000) + ('x' * 4000000) }}",
    "{{ ['x' * 4000000] * 1000 | join }}",
    "{{ 'aaaaaaaaa' | replace('', 'x' * 1000000) }}",
    "{{ range(10000) | map('replace', '', 'x' * 1000000) | list }}",
    "{{ 'x' | center(10**9) }}",
    "{{ '%099999999d' % 1 }}",
    "{{ 1.5 | round(10**9, 'ceil') }}",
    "{{ [1] | batch(10**9, 1) }}",
    "{{ [[1] * 100000] * 100000 | sum(start=[]) }}",
    "x{% for i in range(9) %}{% endfor %}",
    "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
    "{{ inputs.number }}" * 300,
]


@pytest.mark.parametrize("text", COSTLY, ids=[text[:40] for text in COSTLY])
def test_what_would_cost_too_much_is_refused(text: str) -> None:
    assert problem(text)


def test_a_large_value_is_handed_on_all_the_same() -> None:
    large = "x" * 6_000_000
    assert expression("{{ inputs.large }}").value({"inputs": {"large": large}}) is large


def test_the_content_of_a_file_cannot_become_text() -> None:
    assert "the content of a file cannot become text" in problem("x{{ steps.convert.files[0].data }}")


@pytest.mark.parametrize(("text", "message"), [("{{ 1 / 0 }}", "division by zero"), ("{{ 1 + 'a' }}", "unsupported")])
def test_what_cannot_be_evaluated_says_why(text: str, message: str) -> None:
    assert message in problem(text)


@pytest.mark.parametrize("text", ["{{ a", "{{ a b }}", "{{ }}", "{{ a | nope }}", "{% set a = 1 %}"])
def test_what_is_no_expression_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(InputError):
        expression(text)


def test_references_are_known_without_a_value() -> None:
    found = expression("{{ steps.a.files[inputs.n].url ~ item['b'] ~ range(2) }}").references
    assert found == (("steps", "a", "files", None, "url"), ("inputs", "n"), ("item", "b"))


def test_a_condition_needs_no_braces() -> None:
    assert setting("inputs.number > 3").value(SCOPE) is True
    assert setting("{{ inputs.number > 30 }}").value(SCOPE) is False


def test_values_are_rendered_at_any_depth() -> None:
    given = {"a": [{"b": "{{ inputs.number }}"}, "plain", 3]}
    assert is_dynamic(given)
    assert render(given, SCOPE) == {"a": [{"b": 5}, "plain", 3]}
    assert render({"a": "plain {"}, SCOPE) == {"a": "plain {"}
