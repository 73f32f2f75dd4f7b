"""Forms: sections of fields in order, validation as a whole, errors that a person understands."""

from __future__ import annotations

from typing import Any

import pytest

from connector.errors import InputError
from connector.fields import Array, File, Integer, Pairs, Text
from connector.forms import Fields, fill, nearest


class Upper(Fields):
    section = "First"
    position = 10
    colour = Text("Colour", help="Which.")


class Lower(Fields):
    section = "Last"
    position = 90
    size = Integer("Size", default=3, minimum=1)


class Paint(Lower, Upper):
    section = "Own"
    colour = Text("Colour", required=True)
    options = Pairs("Options", text_values=True)
    layers = Array("Layers", {"name": Text("Name", required=True)})
    picture = File("Picture")


def refused(**form: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        fill(Paint, form, "Paint")
    return caught.value


def test_sections_stand_in_order_and_keep_refined_fields_where_they_were() -> None:
    shown = [(section.label, section.position, list(section.fields)) for section in Paint.sections()]
    assert shown == [("First", 10, ["colour"]), ("Own", 50, ["options", "layers", "picture"]), ("Last", 90, ["size"])]
    assert list(Paint.all()) == ["colour", "options", "layers", "picture", "size"]


def test_a_refined_field_is_the_later_one() -> None:
    assert Paint.all()["colour"].required


def test_a_form_is_filled_with_defaults_and_without_what_nobody_touched() -> None:
    assert fill(Paint, {"colour": "red", "options": None, "layers": ""}, "Paint") == {"colour": "red", "size": 3}


def test_false_and_zero_count_as_filled_in() -> None:
    assert refused(colour="red", size=0).fields == {"size": "must be at least 1"}
    assert "colour" in refused(colour=False).fields


def test_one_wrong_field_is_named_with_its_label() -> None:
    error = refused(colour="red", size="many")
    assert str(error) == "Paint: Size (size) must be a whole number."
    assert error.fields == {"size": "must be a whole number"}


@pytest.mark.parametrize(
    ("form", "more"),
    [({"size": 0}, " 1 more field is wrong."), ({"size": 0, "layers": 3}, " 2 more fields are wrong.")],
)
def test_further_wrong_fields_are_counted(form: dict[str, Any], more: str) -> None:
    error = refused(**form)
    assert str(error).endswith(more)
    assert set(error.fields) == {"colour", *form}


def test_items_are_counted_from_one() -> None:
    error = refused(colour="red", layers=[{"name": "a"}, {"name": 3}, {}])
    assert error.fields == {"layers.2.name": "must be text", "layers.3.name": "is required"}


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        ({"layers": ["x"]}, "layers.1", "must be a mapping"),
        ({"layers": [{"name": "a", "x": 1}]}, "layers.1.x", "is not known here"),
        ({"picture": {"url": "https://example.com", "x": 1}}, "picture.x", "is not known here"),
    ],
)
def test_what_is_wrong_inside_a_field_is_said_in_the_same_words(form: dict[str, Any], field: str, problem: str) -> None:
    error = refused(colour="red", **form)
    assert error.fields == {field: problem}
    assert str(error).endswith(f"({field}) {problem}.")


def test_an_unknown_field_is_answered_with_the_nearest_one() -> None:
    error = refused(color="red")
    assert str(error) == "Paint has no field 'color'. Did you mean 'colour'?"
    assert error.fields == {"color": "is not a field of this module"}
    assert error.hint == "It has: colour, options, layers, picture, size."


@pytest.mark.parametrize(
    "form",
    [
        {"x" * 1000: 1},
        {"colour": "red", "options": {"x" * 1000: 1}},
        {"colour": "red", "picture": {"url": "https://example.com", "x" * 1000: 1}},
        {"colour": "red", "picture": "p" * 5000},
    ],
    ids=["field", "pair", "nested", "path"],
)
def test_the_sentence_stays_short(form: dict[str, Any]) -> None:
    assert len(str(refused(**form))) <= 260


def test_no_name_is_suggested_where_none_is_near() -> None:
    assert nearest("zzz", ["colour"]) == ""
    assert nearest("ColOr", ["Colour"]) == " Did you mean 'Colour'?"


@pytest.mark.parametrize("values", [None, [], ["colour"], "colour", 3])
def test_what_is_no_form_at_all_is_refused_as_such(values: Any) -> None:
    with pytest.raises(InputError, match="Paint needs a form") as caught:
        fill(Paint, values, "Paint")
    assert caught.value.fields == {"form": "must be a mapping"}


def test_a_value_that_cannot_be_compared_is_handed_to_its_field() -> None:
    class Vector:
        def __eq__(self, other: object) -> Any:
            raise ValueError("ambiguous")

        __hash__ = None  # type: ignore[assignment]

    assert refused(colour=Vector()).fields == {"colour": "must be text"}


def test_control_characters_of_a_name_are_written_out() -> None:
    assert str(refused(colour="red", **{"a\nb\u202e": 1})) == "Paint has no field 'a\\nb\\u202e'."


def test_a_secret_in_a_refused_value_is_masked() -> None:
    assert "hunter2-hunter2" not in str(refused(colour="red", picture="x?temp_url_sig=hunter2-hunter2"))
