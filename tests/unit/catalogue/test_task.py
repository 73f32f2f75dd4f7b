"""A task checked before it is sent, by what the service says now."""

from __future__ import annotations

from typing import Any

import pytest

from connector.catalogue import Catalogue, check_task
from connector.errors import InputError
from tests.support.clock import FakeClock
from tests.support.scripted_server import ScriptedServer, data, error
from tests.unit.catalogue.conftest import OPERATIONS, QUALITY, Processes, operations, row

PNG_TO_JPG = {"input_format": "png", "output_format": "jpg"}


def test_nothing_is_asked_where_there_is_nothing_to_check(catalogue: Catalogue, server: ScriptedServer) -> None:
    checked = check_task(catalogue, "convert", PNG_TO_JPG, {})
    assert (checked.values, checked.warnings, server.requests) == ({}, (), [])


def test_options_cost_one_small_request(catalogue: Catalogue, server: ScriptedServer) -> None:
    checked = check_task(catalogue, "convert", PNG_TO_JPG, {"quality": "80", "strip": "true"})
    assert (checked.values, checked.warnings) == ({"quality": 80, "strip": True}, ())
    (request,) = server.requests
    assert request.query["filter[input_format]"] == "png"
    assert request.query["filter[output_format]"] == "jpg"


def test_a_wrong_option_is_refused_at_its_field(catalogue: Catalogue) -> None:
    with pytest.raises(
        InputError, match="of convert png to jpg with imagemagick must be one of max, crop, scale"
    ) as caught:
        check_task(catalogue, "convert", PNG_TO_JPG, {"fit": "fill"}, prefix="tasks.2.", options_field="options")
    assert caught.value.fields == {"tasks.2.options.fit": "must be one of max, crop, scale"}
    assert caught.value.hint == "Known options: quality, strip, fit."


def test_the_file_name_stands_in_for_the_input_format(catalogue: Catalogue, server: ScriptedServer) -> None:
    checked = check_task(catalogue, "convert", {"output_format": "jpg"}, {"strip": "no"}, input_format="PNG")
    assert checked.values == {"strip": False}
    assert len(server.requests) == 1


def test_a_name_that_promises_nothing_known_is_no_input_format(catalogue: Catalogue) -> None:
    checked = check_task(
        catalogue, "convert", {"output_format": "png"}, {"pixel_density": "96"}, input_format="php", pair=True
    )
    assert (checked.values, checked.warnings) == ({"pixel_density": 96}, ())


def test_the_options_of_a_chosen_engine_are_asked_for(catalogue: Catalogue) -> None:
    checked = check_task(catalogue, "convert", {**PNG_TO_JPG, "engine": "graphicsmagick"}, {"fit": "anything"})
    assert checked.warnings == (
        "The option 'fit' is not known for convert png to jpg with graphicsmagick; it is sent as it is.",
    )


def test_an_engine_among_the_options_counts(catalogue: Catalogue) -> None:
    checked = check_task(catalogue, "convert", PNG_TO_JPG, {"engine": "graphicsmagick", "fit": "anything"})
    assert "graphicsmagick" in checked.warnings[0]
    assert len(checked.warnings) == 1


def test_an_engine_that_cannot_do_it_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="must be one of imagemagick, graphicsmagick") as caught:
        check_task(catalogue, "convert", {**PNG_TO_JPG, "engine": "calibre"}, {})
    assert list(caught.value.fields) == ["engine"]


def test_an_impossible_pair_with_options_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="A svg file cannot become mp3; it can become: png"):
        check_task(catalogue, "convert", {"input_format": "svg", "output_format": "mp3"}, {"quality": 3})


def test_a_pair_can_be_checked_without_options(catalogue: Catalogue, server: ScriptedServer) -> None:
    with pytest.raises(InputError, match="it can become: jpg, webp") as caught:
        check_task(catalogue, "convert", {"output_format": "mp3"}, {}, input_format="png", pair=True, prefix="tasks.1.")
    assert list(caught.value.fields) == ["tasks.1.output_format"]
    assert [request.query for request in server.requests] == [{}]


def test_what_cloudconvert_is_known_to_do_is_left_to_a_server_that_lists_it_not(catalogue: Catalogue) -> None:
    checked = check_task(
        catalogue, "convert", {"input_format": "svg", "output_format": "eps"}, {"quality": 3}, pair=True
    )
    assert checked.values == {"quality": 3}
    assert "as far as is known" in checked.warnings[0]


def test_before_an_old_answer_refuses_the_service_is_asked_again(
    processes: Processes, server: ScriptedServer, clock: FakeClock
) -> None:
    check_task(processes.start(), "convert", PNG_TO_JPG, {"quality": 1})
    clock.now += 3600
    server.route(
        OPERATIONS, data([row("png", "jpg", "imagemagick", {**QUALITY, "type": "enum", "possible_values": ["best"]})])
    )
    assert check_task(processes.start(), "convert", PNG_TO_JPG, {"quality": 7}).values == {"quality": 7}
    assert check_task(processes.start(), "convert", PNG_TO_JPG, {"quality": "best"}).values == {"quality": "best"}


def test_an_old_answer_still_refuses_what_the_service_refuses_now(processes: Processes, clock: FakeClock) -> None:
    check_task(processes.start(), "convert", PNG_TO_JPG, {"fit": "max"})
    clock.now += 3600
    with pytest.raises(InputError, match="must be one of max, crop, scale"):
        check_task(processes.start(), "convert", PNG_TO_JPG, {"fit": "fill"})


@pytest.mark.parametrize("asked_before", [True, False])
def test_without_the_service_nothing_is_refused(
    processes: Processes, server: ScriptedServer, clock: FakeClock, asked_before: bool
) -> None:
    if asked_before:
        check_task(processes.start(), "convert", PNG_TO_JPG, {"fit": "max"})
    clock.now += 48 * 3600
    server.route(OPERATIONS, error(503))
    checked = check_task(
        processes.start(), "convert", {**PNG_TO_JPG, "engine": None}, {"fit": "fill", "quality": "9"}, pair=True
    )
    assert (checked.values, checked.origin) == ({"fit": "fill", "quality": 9}, "cache" if asked_before else "snapshot")
    assert checked.warnings == (
        "The option 'fit' should be one of max, crop, scale, as far as is known; it is sent as it is.",
    )


@pytest.mark.parametrize("operation", ["command", "convert-something-new"])
def test_an_operation_that_is_not_listed_is_left_alone(catalogue: Catalogue, operation: str) -> None:
    options: dict[str, Any] = {"quality": "high", "engine": "ffmpeg"}
    checked = check_task(catalogue, operation, {}, options, input_format="mp4", pair=True)
    assert (checked.values, checked.warnings) == (options, ())


def test_imports_and_exports_are_not_asked_about(catalogue: Catalogue, server: ScriptedServer) -> None:
    checked = check_task(catalogue, "export/url", {}, {"inline": "yes"}, input_format="pdf", pair=True)
    assert (checked.values, server.requests) == ({"inline": "yes"}, [])


def test_an_engine_without_formats_costs_one_request(catalogue: Catalogue, server: ScriptedServer) -> None:
    check_task(catalogue, "command", {"engine": "ffmpeg"}, {})
    assert len(server.requests) == 1


def test_a_wrong_option_of_many_tasks_is_asked_about_once(catalogue: Catalogue, server: ScriptedServer) -> None:
    server.route(OPERATIONS, operations)
    for _ in range(3):
        with pytest.raises(InputError):
            check_task(catalogue, "convert", PNG_TO_JPG, {"fit": "fill"})
    assert len(server.requests) == 1
