"""The definitions hold before Zapier's own validator, and where it does not look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connector.modules import all_modules
from connector.platforms.zapier.package import PLATFORM
from tests.platforms.zapier.platform import APP, platform
from tests.support.node import packages

APPS = [APP.with_name("api-key"), APP.with_name("oauth2")]


def definition(folder: Any = APP) -> dict[str, Any]:
    return json.loads((folder / "app.json").read_text())  # type: ignore[no-any-return]


def operations() -> list[dict[str, Any]]:
    """Everything that a person can choose."""
    app = definition()
    every = [one for kind in ("triggers", "searches", "creates") for one in app[kind].values()]
    return [one for one in every if not one["display"].get("hidden")]


def all_fields(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in fields:
        yield field
        yield from all_fields(field.get("children", []))


@pytest.mark.parametrize("folder", APPS, ids=lambda folder: folder.name)
def test_zapiers_validator_finds_nothing(folder: Any) -> None:
    assert platform().ask(work="validate", folder=str(folder))["result"] == []


def test_the_apps_differ_in_how_one_signs_in_and_in_nothing_else() -> None:
    first, second = ({**definition(folder), "authentication": None} for folder in APPS)
    assert first == second


def test_every_module_is_there_once() -> None:
    labels = [one["display"]["label"] for one in operations()]
    assert sorted(labels) == sorted(module.label for module in all_modules().values())


def test_every_operation_can_be_shown_before_it_has_run() -> None:
    for one in operations():
        assert one["operation"]["sample"], one["key"]
        assert one["display"]["description"].endswith(".")
        assert set(one["operation"]["sample"]) <= {field["key"] for field in one["operation"]["outputFields"]}


def test_every_drop_down_list_has_its_trigger_and_no_key_stands_twice() -> None:
    app = definition()
    for one in operations():
        fields = list(all_fields(one["operation"]["inputFields"]))
        assert len({field["key"] for field in fields}) == len(fields), one["key"]
        named = {field["dynamic"].split(".")[0] for field in fields if "dynamic" in field}
        assert named <= set(app["triggers"])


def test_a_default_is_one_of_the_choices_and_stands_for_one_value() -> None:
    for one in operations():
        for field in (field for field in all_fields(one["operation"]["inputFields"]) if "default" in field):
            assert field["default"] in field.get("choices", [field["default"]]), (one["key"], field["key"])
            assert not field.get("list"), (one["key"], field["key"])


def test_the_trigger_has_what_the_validator_does_not_ask_for() -> None:
    operation = platform().ask(work="definition", folder=str(APP))["result"]["triggers"]["new_job_event"]["operation"]
    assert {"perform", "performList", "performSubscribe", "performUnsubscribe"} <= set(operation)


def test_the_platform_is_the_one_that_runs_the_tests() -> None:
    installed = json.loads((packages("zapier") / "zapier-platform-core" / "package.json").read_text())
    assert installed["version"] == PLATFORM == definition()["platformVersion"]
