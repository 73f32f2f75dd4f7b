"""Names with values, collections, lists of collections."""

from __future__ import annotations

import math
from typing import Any

import marshmallow as ma
import pytest

from connector.fields import Array, Collection, Field, Integer, Pairs, Text

PARTS = {"name": Text("Name", required=True), "size": Integer("Size", default=3)}
HEADERS = Pairs("Headers", text_values=True)


def refusal(field: Field, value: Any) -> Any:
    with pytest.raises(ma.ValidationError) as caught:
        field.deserialize(value)
    return caught.value.messages


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "b": "x"},
        [{"name": "a", "value": 1}, {"name": "b", "value": "x"}],
        [{"key": "a", "value": 1}, {"key": "b", "value": "x"}],
        [{"name": "a", "value": 1}, {"name": "b", "value": "x"}, {"name": "", "value": ""}, {"name": None}, {}],
    ],
    ids=["mapping", "name", "key", "unfilled rows"],
)
def test_pairs_are_taken_as_platforms_send_them(value: Any) -> None:
    assert Pairs("P").deserialize(value) == {"a": 1, "b": "x"}


@pytest.mark.parametrize("value", ["a=1", b"a", 3, ["a"], [["a", 1]], [{"name": "a"}, 3]])
def test_what_are_no_pairs_is_refused(value: Any) -> None:
    assert refusal(Pairs("P"), value) == ["must be a mapping, or a list of items with a name and a value"]


@pytest.mark.parametrize("value", [{3: "x"}, [{"name": ["a"], "value": 1}]])
def test_names_must_be_text(value: Any) -> None:
    assert refusal(Pairs("P"), value) == ["must have text as names"]


@pytest.mark.parametrize("item", [math.nan, b"bytes", object(), [math.inf]], ids=["NaN", "bytes", "object", "infinity"])
def test_a_value_that_json_cannot_hold_is_refused(item: Any) -> None:
    assert refusal(Pairs("P"), {"a": item}) == ["the value of 'a' must be something that JSON can hold"]


@pytest.mark.parametrize("pairs", [{"X": "a\r\nY: b"}, {"X": "a\nb"}, {"X": "\0"}, {"X": 3}, {"X": None}])
def test_headers_are_text_without_line_breaks(pairs: dict[str, Any]) -> None:
    assert "must be text without line breaks" in refusal(HEADERS, pairs)[0]


@pytest.mark.parametrize("name", ["X\r\nY", "X Y", "X:", "\u00fc", "X\0", "\ud800"], ids=ascii)
def test_a_name_that_no_header_has_is_refused(name: str) -> None:
    assert refusal(HEADERS, {name: "b"}) == [f"must have names as headers have, unlike {name!r}"]


@pytest.mark.parametrize("value", ["\u20ac", "\x1b[2J", "\x7f", "\u2028", "\ud800"], ids=ascii)
def test_a_value_that_no_header_can_hold_is_refused(value: str) -> None:
    assert refusal(HEADERS, {"X": value}) == ["the value of 'X' has characters that no header can hold"]


def test_a_value_of_latin_1_is_one_that_a_header_can_hold() -> None:
    assert HEADERS.deserialize({"X": "caf\u00e9\t!"}) == {"X": "caf\u00e9\t!"}


@pytest.mark.parametrize("pairs", [{"\ud800": 1}, {"a": "\ud800"}, {"a": ["\ud800"]}], ids=ascii)
def test_half_a_character_is_refused(pairs: dict[str, Any]) -> None:
    assert refusal(Pairs("P"), pairs)


def test_headers_are_handed_on() -> None:
    assert HEADERS.deserialize([{"key": "Accept", "value": "*/*"}]) == {"Accept": "*/*"}


def test_a_collection_fills_its_fields() -> None:
    assert Collection("C", PARTS).deserialize({"name": "a"}) == {"name": "a", "size": 3}
    assert refusal(Collection("C", PARTS), {}) == {"name": ["is required"]}
    assert refusal(Collection("C", PARTS), "a") == ["must be a mapping"]


def test_an_array_fills_the_fields_of_each_item() -> None:
    assert Array("A", PARTS).deserialize([{"name": "a"}, {"name": "b", "size": 1}])[1] == {"name": "b", "size": 1}
    assert refusal(Array("A", PARTS), [{"name": "a"}, {}]) == {1: {"name": ["is required"]}}
    assert refusal(Array("A", PARTS), {"name": "a"}) == ["must be a list"]


@pytest.mark.parametrize("field", [Collection("C", PARTS), Array("A", PARTS)], ids=["collection", "array"])
def test_what_nobody_touched_inside_counts_as_left_out(field: Field) -> None:
    row = {"name": "a", "size": None}
    assert field.deserialize(row if field.kind == "collection" else [row]) in (
        {"name": "a", "size": 3},
        [{"name": "a", "size": 3}],
    )


@pytest.mark.parametrize("field", [Pairs("P"), Collection("C", PARTS), Array("A", PARTS)], ids=lambda field: field.kind)
def test_they_are_json_on_a_command_line(field: Field) -> None:
    assert field.from_text('{"name": "a"}') == {"name": "a"}


def test_the_fields_inside_can_be_asked_for() -> None:
    assert list(Collection("C", PARTS).nested()) == list(Array("A", PARTS).nested()) == ["name", "size"]
