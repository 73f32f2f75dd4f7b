"""The registry finds every module by itself, and a person's name for one."""

from __future__ import annotations

from typing import get_args

import pytest

from connector.errors import InputError
from connector.module import Group
from connector.modules import all_modules, find


def test_modules_stand_in_order_of_their_groups_and_labels() -> None:
    shown = [(get_args(Group).index(module.group), module.label) for module in all_modules().values()]
    assert shown == sorted(shown)
    assert len(shown) > 20


def test_every_module_has_a_file_of_its_own() -> None:
    files = [module.__module__ for module in all_modules().values()]
    assert len(set(files)) == len(files)


def test_shared_parts_are_no_modules() -> None:
    assert not [
        name for name, module in all_modules().items() if ".shared." in module.__module__ or name != module.name()
    ]


@pytest.mark.parametrize("name", ["ConvertFile", "convertfile", "convert-file", "convert_file", "CONVERT-FILE"])
def test_capitals_and_dashes_do_not_matter(name: str) -> None:
    assert find(name).name() == "ConvertFile"


@pytest.mark.parametrize(
    ("name", "suggestion"), [("ConvertFiel", " Did you mean 'ConvertFile'?"), ("zzz", ""), ("x" * 500, "")]
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, suggestion: str) -> None:
    with pytest.raises(InputError) as caught:
        find(name)
    assert str(caught.value) == f"There is no module {name[:60]!r}.{suggestion}"
    assert list(caught.value.fields) == ["module"]
