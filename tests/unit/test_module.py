"""What a module is: a declaration that is checked when it is made."""

from __future__ import annotations

import pytest

from connector.errors import InputError
from connector.fields import Text
from connector.forms import Fields
from connector.module import Action
from connector.recipe import Call


class ShowPaint(Action):
    """Shows a paint.

    By its colour.
    """

    label = "Show a Paint"
    group = "Other"
    scopes = ()

    class Input(Fields):
        colour = Text("Colour", required=True)

    Output = Fields
    recipe = Call("GET", "/paints/{colour}")
    examples = []
    bad_examples = []


def test_its_name_and_summary_come_from_the_class() -> None:
    assert (ShowPaint.name(), ShowPaint.summary()) == ("ShowPaint", "Shows a paint.")


def test_its_form_is_validated_under_its_name() -> None:
    assert ShowPaint.fill({"colour": "red"}) == {"colour": "red"}
    with pytest.raises(InputError, match=r"^ShowPaint: Colour \(colour\) is required\.$"):
        ShowPaint.fill({})


def test_a_recipe_that_names_an_unknown_field_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match=r"Wrong names fields that its form does not have: \['nothing'\]"):
        type("Wrong", (Action,), {"recipe": Call("GET", "/{nothing}")})
