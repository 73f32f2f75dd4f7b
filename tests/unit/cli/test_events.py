from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cli import main
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.webhook_sender import HEADER, document, signature, task

ABOUT = document("failed", tasks=[task("a", "error")])
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def events(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `events ...` in an empty folder with one recorded event; gives code, output and errors."""
    monkeypatch.chdir(tmp_path)
    Path("recorded.jsonl").write_text(json.dumps(ABOUT) + "\n")

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["events", *words])
        out, err = capfdbinary.readouterr()
        return int(end.value.code or 0), out.decode(), err.decode()

    return run


def test_replay_prints_the_events_and_tells_how_many_beside_them(events: Run) -> None:
    code, out, err = events("replay", "recorded.jsonl")
    assert [json.loads(line)["event"] for line in out.splitlines()] == ["task.failed", "job.failed"]
    assert (code, json.loads(err)) == (0, {"read": 1, "handed": 2})


def test_replay_appends_as_often_as_it_is_asked(events: Run) -> None:
    for _ in range(2):
        code, out, _ = events("replay", "recorded.jsonl", "--append", "out.jsonl")
        assert (code, json.loads(out)) == (0, {"read": 1, "handed": 2})
    assert len(Path("out.jsonl").read_text().splitlines()) == 4


def test_what_was_appended_can_be_replayed(events: Run) -> None:
    events("replay", "recorded.jsonl", "--append", "out.jsonl")
    _, out, _ = events("replay", "out.jsonl")
    assert out == Path("out.jsonl").read_text()


def test_replay_runs_a_command_for_each(events: Run) -> None:
    code, out, _ = events("replay", "recorded.jsonl", "--exec", "wc -l")
    assert (code, out.split()[:2]) == (0, ["1", "1"])


def test_replay_signs_for_a_receiver(events: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_SECRET", "a-signing-secret")
    with ScriptedServer() as server:
        server.route("POST /hook", Reply(200))
        code, out, _ = events("replay", "recorded.jsonl", "--url", f"{server.url}/hook", "--secret-env", "THE_SECRET")
    assert (code, json.loads(out)) == (0, {"read": 1, "handed": 1})
    assert server.requests[0].headers[HEADER] == signature(server.requests[0].body, "a-signing-secret")


def test_a_failure_names_the_line(events: Run) -> None:
    code, _, err = events("replay", "recorded.jsonl", "--exec", "false")
    assert (code, err.count("\n")) == (1, 2)
    assert "The command false ended with code 1." in err
    assert "line 1 of recorded.jsonl; 0 events were handed on before" in err


WRONG = {
    "only one of --exec": ("replay", "recorded.jsonl", "--exec", "true", "--append", "x"),
    "one of --exec, --append and --url": ("replay", "recorded.jsonl", "--exec", "true", "--url", "http://127.0.0.1:9"),
    "no signing secret": ("replay", "recorded.jsonl", "--url", "http://127.0.0.1:9"),
    "cannot be read and appended": ("replay", "recorded.jsonl", "--append", "./recorded.jsonl"),
    "none.jsonl cannot be read": ("replay", "none.jsonl"),
    "either --url or --poll": ("listen",),
    "either --url or --poll.": ("listen", "--url", "http://127.0.0.1:9", "--poll", "5"),
    "only one of --append and --wake": ("listen", "--poll", "9", "--append", "x", "--wake", "ledger"),
    "cannot be appended to": ("listen", "--url", "http://127.0.0.1:9", "--append", "missing/x"),
    "The command is empty": ("listen", "--url", "http://127.0.0.1:9", "--exec", ""),
    "'deleted' is not one of": ("listen", "--url", "http://127.0.0.1:9", "--event", "deleted"),
}


@pytest.mark.parametrize(("said", "words"), WRONG.items(), ids=WRONG)
def test_what_cannot_be_done_is_said_in_a_sentence(said: str, words: tuple[str, ...], events: Run) -> None:
    code, out, err = events(*words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--url", "nowhere"), "no address that CloudConvert can call"),
        (("--url", "http://127.0.0.1:9", "--port", "1"), "port 1: "),
    ],
)
def test_a_listener_that_cannot_listen_says_why(
    words: tuple[str, ...], said: str, events: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "a-key-for-tests")
    code, out, err = events("listen", "--host", "192.0.2.1", "--state", "state", *words)
    assert (code, out) == (2, "")
    assert said in err
