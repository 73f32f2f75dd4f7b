"""Fields with one value: what they take, and the words with which they refuse."""

from __future__ import annotations

import math
from typing import Any

import marshmallow as ma
import pytest

from connector.fields import (
    AnyValue,
    Boolean,
    Choice,
    Dynamic,
    Field,
    FormatSelect,
    Integer,
    Select,
    Text,
    Timestamp,
    Url,
)

TEXT = Text("T", max_length=10)
NUMBER = Integer("N", minimum=-3, maximum=50)
COLOUR = Select("C", options=[Choice("red", "Red"), Choice("blue", "Blue")])
FORMAT = FormatSelect("F", options=Dynamic("output_formats"))


def refusal(field: Field, value: Any) -> str:
    with pytest.raises(ma.ValidationError) as caught:
        field.deserialize(value)
    return str(caught.value.messages[0])


@pytest.mark.parametrize("text", ["a", " ", "😀", "\u202eabc", "{{7*7}}", "${x}", "../", "' or 1", "a\r\nb"])
def test_text_is_handed_on_as_it_is(text: str) -> None:
    assert TEXT.deserialize(text) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "must be text"),
        (["a"], "must be text"),
        (b"a", "must be text"),
        ("x" * 11, "must have at most 10 characters"),
        ("a\0b", "must not hold a NUL character"),
        ("\ud800", "must not hold half a character"),
    ],
)
def test_what_is_no_text_is_refused(value: Any, words: str) -> None:
    assert refusal(TEXT, value) == words


@pytest.mark.parametrize(("value", "number"), [(3, 3), ("3", 3), (3.0, 3), ("-3", -3), (" 7 ", 7), ("007", 7)])
def test_whole_numbers_are_taken_as_platforms_send_them(value: Any, number: int) -> None:
    filled = NUMBER.deserialize(value)
    assert (filled, type(filled)) == (number, int)


@pytest.mark.parametrize(
    "value",
    [True, "", "three", "3.5", 3.5, math.nan, math.inf, "9" * 5000, [3], {}, "0x10", "1_000", None.__class__],
    ids=lambda value: str(value)[:12],
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    assert refusal(NUMBER, value) == "must be a whole number"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-4, "must be at least -3"),
        (51, "must be at most 50"),
        (2**63, "must be at most 50"),
        (1e308, "must be at most 50"),
    ],
)
def test_a_number_out_of_range_is_refused(value: float, words: str) -> None:
    assert refusal(NUMBER, value) == words


@pytest.mark.parametrize("value", [True, "true", "TRUE", "yes", "on", "1", 1])
def test_yes_is_said_in_many_ways(value: Any) -> None:
    assert Boolean("B").deserialize(value) is True


@pytest.mark.parametrize("value", [False, "false", "No", "off", "0", 0])
def test_no_is_said_in_many_ways(value: Any) -> None:
    assert Boolean("B").deserialize(value) is False


@pytest.mark.parametrize("value", ["maybe", 2, 1.5, [], {}, ""])
def test_what_is_neither_yes_nor_no_is_refused(value: Any) -> None:
    assert refusal(Boolean("B"), value) == "must be yes or no"


def test_one_of_a_fixed_list_is_taken_and_others_are_refused() -> None:
    assert COLOUR.deserialize("red") == "red"
    assert refusal(COLOUR, "green") == "must be one of red, blue"
    assert refusal(COLOUR, 3) == "must be text"


@pytest.mark.parametrize("options", [None, Dynamic("engines")])
def test_a_list_from_the_api_is_only_a_help(options: Dynamic | None) -> None:
    assert Select("S", options=options).deserialize("anything") == "anything"


@pytest.mark.parametrize(("value", "form"), [("pdf", "pdf"), (".PDF", "pdf"), (" Tar.GZ ", "tar.gz"), ("7z", "7z")])
def test_a_format_is_forgiven_its_dot_and_capitals(value: str, form: str) -> None:
    assert FORMAT.deserialize(value) == form


@pytest.mark.parametrize("value", ["../pdf", "a b", "pdf\n.exe", ".", "", "пдф", "a/b", "%2e", "a\0"])
def test_what_is_no_format_is_refused(value: str) -> None:
    assert refusal(FORMAT, value) == "must be a file format such as pdf or tar.gz"


def test_a_format_that_is_no_text_is_refused() -> None:
    assert refusal(FORMAT, 7) == "must be text"


@pytest.mark.parametrize(
    "value",
    [
        "http://example.com",
        "HTTPS://example.com/a?b#c",
        " https://example.com/ ",
        "http://[::1]:80/",
        "http://127.0.0.1",
    ],
)
def test_a_web_address_is_taken(value: str) -> None:
    assert Url("U").deserialize(value) == value.strip()


@pytest.mark.parametrize(
    "value",
    [
        "ftp://example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "example.com",
        "//example.com",
        "http://",
        "http:///path",
        "http://?query",
        "http://#part",
        "http://user:pass@",
        "http://:80/",
        "http://[::1",
        "http://example.com:99999/",
        "http://exam ple.com",
        "http://example.com/a\r\nX: y",
        "http://example.com/\x1b",
    ],
)
def test_what_is_no_web_address_is_refused(value: str) -> None:
    assert refusal(Url("U"), value) == "must be an address that begins with http:// or https://"


def test_a_moment_is_text() -> None:
    assert Timestamp("M").deserialize("2026-11-23T08:14:12+00:00") == "2026-11-23T08:14:12+00:00"


@pytest.mark.parametrize("value", [1, 1.5, "a", True, [1, {"a": None}], {"a": []}])
def test_whatever_json_can_hold_is_handed_on(value: Any) -> None:
    assert AnyValue("A").deserialize(value) == value


@pytest.mark.parametrize(
    "value", [math.nan, [math.inf], {"a": b"bytes"}, object(), {1, 2}], ids=lambda value: type(value).__name__
)
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    assert refusal(AnyValue("A"), value) == "must be something that JSON can hold"


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ('{"a": 1}', {"a": 1}), ("[", "["), ("[" * 100_000, "[" * 100_000)]
)
def test_any_value_is_json_on_a_command_line_where_it_parses(text: str, value: Any) -> None:
    assert AnyValue("A").from_text(text) == value


def test_plain_text_is_taken_word_for_word_from_a_command_line() -> None:
    assert Text("T").from_text("3") == "3"
