from __future__ import annotations

from typing import Any

import pytest

from connector.sandbox import options
from connector.sandbox.engines.base import EngineError, Option

from .toy_engine import Toy

CONVERSION = Toy.conversions[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"repeat": "3"}, {"repeat": 3, "loud": False}),
        ({"repeat": 3.0, "loud": "true"}, {"repeat": 3, "loud": True}),
        ({"loud": 1, "ratio": "1.5"}, {"repeat": 1, "loud": True, "ratio": 1.5}),
        ({"color": "red"}, {"repeat": 1, "loud": False, "color": "red"}),
        ({"color": None}, {"repeat": 1, "loud": False}),
        ({"pidfile": ["eng", "deu"]}, {"repeat": 1, "loud": False, "pidfile": "eng,deu"}),
        ({"extra": {"a": 1}}, {"repeat": 1, "loud": False, "extra": {"a": 1}}),
    ],
)
def test_values_take_the_declared_type_and_defaults_are_filled_in(
    given: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert options.settle(given, CONVERSION, "Toy") == (expected, [])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"repeat": 10}, "The option repeat cannot be 10; it takes a whole number from 1 to 9."),
        ({"repeat": "many"}, "The option repeat cannot be 'many'; it takes a whole number from 1 to 9."),
        ({"repeat": 1.5}, "The option repeat cannot be 1.5; it takes a whole number from 1 to 9."),
        ({"repeat": True}, "The option repeat cannot be True; it takes a whole number from 1 to 9."),
        ({"color": "green"}, "The option color cannot be 'green'; it takes one of: red, blue."),
        ({"loud": "maybe"}, "The option loud cannot be 'maybe'; it takes true or false."),
        ({"ratio": "nan"}, "The option ratio cannot be 'nan'; it takes a number."),
        ({"ratio": "9" * 400}, f"The option ratio cannot be '{'9' * 56}...; it takes a number."),
        ({"extra": "x"}, "The option extra cannot be 'x'; it takes an object of names and values."),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EngineError) as caught:
        options.settle(given, CONVERSION, "Toy")
    assert (caught.value.code, caught.value.message) == ("INVALID_OPTION", sentence)


def test_an_unknown_option_becomes_a_warning_and_plain_fields_do_not() -> None:
    _, warnings = options.settle({"sparkle": 1, "filename": "x", "input_format": "toy"}, CONVERSION, "Toy")
    assert warnings == ["The option sparkle is not known to Toy here and was ignored."]


def test_enum_values_may_come_as_numbers() -> None:
    assert options.coerce(Option("rotation", "enum", possible_values=("90", "180")), 90) == "90"


@pytest.mark.parametrize(("given", "seconds"), [(None, 18000), ("", 18000), (5, 5), ("2.5", 2.5), (10**9, 18000)])
def test_timeout(given: object, seconds: float) -> None:
    assert options.timeout(given) == seconds


@pytest.mark.parametrize("given", [0, -1, "soon", [], True])
def test_a_wrong_timeout_is_refused(given: object) -> None:
    with pytest.raises(EngineError, match="timeout"):
        options.timeout(given)
