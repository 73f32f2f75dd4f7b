"""Options, engines and format pairs against what is known."""

from __future__ import annotations

from typing import Any

import pytest

from connector.catalogue import Operation, Option, check_engine, check_options, check_pair
from connector.errors import InputError

KNOWN = (
    Option("quality", "integer", None, (), 1, 100),
    Option("zoom", "float", 1.0),
    Option("strip", "boolean", default=False),
    Option("pages", "string"),
    Option("fit", "enum", "max", ("max", "crop", "scale")),
    Option("level", "enum", None, (1, 9)),
    Option("headers", "dictionary"),
    Option("languages", "array"),
)
ROWS = (
    Operation("convert", "docx", "pdf", "office"),
    Operation("convert", "docx", "txt", "libreoffice"),
    Operation("convert", "jpg", "png", "imagemagick"),
    Operation("archive", None, "zip", "archivetool"),
    Operation("metadata", "pdf", None, "exiftool"),
)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("quality", "80", 80),
        ("quality", 80.0, 80),
        ("zoom", "1.5", 1.5),
        ("zoom", "2", 2),
        ("zoom", 1, 1),
        ("strip", "Yes", True),
        ("strip", 0, False),
        ("pages", 3, "3"),
        ("pages", ["1", "3"], ["1", "3"]),
        ("fit", " Crop", "crop"),
        ("fit", ["max", "crop"], ["max", "crop"]),
        ("level", "9", 9),
        ("headers", '{"Accept": "text/html"}', {"Accept": "text/html"}),
        ("headers", [{"name": "Accept", "value": "a"}], {"Accept": "a"}),
        ("languages", ["eng", "deu"], ["eng", "deu"]),
    ],
)
def test_a_value_becomes_what_the_option_declares(name: str, given: Any, value: Any) -> None:
    checked = check_options({name: given}, KNOWN)
    assert (checked.values, checked.warnings) == ({name: value}, ())
    assert type(checked.values[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "must"),
    [
        ("quality", "high", "must be a whole number from 1 to 100"),
        ("quality", 101, "must be a whole number from 1 to 100"),
        ("quality", 2.5, "must be a whole number from 1 to 100"),
        ("quality", True, "must be a whole number from 1 to 100"),
        ("zoom", "nan", "must be a number"),
        ("zoom", False, "must be a number"),
        ("strip", "maybe", "must be yes or no"),
        ("pages", {"from": 1}, "must be text"),
        ("fit", "fill", "must be one of max, crop, scale"),
        ("fit", {"max": 1}, "must be one of max, crop, scale"),
        ("level", 5, "must be one of 1, 9"),
        ("headers", "none", "must be names with values"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(name: str, given: Any, must: str) -> None:
    with pytest.raises(InputError) as caught:
        check_options({name: given}, KNOWN, field="engine_options", what="convert png to jpg")
    assert caught.value.fields == {f"engine_options.{name}": must}
    assert str(caught.value) == f"The option {name!r} of convert png to jpg {must}."


def test_all_wrong_options_are_named_at_once() -> None:
    with pytest.raises(InputError, match=r"2 more options are wrong") as caught:
        check_options({"fit": "x", "quality": "x", "zoom": "x", "strip": True}, KNOWN)
    assert list(caught.value.fields) == ["engine_options.fit", "engine_options.quality", "engine_options.zoom"]


def test_a_value_is_never_repeated_in_an_error() -> None:
    with pytest.raises(InputError) as caught:
        check_options({"fit": "hunter2-secret"}, KNOWN)
    assert "hunter2" not in str(caught.value.to_dict())


def test_what_was_not_filled_in_is_left_out() -> None:
    checked = check_options({"quality": "", "fit": None, "pages": "", "mystery": ""}, KNOWN)
    assert checked.values == {"pages": "", "mystery": ""}


def test_an_unknown_name_is_a_warning_that_names_the_nearest() -> None:
    checked = check_options({"qualty": 80, "engine_version": "2"}, KNOWN, what="convert png to jpg")
    assert checked.values == {"qualty": 80, "engine_version": "2"}
    assert checked.warnings == (
        "The option 'qualty' is not known for convert png to jpg; it is sent as it is. Did you mean 'quality'?",
    )


def test_nothing_is_refused_on_uncertain_ground() -> None:
    checked = check_options({"quality": 500, "fit": "fill", "strip": "no"}, KNOWN, certain=False)
    assert checked.values == {"quality": 500, "fit": "fill", "strip": False}
    assert [warning[:21] for warning in checked.warnings] == ["The option 'quality' ", "The option 'fit' shou"]


def test_a_range_that_only_the_documentation_knows_is_a_warning() -> None:
    known = [Option("quality", "integer", None, (), 1, 100, assumed_range=True)]
    checked = check_options({"quality": "500"}, known)
    assert checked.values == {"quality": 500}
    assert "should be a whole number from 1 to 100" in checked.warnings[0]


def test_but_a_wrong_type_is_refused_there_too() -> None:
    with pytest.raises(InputError, match="whole number"):
        check_options({"quality": "high"}, [Option("quality", "integer", None, (), 1, 100, assumed_range=True)])


def test_of_several_variants_of_an_option_any_may_fit() -> None:
    known = [Option("profile", "enum", None, ("web", "print")), Option("profile", "enum", None, ("high", "main"))]
    assert check_options({"profile": "main"}, known).values == {"profile": "main"}
    with pytest.raises(InputError, match="profile"):
        check_options({"profile": "low"}, known)


def test_where_surely_nothing_is_known_every_name_is_unknown() -> None:
    assert len(check_options({"a": 1}, []).warnings) == 1
    assert check_options({"a": 1}, [], certain=False).warnings == ()


@pytest.mark.parametrize(
    ("operation", "source", "target"),
    [
        ("convert", "docx", "pdf"),
        ("convert", "JPEG", "png"),
        ("convert", None, "txt"),
        ("convert", "docx", None),
        ("archive", "anything", "zip"),
        ("metadata", "pdf", "json"),
        ("import/url", "docx", "pdf"),
    ],
)
def test_a_possible_pair_passes(operation: str, source: str | None, target: str | None) -> None:
    assert check_pair(operation, source, target, ROWS) == []


@pytest.mark.parametrize(
    ("operation", "source", "target", "field", "sentence"),
    [
        ("convert", "docx", "mp3", "output_format", "A docx file cannot become mp3; it can become: pdf, txt."),
        ("convert", None, "pfd", "output_format", "Nothing can become pfd. Did you mean 'pdf'?"),
        (
            "convert",
            "dcx",
            "pdf",
            "input_format",
            "convert cannot take dcx files; it takes docx, jpg. Did you mean 'docx'?",
        ),
        ("archive", "png", "zap", "output_format", "A png file cannot become zap by archive; it can become: zip."),
    ],
)
def test_an_impossible_pair_says_what_is_possible(
    operation: str, source: str | None, target: str, field: str, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_pair(operation, source, target, ROWS, prefix="tasks.2.")
    assert str(caught.value) == sentence
    assert list(caught.value.fields) == [f"tasks.2.{field}"]


def test_an_impossible_pair_is_only_a_warning_on_uncertain_ground() -> None:
    (warning,) = check_pair("convert", "docx", "mp3", ROWS, certain=False)
    assert warning == "A docx file cannot become mp3; it can become: pdf, txt, as far as is known."


def test_a_wrong_engine_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="'calibre' cannot do this; it must be one of office, libreoffice") as caught:
        check_engine("calibre", ROWS[:2])
    assert caught.value.fields == {"engine": "must be one of office, libreoffice"}


def test_a_wrong_engine_is_only_a_warning_on_uncertain_ground() -> None:
    assert check_engine("office", ROWS) == []
    assert check_engine("calibre", ()) == []
    assert "calibre" in check_engine("calibre", ROWS, certain=False)[0]
