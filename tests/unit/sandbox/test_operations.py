from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest

from connector.sandbox.detection import Detection
from connector.sandbox.engines.base import EngineError
from connector.sandbox.listing import Listing
from connector.sandbox.operations import Offer, Operations

from .toy_engine import MISBEHAVIOURS, Absent, Toy


def operations() -> Operations:
    engines = [Absent(), Toy()]
    detection = Detection(engines)
    detection.start()
    return Operations(engines, detection)


def choose(operation: str, *pair: str | None, engine: str | None = None) -> tuple[Offer, str]:
    return asyncio.run(operations().choose(operation, *pair, engine=engine))


def refusal(operation: str, *pair: str | None, engine: str | None = None) -> tuple[str, str]:
    with pytest.raises(EngineError) as caught:
        choose(operation, *pair, engine=engine)
    return caught.value.code, caught.value.message


def listed(
    filters: Mapping[str, str] | None = None, *, alternatives: bool = False, include: tuple[str, ...] = ()
) -> list[dict[str, object]]:
    answer = asyncio.run(
        Listing(operations()).answer(filters or {}, alternatives=alternatives, include=frozenset(include))
    )
    return json.loads(answer)["data"]


def test_a_missing_engine_is_passed_over_for_one_that_is_there() -> None:
    offer, version = choose("convert", "toy", "up")
    assert (offer.engine.name, version) == ("toy", "1.5")


def test_formats_may_be_written_in_capitals() -> None:
    assert choose("convert", "TOY", "Up")[0].input_format == "toy"


def test_an_operation_for_any_file_takes_any_file() -> None:
    assert choose("metadata", "whatever", None)[0].engine.name == "toy"


def test_a_pair_that_only_a_missing_engine_has_names_its_install_command() -> None:
    code, message = refusal("convert", "toy", "gone")
    assert code == "ENGINE_NOT_INSTALLED"
    assert (
        message
        == "toy to gone needs Absentia, which is not installed here; install it with `apt-get install absentia` and start the sandbox again."
    )


def test_a_pair_that_nobody_has_says_what_the_input_can_become() -> None:
    code, message = refusal("convert", "toy", "gold")
    assert code == "INVALID_CONVERSION_TYPE"
    assert message == f"toy cannot become gold; it can become: {', '.join(sorted([*MISBEHAVIOURS, 'line', 'up']))}."


def test_an_unknown_input_says_what_can_be_taken() -> None:
    assert refusal("convert", "stone", "line")[1] == "convert cannot take stone here; it takes: toy."
    assert "a file without an extension" in refusal("convert", "", "line")[1]


def test_an_operation_without_any_engine_says_so() -> None:
    assert refusal("pdf/ocr", "pdf", None) == ("OPERATION_NOT_AVAILABLE", "The local sandbox cannot do pdf/ocr yet.")


def test_another_engine_can_be_asked_for_by_name() -> None:
    assert refusal("convert", "toy", "up", engine="absent")[0] == "ENGINE_NOT_INSTALLED"
    assert refusal("convert", "toy", "up", engine="magic") == (
        "INVALID_OPTION",
        "The engine magic cannot do this; use one of: absent, toy.",
    )


def test_the_list_holds_only_what_is_there() -> None:
    assert {entry["engine"] for entry in listed()} == {"toy"}
    assert {"convert", "merge", "metadata", "capture-website"} == {entry["operation"] for entry in listed()}


def test_an_entry_has_the_shape_of_the_service() -> None:
    entry = listed({"output_format": "line"})
    assert entry == [
        {
            "operation": "convert",
            "input_format": "toy",
            "output_format": "line",
            "engine": "toy",
            "credits": 1,
            "meta": {"group": "document"},
        }
    ]


def test_includes_add_options_and_versions() -> None:
    entry = listed({"input_format": "txt", "output_format": "up"}, include=("options", "engine_versions"))[0]
    assert entry["engine_versions"] == [
        {"version": "1.5", "default": True, "latest": True, "deprecated": False, "experimental": False}
    ]
    assert {"name": "color", "type": "enum", "default": None, "possible_values": ["red", "blue"]} in entry["options"]


def test_filters_match_exactly() -> None:
    assert listed({"engine_version": "1"}) == []
    assert len(listed({"operation": "merge", "engine": "toy", "engine_version": "1.5"})) == 1


def test_an_engine_may_be_asked_for_by_the_name_of_one_that_it_stands_for() -> None:
    assert choose("convert", "toy", "up", engine="playthings")[0].engine.name == "toy"
