from __future__ import annotations

import pytest

from connector.fields.base import Kind
from connector.hosts.airflow.arguments import _TYPES, OWN, REQUIRED, actions, arguments_of, summary_of
from connector.module import Module
from connector.modules import find


def names(module: type[Module]) -> list[str]:
    return [argument.name for argument in arguments_of(module)]


def test_every_kind_of_field_has_a_type() -> None:
    assert set(_TYPES) == set(Kind.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", actions(), ids=lambda module: module.name())
def test_arguments_are_unique_and_explained(module: type[Module]) -> None:
    assert len({*names(module), *OWN}) == len(names(module)) + len(OWN)
    assert all(f":param {argument.name}: {argument.help}" in summary_of(module) for argument in arguments_of(module))
    assert all(argument.help.endswith(".") for argument in arguments_of(module))


def test_a_folder_takes_the_place_of_the_question_whether_to_download() -> None:
    assert "download" not in names(find("ConvertFile"))
    assert next(a.default for a in arguments_of(find("ConvertFile")) if a.name == "output_dir") is None
    assert next(a.default for a in arguments_of(find("DownloadFile")) if a.name == "output_dir") is REQUIRED
    assert "output_dir" not in names(find("GetJob"))


def test_airflows_own_words_are_left_to_it() -> None:
    assert names(find("GetTask")) == ["cloudconvert_task_id"]


def test_required_fields_have_no_default() -> None:
    required = {argument.name for argument in arguments_of(find("ConvertFile")) if argument.default is REQUIRED}
    assert required == {"input_file", "output_format"}
