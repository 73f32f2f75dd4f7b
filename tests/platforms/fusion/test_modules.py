"""Every emitted module, run as the platform runs it, against the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from connector.modules import all_modules
from connector.recipe import Webhook
from tests.conftest import RunningSandbox
from tests.platforms.fusion.conftest import parameters_of
from tests.platforms.fusion.filling import bundle
from tests.platforms.fusion.machine import Machine, PlatformError
from tests.support.world import World, uploaded

RUNNABLE = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
EXAMPLES = [
    pytest.param(module, example, id=f"{module.name()}-{number}")
    for module in RUNNABLE
    for number, example in enumerate(module.examples, 1)
]
UPLOADS = [module for module in RUNNABLE if "input_file" in module.Input.all()]


def run(machine: Machine, module: Any, form: dict[str, Any]) -> list[Any]:
    """The bundles; what needs a converter that is missing here is skipped with the reason."""
    if "download" in module.Input.all():
        form["download"] = True
    try:
        return machine.run(module.name(), bundle(module, parameters_of(machine, module.name()), form))
    except PlatformError as error:
        if "ENGINE_NOT_INSTALLED" in error.message or "is not installed" in error.message:
            pytest.skip(error.message)
        raise


def keys_of(interface: list[Any]) -> set[str]:
    return {one["name"] for one in interface}


@pytest.mark.parametrize(("module", "example"), EXAMPLES)
def test_an_example_runs_and_gives_what_its_interface_says(
    machine: Machine, world: World, module: Any, example: Any
) -> None:
    bundles = run(machine, module, world.real(module, example))
    interface = machine.code("module", module.name(), "interface")
    assert all(set(one) <= keys_of(interface) for one in bundles)
    if "data" in keys_of(interface):
        assert bundles[0]["data"] == bundles[0]["files"][0]["data"] != b""
        assert bundles[0]["file_name"] == bundles[0]["files"][0]["filename"]


@pytest.mark.parametrize("module", UPLOADS, ids=lambda module: module.name())
@pytest.mark.parametrize("valid_first", [False, True], ids=["repeat first", "valid first"])
def test_an_uploaded_file_is_worked_on(
    sandbox: RunningSandbox, sandbox_files: Any, world: World, module: Any, valid_first: bool
) -> None:
    machine = Machine(sandbox_files, {"api_key": sandbox.api_key}, valid_first=valid_first)
    form = uploaded(module, module.examples[0], world.origin)
    assert form is not None
    assert run(machine, module, form)[0]["status"] == "finished"


def test_without_a_download_the_module_returns_at_once(machine: Machine, world: World) -> None:
    module = all_modules()["ConvertFile"]
    form = world.real(module, module.examples[0])
    result = machine.run("ConvertFile", bundle(module, parameters_of(machine, "ConvertFile"), form))[0]
    assert result["job_id"]
    assert result["files"] == []
    assert "data" not in result
