from __future__ import annotations

from pathlib import Path

import pytest

from connector.errors import ConnectorError, InputError, NetworkError
from connector.events import events_of
from connector.events.handlers import line
from connector.events.replay import Resend, events_in, recorded
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.webhook_sender import HEADER, SECRET, document, signature, task

ABOUT = document("failed", tasks=[task("a", "error")])


def test_a_webhooks_body_brings_all_its_events() -> None:
    assert [event.name for event in events_in(ABOUT)] == ["task.failed", "job.failed"]


def test_appended_lines_bring_the_same_events_again(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(line(event) for event in events_of(ABOUT)))
    again = [event for _, about in recorded(path) for event in events_in(about)]
    assert [event.outputs() for event in again] == [event.outputs() for event in events_of(ABOUT)]


@pytest.mark.parametrize(
    "bad", ["{", "[]", "{}", '{"event": "job.finished"}', '{"event": "x.y", "job": {"id": "a"}}', "[" * 99999]
)
def test_a_line_that_is_no_event_is_named(bad: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"\n{bad}\n")
    with pytest.raises(InputError, match=r"Line 2 of .* is no recorded event"):
        list(recorded(path))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(recorded(tmp_path / "none.jsonl"))


def test_a_document_is_sent_signed() -> None:
    with ScriptedServer() as server:
        server.route("POST /hook", Reply(200))
        assert Resend(f"{server.url}/hook", SECRET)(ABOUT)
        (request,) = server.requests
    assert request.headers[HEADER] == signature(request.body)
    assert request.json() == ABOUT


def test_what_was_derived_is_not_sent() -> None:
    derived = events_of(ABOUT)[0].outputs()
    assert not Resend("http://127.0.0.1:9/", SECRET)(derived)


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_refusal_is_an_error(status: int) -> None:
    with ScriptedServer() as server:
        server.route("POST /hook", Reply(status, headers=[("Location", "http://127.0.0.1:9/")]))
        resend = Resend(f"{server.url}/hook", SECRET)
        with pytest.raises(ConnectorError, match=f"refused the event with status {status}"):
            resend(ABOUT)


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(NetworkError, match="cannot be reached"):
        Resend("http://127.0.0.1:9/", SECRET)(ABOUT)
