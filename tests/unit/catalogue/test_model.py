"""Rows of the operations list, also malformed ones."""

from __future__ import annotations

from typing import Any

import pytest

from connector.catalogue.model import Option, operations_of


def test_a_row_is_read_with_its_group_options_and_versions() -> None:
    row = {
        "operation": "convert", "input_format": "DOCX", "output_format": "pdf", "engine": "office", "credits": 1,
        "meta": {"group": "document"}, "experimental": True, "deprecated": None, "something_new": [1],
        "options": [{"name": "pages", "type": "string"}, {"name": "optimize_print", "type": "boolean", "default": True}],
        "engine_versions": [{"version": "2.1", "default": True, "latest": True, "deprecated": False}],
    }  # fmt: skip
    (read,) = operations_of([row])
    assert (read.input_format, read.output_format, read.engine, read.credits) == ("docx", "pdf", "office", 1)
    assert (read.group, read.experimental, read.deprecated) == ("document", True, False)
    assert read.options == (Option("pages", "string"), Option("optimize_print", "boolean", default=True))
    assert [(version.version, version.latest) for version in read.engine_versions] == [("2.1", True)]


def test_options_may_be_a_map_and_versions_plain_texts() -> None:
    row = {
        "operation": "convert",
        "options": {"crf": {"type": "int", "min": 0, "max": 51}},
        "engine_versions": ["4.1", 5],
    }
    (read,) = operations_of([row])
    assert read.options == (Option("crf", "integer", minimum=0, maximum=51),)
    assert [version.version for version in read.engine_versions] == ["4.1", "5"]


@pytest.mark.parametrize(
    "values", [["a", "b"], [{"value": "a", "label": "A"}, {"value": "b"}], {"a": "A", "b": "B"}, ["a", None, "b", []]]
)
def test_allowed_values_may_be_plain_labelled_or_a_map(values: Any) -> None:
    (read,) = operations_of([{"operation": "convert", "options": [{"name": "fit", "possible_values": values}]}])
    assert read.options == (Option("fit", "enum", possible_values=("a", "b")),)


@pytest.mark.parametrize(
    "row",
    [None, 7, "convert", [], {}, {"operation": ""}, {"operation": 3}, {"operation": "convert", "input_format": 3}],
)
def test_a_malformed_row_is_left_out(row: Any) -> None:
    assert [read.operation for read in operations_of([row, {"operation": "merge"}])] == ["merge"]


@pytest.mark.parametrize("options", [None, 3, "all", [None, {}, {"name": ""}, {"name": 4}], {"crf": "integer"}])
def test_malformed_options_and_versions_are_left_out(options: Any) -> None:
    (read,) = operations_of([{"operation": "convert", "options": options, "engine_versions": options, "credits": "2"}])
    assert (read.options, read.credits) == ((), None)
