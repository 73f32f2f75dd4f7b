"""Every module's examples, run against the sandbox: they work, and give what the module declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector import Connection
from connector.errors import ConversionFailed
from connector.modules import all_modules
from connector.recipe import Webhook
from connector.runtime import Items, execute
from tests.support.file_server import file_server
from tests.support.world import World, uploaded

RUNNABLE = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
EXAMPLES = [
    pytest.param(module, example, id=f"{module.name()}-{number}")
    for module in RUNNABLE
    for number, example in enumerate(module.examples, 1)
]


@pytest.fixture(scope="module")
def world(connection: Connection) -> Iterator[World]:
    with file_server() as origin:
        yield World(connection.api, origin)


def run(world: World, module: Any, form: dict[str, Any]) -> Any:
    """The outputs; an example whose converter is missing here is skipped with the reason."""
    if "download" in module.Input.all():
        form["download"] = True
    try:
        outputs = execute(world.api, module.recipe, module.fill(form), outputs=module.Output)
        return list(outputs) if isinstance(outputs, Items) else [outputs]
    except ConversionFailed as error:
        if error.code == "ENGINE_NOT_INSTALLED":
            pytest.skip(error.message)
        raise


@pytest.mark.parametrize(("module", "example"), EXAMPLES)
def test_an_example_runs_and_gives_the_declared_outputs(world: World, module: Any, example: Any) -> None:
    outputs = run(world, module, world.real(module, example))
    assert all(set(item) == set(module.Output.all()) for item in outputs)
    if "files" in module.Output.all() and "download" in module.Input.all():
        assert outputs[0]["files"]
        assert all(file["data"] for file in outputs[0]["files"])


@pytest.mark.parametrize(
    "module", [module for module in RUNNABLE if "input_file" in module.Input.all()], ids=lambda module: module.name()
)
def test_an_uploaded_file_does_the_same_as_an_imported_one(world: World, module: Any) -> None:
    form = uploaded(module, module.examples[0], world.origin)
    assert form is not None
    assert run(world, module, form)[0]["status"] == "finished"
