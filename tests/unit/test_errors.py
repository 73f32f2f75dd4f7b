"""The error tree: what it looks like, what an error tells, that it survives a process boundary."""

from __future__ import annotations

import pickle

import pytest

from connector import errors
from connector.errors import ConnectorError, ConversionFailed, InputError, RateLimited, TemporaryError, WaitExceeded

EVERY = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, ConnectorError)]


def test_the_tree_drawn_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn, path = {}, ["Exception"]
    for line in (errors.__doc__ or "").splitlines():
        name = line.lstrip("│├└─ ").split(" ")[0]
        if hasattr(errors, name) and name:
            depth = (len(line) - len(line.lstrip("│├└─ "))) // 4
            path[depth + 1 :] = [name]
            drawn[name] = path[depth]
    assert drawn == {kind.__name__: kind.__base__.__name__ for kind in EVERY if kind.__base__}


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_reads_as_its_sentence_and_tells_its_kind(kind: type[ConnectorError]) -> None:
    error = kind("The job broke.")
    assert str(error) == error.message == "The job broke."
    assert error.to_dict() == {"type": kind.__name__, "message": "The job broke."}


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_survives_a_process_boundary(kind: type[ConnectorError]) -> None:
    error = kind("The job broke.", hint="Run it again.")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert copy.to_dict() == error.to_dict()


def test_data_holds_all_that_is_known() -> None:
    error = ConversionFailed("No.", task="convert", operation="convert", code="X", job_id="j", task_id="t")
    known = {"task": "convert", "operation": "convert", "code": "X", "job_id": "j", "task_id": "t"}
    assert error.to_dict() == {"type": "ConversionFailed", "message": "No.", **known}


def test_a_delay_of_zero_is_known() -> None:
    assert RateLimited("Later.", retry_after=0.0).to_dict()["retry_after"] == 0.0


def test_fields_are_a_copy() -> None:
    fields = {"output_format": "is required"}
    error = InputError("No.", fields=fields)
    fields.clear()
    assert error.fields == {"output_format": "is required"}


def test_exit_codes_tell_the_kinds_apart() -> None:
    assert (ConnectorError.exit_code, InputError.exit_code, TemporaryError.exit_code) == (1, 2, 4)
    assert WaitExceeded.exit_code == TemporaryError.exit_code
