"""Section 8 of the v1 guide: callbacks of a process, hooks of the account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.samples import sample
from tests.support.scripted_server import Reply, Request, ScriptedServer
from tests.support.v1 import V1, until

GOOD = {"input": "raw", "file": "# Title", "filename": "a.md", "outputformat": "html"}
BAD = {"input": "raw", "file": "no picture", "filename": "a.png", "outputformat": "jpg"}


def calls(listener: ScriptedServer, what: str, count: int) -> list[Request]:
    """The calls that came, once there are so many."""
    until(lambda: len(listener.asked(what)) >= count)
    return listener.asked(what)


@pytest.mark.parametrize(("given", "step"), [(GOOD, "finished"), (BAD, "error")])
def test_a_callback_is_a_get_that_says_how_it_ended(
    v1: V1, listener: ScriptedServer, given: dict[str, Any], step: str
) -> None:
    url = v1.create(given["filename"].rpartition(".")[2], given["outputformat"])
    v1.start(url, **given, callback=f"{listener.url}/done?order=7")
    [call] = calls(listener, "GET /done", 1)
    assert call.query == {"order": "7", "id": url.rpartition("/")[2], "url": url, "step": step}


@pytest.mark.parametrize("fault", [Reply(503), Reply(fault="close")], ids=["503", "no answer"])
def test_a_callback_is_tried_five_more_times(v1: V1, listener: ScriptedServer, fault: Reply) -> None:
    listener.route("GET /done", fault)
    listener.route("GET /other", fault)
    v1.start(v1.create("md", "html"), **GOOD, callback=f"{listener.url}/done")
    calls(listener, "GET /done", 6)
    v1.start(v1.create("md", "html"), **GOOD, callback=f"{listener.url}/other")  # by its time a seventh would have come
    calls(listener, "GET /other", 6)
    assert len(listener.asked("GET /done")) == 6


def test_a_callback_that_is_refused_is_not_tried_again(v1: V1, listener: ScriptedServer) -> None:
    listener.route("GET /done", Reply(404))
    listener.route("GET /other", Reply(200))
    v1.start(v1.create("md", "html"), **GOOD, callback=f"{listener.url}/done")
    calls(listener, "GET /done", 1)
    v1.start(v1.create("md", "html"), **GOOD, callback=f"{listener.url}/other")
    calls(listener, "GET /other", 1)
    assert len(listener.asked("GET /done")) == 1


def hook(v1: V1, listener: ScriptedServer, event: str) -> str:
    """Subscribes; gives the hook's id."""
    made = v1.ask("POST", "/hook", json={"url": f"{listener.url}/hook", "event": event}).json()
    assert (made["url"], made["event"]) == (f"{listener.url}/hook", event)
    return str(made["id"])


@pytest.mark.parametrize(("event", "given"), [("started", GOOD), ("finished", GOOD), ("error", BAD)])
def test_a_hook_is_posted_the_status(v1: V1, listener: ScriptedServer, event: str, given: dict[str, Any]) -> None:
    hook_id = hook(v1, listener, event)
    url = v1.create(given["filename"].rpartition(".")[2], given["outputformat"])
    v1.start(url, **given)
    call = until(lambda: next((one for one in listener.asked("POST /hook") if one.json()["url"] == url), None))
    v1.ask("DELETE", f"/hook/{hook_id}")
    status = call.json()
    assert (status["id"], call.headers["Content-Type"]) == (url.rpartition("/")[2], "application/json")
    assert event == "started" or status["step"] == event


def test_hooks_are_listed_and_deleted(v1: V1, listener: ScriptedServer) -> None:
    hook_id = hook(v1, listener, "finished")
    assert {"id": hook_id, "url": f"{listener.url}/hook", "event": "finished"} in v1.ask("GET", "/hooks").json()
    assert v1.ask("DELETE", f"/v1/hook/{hook_id}").status_code == 200
    assert v1.ask("DELETE", f"/hook/{hook_id}").status_code == 404
    assert v1.ask("POST", "/hook", json={"url": f"{listener.url}/hook", "event": "lunch"}).status_code == 400


def test_a_hook_that_answers_4xx_is_deleted(v1: V1, listener: ScriptedServer) -> None:
    listener.route("POST /hook", Reply(410))
    hook_id = hook(v1, listener, "finished")
    v1.converted(sample("png"), "photo.png")
    calls(listener, "POST /hook", 1)
    until(lambda: hook_id not in [one["id"] for one in v1.ask("GET", "/hooks").json()])
