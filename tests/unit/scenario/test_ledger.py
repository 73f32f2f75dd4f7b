from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from connector.errors import ConnectorError, InputError
from connector.scenario.entries import Run
from connector.scenario.ledger import KEPT, Ledger, state_dir


def begin(ledger: Ledger, **inputs: Any) -> Run:
    return ledger.start(digest="d", name="n", connection="", inputs=inputs)


def test_a_step_is_begun_with_a_unique_tag_created_and_done(ledger: Ledger) -> None:
    with begin(ledger) as run:
        assert run.entry("a", -1) is None
        tags = {run.begin("a", -1), run.begin("b", 0), run.begin("b", 1)}
        assert len(tags) == 3
        run.created("a", -1, "job-1")
        assert run.entry("a", -1).job_id == "job-1"  # type: ignore[union-attr]
        run.done("a", -1, {"data": b"x"})
        entry = run.entry("a", -1)
        assert entry is not None
        assert (entry.state, entry.outputs) == ("done", {"data": b"x"})


def test_what_was_noted_is_there_for_another_process(tmp_path: Path) -> None:
    with Ledger(tmp_path) as first, begin(first, x=1) as run:
        tag = run.begin("a", -1)
    with Ledger(tmp_path) as second, second.resume(run.id, "d") as again:
        entry = again.entry("a", -1)
        assert entry is not None
        assert (entry.state, entry.tag, again.inputs) == ("begun", tag, {"x": 1})


def test_a_run_belongs_to_one_process_at_a_time(ledger: Ledger) -> None:
    run = begin(ledger)
    with pytest.raises(InputError, match="going on in another process"):
        ledger.resume(run.id, "d")


def test_a_run_that_was_cut_off_is_found_by_scenario_and_inputs(ledger: Ledger) -> None:
    with begin(ledger, x=1) as run:
        assert ledger.cut_off("d", {"x": 1}) is None  # it goes on
    assert ledger.cut_off("d", {"x": 1}) == run.id
    assert ledger.cut_off("d", {"x": 2}) is None
    assert ledger.cut_off("other", {"x": 1}) is None


def test_a_failed_run_is_not_cut_off_but_can_be_taken_up(ledger: Ledger) -> None:
    with begin(ledger) as run:
        run.failed()
    assert ledger.cut_off("d", {}) is None
    with ledger.resume(run.id, "d") as again:
        assert again.id == run.id


def test_a_finished_run_leaves_nothing_behind(ledger: Ledger, tmp_path: Path) -> None:
    with begin(ledger, secretive="letters") as run:
        run.done("a", -1, {"data": b"x", "text": "letters"})
        run.finished()
    with pytest.raises(InputError, match="has finished"):
        ledger.resume(run.id, "d")
    ledger.close()
    assert not list((tmp_path / "state" / "runs" / run.id).glob("*"))
    rows = sqlite3.connect(tmp_path / "state" / "scenarios.sqlite3").execute("SELECT inputs FROM runs").fetchall()
    assert rows == [("{}",)]


@pytest.mark.parametrize(("run_id", "digest", "why"), [("none", "d", "is not known"), (None, "e", "is different")])
def test_a_run_that_cannot_be_taken_up_says_why(ledger: Ledger, run_id: str | None, digest: str, why: str) -> None:
    with begin(ledger) as run:
        pass
    with pytest.raises(InputError, match=why):
        ledger.resume(run_id or run.id, digest)


def test_old_runs_are_forgotten(tmp_path: Path) -> None:
    now = 1000.0
    with Ledger(tmp_path, now=lambda: now) as ledger:
        with begin(ledger) as old:
            old.done("a", -1, b"x")
        now += KEPT + 1
        begin(ledger).__exit__()
        with pytest.raises(InputError, match="is not known"):
            ledger.resume(old.id, "d")
        assert not (tmp_path / "runs" / old.id).exists()


def test_only_the_owner_may_read_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "scenarios.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectorError, match=r"cannot be kept in .*file") as raised:
        Ledger(tmp_path / "file")
    assert "--state" in raised.value.hint


def test_a_broken_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scenarios.sqlite3").write_bytes(b"not a database at all, but some text" * 100)
    with pytest.raises(ConnectorError, match="cannot be kept"):
        Ledger(tmp_path)


def test_the_folder_is_the_given_one_else_that_of_the_environment_else_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCONVERT_STATE_DIR", str(tmp_path))
    assert state_dir(Path("here")) == Path("here")
    assert state_dir() == tmp_path
    monkeypatch.delenv("CLOUDCONVERT_STATE_DIR")
    assert state_dir().name == "cloudconvert-connector"
