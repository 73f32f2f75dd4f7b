from __future__ import annotations

import pytest

from connector.sandbox.bodies import nested


@pytest.mark.parametrize(
    ("fields", "tree"),
    [
        ([("a", "1")], {"a": "1"}),
        ([("a[b]", "1"), ("a[c][d]", "2")], {"a": {"b": "1", "c": {"d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[0][x]", "1"), ("a[1][x]", "2")], {"a": [{"x": "1"}, {"x": "2"}]}),
        ([("a", "1"), ("a[b]", "2")], {"a": "1"}),
        ([("a" + "[b]" * 9999, "1")], {"a": {"b": {"b": {"b": {"b": {"b": {"b": {"b": "1"}}}}}}}}),
    ],
)
def test_form_fields_become_a_tree(fields: list[tuple[str, str]], tree: dict[str, object]) -> None:
    assert nested(fields) == tree
