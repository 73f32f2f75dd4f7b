"""The package's face: what `from connector import ...` offers."""

from __future__ import annotations

import importlib
import re

import pytest

import connector
from connector import errors

FACES = ["connector", "connector.bulk", "connector.connection", "connector.fields", "connector.runtime"]


@pytest.mark.parametrize("face", FACES)
def test_everything_in_all_is_there_once(face: str) -> None:
    module = importlib.import_module(face)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert len(set(module.__all__)) == len(module.__all__)


def test_every_error_can_be_imported_from_the_top() -> None:
    kinds = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, Exception)}
    assert kinds <= set(connector.__all__)


def test_what_is_public_has_a_docstring() -> None:
    public = [getattr(connector, name) for name in connector.__all__ if name != "__version__"]
    assert [thing for thing in public if not thing.__doc__] == []


def test_the_version_is_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|\.dev\d+)?", connector.__version__)
