"""The same filled-in form causes the same requests, whether the module runs in Python or on a platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import RunningSandbox
from tests.platforms.parity.cases import Case, cases
from tests.platforms.parity.comparing import comparable, leaks
from tests.platforms.parity.differences import FORCED, levelled
from tests.platforms.parity.recorder import Exchange, Recorder
from tests.platforms.parity.runners import Runner, platforms
from tests.platforms.parity.runners.python import PythonRunner
from tests.support.file_server import file_server
from tests.support.webhook_service import WebhookService
from tests.support.world import IDS, World

RUNNERS = platforms()


@pytest.fixture(scope="module")
def recorder(sandbox: RunningSandbox) -> Iterator[Recorder]:
    with Recorder(sandbox.base_url, sandbox.sync_url) as recording:
        yield recording


@pytest.fixture(scope="module")
def world(sandbox: RunningSandbox) -> Iterator[World]:
    with file_server() as origin, sandbox.connect() as connection:
        yield World(connection.api, origin)


def recorded(runner: Runner, recorder: Recorder, case: Case, form: dict[str, Any]) -> list[Exchange]:
    recorder.take()
    runner.run(case.module, form)
    return recorder.take()


def two_forms(case: Case, world: World) -> list[dict[str, Any]]:
    """One for each side: the same, unless it names something that the first may delete."""
    form = case.make(world)
    return [form, case.make(world) if set(form) & set(IDS) else form]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.parametrize("platform", RUNNERS)
def test_a_form_causes_the_same_requests(
    sandbox: RunningSandbox, recorder: Recorder, world: World, platform: str, case: Case
) -> None:
    first, second = two_forms(case, world)
    ours = recorded(PythonRunner(recorder, sandbox.api_key), recorder, case, first)
    theirs = recorded(RUNNERS[platform](recorder, sandbox.api_key), recorder, case, second)
    assert ours
    assert comparable(levelled(theirs, platform)) == comparable(levelled(ours, platform))
    assert leaks(ours, [sandbox.api_key]) == leaks(theirs, [sandbox.api_key]) == []
    assert all("authorization" in one.headers for one in theirs if one.role != "storage")


@pytest.mark.parametrize("events", [["created"], ["finished"], ["created", "failed"]], ids=str)
@pytest.mark.parametrize("platform", RUNNERS)
def test_a_webhook_is_attached_and_detached_alike(platform: str, events: list[str]) -> None:
    sides: list[list[Exchange]] = []
    for kind in (PythonRunner, RUNNERS[platform]):
        with WebhookService() as service, Recorder(service.url, service.url) as recorder:
            kind(recorder, "key-of-the-tests").subscribe("https://hooks.example.com/a", events)
            sides.append(recorder.take())
    ours, theirs = (comparable(levelled(side, platform)) for side in sides)
    assert [one["method"] for one in ours] == ["POST", "DELETE"]
    assert ours == theirs


def test_every_difference_has_its_reason_and_a_platform_that_exists() -> None:
    assert all(difference.why and set(difference.platforms) <= set(RUNNERS) for difference in FORCED)


def test_a_leak_would_be_seen() -> None:
    leaking = Exchange("storage", "GET", "/file", [("t", "secret-key")], {})
    assert leaks([leaking], ["secret-key"]) == ["GET /file"]
