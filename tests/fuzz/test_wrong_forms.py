"""Whatever is filled in, a person gets one short sentence that names the field, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.dialog import KINDS
from connector.errors import InputError
from connector.fields import Field
from connector.forms import Fields, fill
from connector.module import Module
from tests.fuzz.forms import MODULES, Place, each_place, integers, places, put
from tests.fuzz.hostile import NUMBERS, STRINGS, json_values, python_values

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())
SECRET = "s3cr3t-Gw7hqLx2"


def refusal(form: type[Fields], title: str, values: Any) -> InputError | None:
    """The error, held to what a person may expect of it; None where the form was taken."""
    try:
        fill(form, values, title)
    except InputError as caught:
        error = caught
    else:
        return None
    message = str(error)
    assert message.startswith(title)
    assert len(message) <= 200
    assert message.isprintable()
    assert error.fields
    assert all(name.isprintable() and len(name) <= 100 for name in error.fields)
    assert all(is_of(form, values, name) for name in error.fields)
    assert json.dumps(error.to_dict())
    return error


def is_of(form: type[Fields], values: Any, name: str) -> bool:
    """Whether the name of a wrong field is one of the form's, or one that was given and is not known (cut and escaped)."""
    if not isinstance(values, Mapping):
        return name == "form"
    unknown = ["".join(c if c.isprintable() else repr(c)[1:-1] for c in str(key)[:200]) for key in values]
    return name.partition(".")[0] in form.all() or any(key.startswith(name.removesuffix("…")) for key in unknown)


def a_wrong_form(module: type[Module]) -> st.SearchStrategy[Any]:
    """Any JSON at all, any JSON for any field, or an example that is wrong in one place."""
    fields = list(module.Input.all())
    inside = [place for place, _ in places(module.Input.all())]
    anywhere = st.dictionaries(st.sampled_from(fields) if fields else st.text(), python_values, max_size=4)
    if not inside:
        return json_values | anywhere
    example = st.sampled_from(list(module.examples))
    return st.builds(put, example, st.sampled_from(inside), python_values) | anywhere | json_values


@pytest.mark.row("B1")
@each_module
def test_any_form_is_taken_or_refused_in_one_sentence(module: type[Module]) -> None:
    @given(a_wrong_form(module))
    def check(values: Any) -> None:
        refusal(module.Input, module.name(), values)

    check()


@pytest.mark.row("B1")
@pytest.mark.parametrize("kind", KINDS)
def test_any_connection_dialog_is_taken_or_refused_in_one_sentence(kind: str) -> None:
    @given(st.dictionaries(st.sampled_from(list(KINDS[kind].all())), python_values))
    def check(values: Any) -> None:
        refusal(KINDS[kind], "Connection", values)

    check()


def secret_places() -> list[Any]:
    """Every field that holds a secret: passwords and keys, and the headers that a file is fetched with."""
    forms = [(module.name(), module.Input) for module in MODULES] + [(kind, form) for kind, form in KINDS.items()]
    return [
        pytest.param(form, place, id=f"{title}-{'.'.join(place)}")
        for title, form in forms
        for place, field in places(form.all())
        if field.secret or getattr(field, "text_values", False)
    ]


@pytest.mark.row("B1")
@pytest.mark.parametrize(("form", "place"), secret_places())
def test_a_refusal_never_repeats_a_secret(form: type[Fields], place: Place) -> None:
    for wrong in (f"{SECRET}\0", [SECRET], {"a": [SECRET]}, {"a": f"{SECRET}\r\n"}, SECRET * 500, f"{SECRET}\ud800"):
        error = refusal(form, "Form", put({}, place, wrong))
        assert error is None or SECRET not in repr([str(error), error.to_dict()])


@pytest.mark.row("B1")
@pytest.mark.parametrize(
    "typed",
    [
        f"htps://user:{SECRET}@example.com/a.png",
        f"storage.example.com/a.png?temp_url_sig={SECRET}",
        f"Authorization: Bearer {SECRET}",
    ],
)
@pytest.mark.parametrize(("module", "place", "field"), each_place("file", "files"))
def test_a_mistyped_address_does_not_show_what_is_secret_in_it(
    module: type[Module], place: Place, field: Field, typed: str
) -> None:
    error = refusal(
        module.Input, module.name(), put(module.examples[0], place, [typed] if field.kind == "files" else typed)
    )
    assert error is not None
    assert SECRET not in repr([str(error), error.to_dict()])


@pytest.mark.row("B4")
@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
@each_module
def test_a_hostile_text_in_any_field_is_taken_or_refused_in_one_sentence(module: type[Module], text: str) -> None:
    for place, _ in places(module.Input.all()):
        for value in (text, [text], {text: text}, [{"name": text, "value": text}]):
            refusal(module.Input, module.name(), put(module.examples[0], place, value))


def is_whole(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return value.strip().isdecimal() and len(value) < 30
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


@pytest.mark.row("B5")
@pytest.mark.parametrize("module", [module for module in MODULES if integers(module)], ids=lambda module: module.name())
def test_a_number_out_of_range_is_told_its_bound_and_what_is_no_number_that_it_is_none(module: type[Module]) -> None:
    for place, field in integers(module):
        name = ".".join(place)
        for value in (
            *NUMBERS,
            *(bound + step for bound in (field.minimum, field.maximum) if bound is not None for step in (-1, 0, 1)),
        ):
            error = refusal(module.Input, module.name(), put(module.examples[0], place, value))
            said = "" if error is None else error.fields.get(name, "?")
            if value in (None, ""):
                assert error is None
            elif not is_whole(value):
                assert said == "must be a whole number", (name, value)
            elif field.minimum is not None and int(value) < field.minimum:
                assert said == f"must be at least {field.minimum}", (name, value)
            elif field.maximum is not None and int(value) > field.maximum:
                assert said == f"must be at most {field.maximum}", (name, value)
            else:
                assert error is None, (name, value)
