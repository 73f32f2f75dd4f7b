"""The drop-down lists: each RPC that a form names gives choices, narrowed by what is filled in."""

from __future__ import annotations

import pytest

from tests.platforms.fusion.machine import Machine
from tests.support.world import World


@pytest.mark.parametrize(
    ("rpc", "form", "expected"),
    [
        ("listOperations", {}, "convert"),
        ("listInputFormats", {"operation": "convert"}, "png"),
        ("listOutputFormats", {"operation": "convert", "options": {"input_format": "png"}}, "jpg"),
        ("listOutputFormats", {"operation": "convert", "input_format": "png"}, "jpg"),
        ("listEngines", {"operation": "convert", "options": {"input_format": "png", "output_format": "jpg"}}, "pillow"),
        (
            "listOptions",
            {"operation": "convert", "options": {"input_format": "png", "output_format": "jpg"}},
            "quality",
        ),
    ],
)
def test_a_list_has_every_choice_once(machine: Machine, rpc: str, form: dict[str, object], expected: str) -> None:
    values = [choice["value"] for choice in machine.rpc(rpc, form)]
    assert expected in values
    assert len(values) == len(set(values))


def test_what_is_filled_in_narrows_the_list(machine: Machine) -> None:
    narrow = machine.rpc("listOutputFormats", {"operation": "convert", "options": {"input_format": "wav"}})
    assert "docx" not in [choice["value"] for choice in narrow]


@pytest.mark.parametrize("rpc", ["listJobs", "listTasks"])
def test_recent_ones_can_be_chosen_by_their_id(machine: Machine, world: World, rpc: str) -> None:
    job = world._job()
    ids = {job["id"], *(task["id"] for task in job["tasks"])}
    assert ids & {choice["value"] for choice in machine.rpc(rpc, {})}
