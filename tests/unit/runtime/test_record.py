"""Outputs can be read as a mapping and as attributes."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from connector.runtime import Record

RECORD = Record({"job_id": "j", "files": [{"name": "a"}], "job": {"tasks": [{"id": "t"}]}}, size=3)


def test_entries_are_attributes_at_every_depth() -> None:
    assert (RECORD.job_id, RECORD["size"], RECORD.files[0].name, RECORD.job.tasks[0].id) == ("j", 3, "a", "t")


def test_a_name_that_is_not_there_says_which_are() -> None:
    with pytest.raises(AttributeError, match="There is no output 'url'; there are job_id, files, job, size"):
        _ = RECORD.url


def test_names_are_offered_for_completion() -> None:
    assert {"job_id", "files", "items"} <= set(dir(RECORD))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda record: pickle.loads(pickle.dumps(record)), Record])
def test_copies_are_equal_records(again: object) -> None:
    assert callable(again)
    twin = again(RECORD)
    assert (twin, twin.files[0].name) == (RECORD, "a")


def test_it_is_a_plain_mapping_to_json() -> None:
    assert json.loads(json.dumps(RECORD)) == RECORD


def test_what_was_looked_at_stays_the_same_thing() -> None:
    record = Record({"files": [{"name": "a"}], "job": {"tag": "t"}})
    record["files"].append("b")
    record.job["tag"] = "changed"
    assert (record["files"][0].name, record.files[1], record["job"].tag) == ("a", "b", "changed")


def test_values_and_items_are_records_too() -> None:
    record = Record({"job": {"tag": "t"}})
    assert [value.tag for value in record.values()] == [value.tag for _, value in record.items()] == ["t"]
    assert (record.get("job").tag, record.get("url", "none")) == ("t", "none")
