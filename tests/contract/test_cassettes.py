"""Every module's examples, replayed from what was recorded: no server is asked."""

from __future__ import annotations

from typing import Any

import pytest

from connector import Connection
from connector.modules import all_modules
from connector.runtime import Items, execute
from tests.support.cassettes import BASE_URL, FOLDER, SYNC_URL, cassette, forms

RECORDED = [
    pytest.param(module, title, form, id=f"{module.name()}/{title}")
    for module in all_modules().values()
    for title, form in forms(module)
]


@pytest.mark.parametrize(("module", "title", "form"), RECORDED)
def test_a_recorded_exchange_gives_the_declared_outputs(module: Any, title: str, form: dict[str, Any]) -> None:
    connection = Connection.api_key("another-key", base_url=BASE_URL, sync_url=SYNC_URL)
    with cassette(module.name(), title, "none") as tape:
        outputs = execute(connection.api, module.recipe, module.fill(form), outputs=module.Output)
        items = list(outputs) if isinstance(outputs, Items) else [outputs]
    assert tape.all_played
    assert all(set(item) == set(module.Output.all()) for item in items)


def test_no_cassette_is_left_of_a_module_that_is_gone() -> None:
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == {
        param.values[0].name() for param in RECORDED
    }
