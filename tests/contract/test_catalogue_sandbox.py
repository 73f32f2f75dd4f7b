"""The catalogue against the running sandbox: its lists, and what it refuses before anything is sent."""

from __future__ import annotations

import pytest

from connector import Connection
from connector.catalogue import Catalogue, check_task
from connector.errors import InputError

PNG_TO_JPG = {"input_format": "png", "output_format": "jpg"}


@pytest.fixture
def catalogue(connection: Connection) -> Catalogue:
    return Catalogue(connection.api)


def test_lists_are_the_sandbox_s_own(catalogue: Catalogue) -> None:
    known = catalogue.operations()
    assert known.origin == "service"
    assert {"convert", "merge", "archive", "optimize"} <= set(known.items)
    assert "png" in catalogue.input_formats("convert").items
    assert "jpg" in catalogue.output_formats("convert", "png").items
    assert "pillow" in catalogue.engines("convert", "png", "jpg").items


def test_options_have_types_and_allowed_values(catalogue: Catalogue) -> None:
    options = {option.name: option for option in catalogue.options("convert", "png", "jpg").items}
    assert options["quality"].type == "integer"
    assert options["fit"].possible_values == ("max", "crop", "scale")


def test_an_engine_has_its_true_version(catalogue: Catalogue) -> None:
    (version,) = catalogue.engine_versions("convert", "png", "jpg", "pillow").items
    assert version.default
    assert version.version[0].isdigit()


def test_good_options_pass_with_their_types(catalogue: Catalogue) -> None:
    checked = check_task(catalogue, "convert", PNG_TO_JPG, {"quality": "80", "strip": "yes", "fit": "crop"})
    assert (checked.values, checked.warnings) == ({"quality": 80, "strip": True, "fit": "crop"}, ())


def test_a_wrong_option_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="must be one of max, crop, scale"):
        check_task(catalogue, "convert", PNG_TO_JPG, {"fit": "fill"})


def test_an_impossible_pair_is_refused_with_what_is_possible(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match=r"A png file cannot become mp3; it can become: .*jpg"):
        check_task(catalogue, "convert", {"input_format": "png", "output_format": "mp3"}, {}, pair=True)


@pytest.mark.parametrize(("operation", "source", "target"), [("archive", "txt", "zip"), ("optimize", "png", None)])
def test_operations_that_take_any_format_or_name_no_output_pass(
    catalogue: Catalogue, operation: str, source: str, target: str | None
) -> None:
    parameters = {"output_format": target} if target else {}
    assert check_task(catalogue, operation, parameters, {}, input_format=source, pair=True).warnings == ()
