"""What every field knows."""

from __future__ import annotations

from typing import get_args

import marshmallow as ma
import pytest

from connector import fields
from connector.fields import Field, Kind, Text


def kinds() -> list[type[Field]]:
    things = [getattr(fields, name) for name in fields.__all__]
    return [thing for thing in things if isinstance(thing, type) and issubclass(thing, Field) and thing is not Field]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_is_a_word_of_the_vocabulary(kind: type[Field]) -> None:
    assert kind.kind in get_args(Kind)


def test_a_field_says_what_a_dialog_needs() -> None:
    field = Text("Colour", help="Which.", default="red", advanced=True, secret=True, shown_when=("x", ("y",)))
    assert (field.label, field.help, field.default, field.advanced) == ("Colour", "Which.", "red", True)
    assert (field.secret, field.shown_when, field.required, field.mappable) == (True, ("x", ("y",)), False, True)


def test_a_plain_field_has_nothing_inside() -> None:
    assert Text("Colour").nested() == {}


def test_a_required_field_that_is_missing_or_null_says_so() -> None:
    schema = ma.Schema.from_dict({"a": Text("A", required=True), "b": Text("B")})()
    assert schema.validate({"b": None}) == {"a": ["is required"], "b": ["is required"]}


def test_a_default_that_is_false_is_a_default() -> None:
    schema = ma.Schema.from_dict({"a": fields.Boolean("A", default=False)})()
    assert schema.load({}) == {"a": False}


def test_a_rule_of_its_own_is_asked() -> None:
    def even(text: str) -> None:
        if len(text) % 2:
            raise ma.ValidationError("must have pairs of letters")

    with pytest.raises(ma.ValidationError, match="pairs of letters"):
        Text("Even", validate=even).deserialize("abc")
