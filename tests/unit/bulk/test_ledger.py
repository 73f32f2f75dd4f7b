"""The ledger: leases, what is due, how it ended; alike in SQLite and PostgreSQL."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from connector.bulk.entry import Entry, LeaseLost
from connector.bulk.ledger import PATIENCE, Ledger
from connector.bulk.run import Counts, Input, Run
from connector.errors import ConnectorError, InputError, TemporaryError
from tests.support.clock import FakeClock

RUN = Run("run", "ConvertFile", {"output_format": "pdf"}, "/out", window=3)


def submitted(ledger: Ledger, number: int, run: Run = RUN) -> Ledger:
    ledger.start(run)
    ledger.add(run.id, (Input(f"key-{n}", f"{n}.docx", {"input_file": f"{n}.docx"}) for n in range(number)))
    return ledger


def taken(ledger: Ledger) -> Entry:
    """The first item, with its lease."""
    ledger.schedule.open_up()
    entry = ledger.rows.take(ledger.schedule.due(1)[0])
    assert entry
    assert entry.holder
    return entry


def test_a_run_is_kept_as_it_was_submitted(ledger: Ledger) -> None:
    ledger.start(RUN)
    ledger.start(replace(RUN, overwrite=True))
    assert ledger.run("run") == RUN
    assert ledger.runs() == ["run"]
    with pytest.raises(InputError, match="knows no run 'other'") as unknown:
        ledger.run("other")
    assert unknown.value.hint == "It knows: run."


def test_inputs_are_noted_once(ledger: Ledger) -> None:
    submitted(ledger, 3)
    more = [Input(f"key-{n}", f"{n}.docx", {}) for n in range(5)]
    assert ledger.add("run", more) == 2
    assert ledger.counts("run") == Counts(waiting=5)


def test_the_window_bounds_what_is_in_flight(ledger: Ledger) -> None:
    submitted(ledger, 5)
    assert ledger.schedule.open_up() == 3
    assert ledger.schedule.open_up() == 0
    assert ledger.counts("run") == Counts(waiting=2, open=3)
    entry = ledger.rows.take(ledger.schedule.due()[0])
    assert entry
    ledger.rows.finish(entry, {"url": "u"}, 2.0)
    assert ledger.schedule.open_up() == 1
    assert ledger.counts("run") == Counts(waiting=1, open=3, done=1, credits=2.0)


def test_what_was_handed_out_is_due_again_only_after_silence(ledger: Ledger, clock: FakeClock) -> None:
    """A message that a broker lost: nobody took the item, so it comes again."""
    submitted(ledger, 2).schedule.open_up()
    first = ledger.schedule.due()
    assert (len(first), ledger.schedule.due()) == (2, [])
    clock.sleep(PATIENCE)
    assert ledger.schedule.due() == first


def test_what_could_not_be_handed_on_stays_due(ledger: Ledger) -> None:
    submitted(ledger, 2).schedule.open_up()
    due = ledger.schedule.due()
    ledger.schedule.give_back(due)
    assert ledger.schedule.due() == due


def test_several_dispatchers_never_hand_out_the_same(ledger: Ledger) -> None:
    submitted(ledger, 60, replace(RUN, window=60)).schedule.open_up()
    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(lambda _: ledger.schedule.due(10), range(12)))
    handed_out = [item for share in shares for item in share]
    assert len(handed_out) == len(set(handed_out))
    again = ledger.schedule.due(100)
    assert sorted(handed_out + again) == sorted(set(handed_out + again))
    assert len(handed_out + again) == 60


def test_several_dispatchers_keep_to_the_window(ledger: Ledger) -> None:
    submitted(ledger, 60, replace(RUN, window=7))
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: ledger.schedule.open_up(), range(12)))
    assert sum(opened) == 7


def test_of_two_deliveries_one_works(ledger: Ledger) -> None:
    entry = taken(submitted(ledger, 1))
    other = ledger.rows.take(entry.id)
    assert other
    assert other.holder is None


def test_of_many_at_once_one_works(ledger: Ledger) -> None:
    submitted(ledger, 1).schedule.open_up()
    [item] = ledger.schedule.due()
    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(ledger.rows.take, [item] * 16))
    assert sum(bool(entry and entry.holder) for entry in entries) == 1


def test_the_item_of_a_dead_worker_is_taken_over(ledger: Ledger, clock: FakeClock) -> None:
    dead = taken(submitted(ledger, 1))
    clock.sleep(PATIENCE + 1)
    heir = ledger.rows.take(dead.id)
    assert heir
    assert (heir.holder is not None, heir.asked, heir.tag) == (True, True, dead.tag)
    with pytest.raises(LeaseLost):
        ledger.rows.finish(dead, {})
    ledger.rows.finish(heir, {})
    with pytest.raises(LeaseLost):
        ledger.rows.finish(heir, {})
    assert ledger.counts("run") == Counts(done=1)


def test_a_worker_that_lives_keeps_what_it_has(ledger: Ledger, clock: FakeClock) -> None:
    entry = taken(submitted(ledger, 1))
    for _ in range(4):
        clock.sleep(PATIENCE / 2)
        assert ledger.rows.renew() == 1
    other = ledger.rows.take(entry.id)
    assert other
    assert other.holder is None
    ledger.rows.finish(entry, {})


def test_what_was_refused_beforehand_was_not_asked(ledger: Ledger, clock: FakeClock) -> None:
    entry = taken(submitted(ledger, 1))
    assert not entry.asked
    ledger.rows.release(entry, due=clock.now + 5, asked=False)
    clock.sleep(5)
    assert not taken(ledger).asked


def test_a_released_item_comes_back_when_it_is_due(ledger: Ledger, clock: FakeClock) -> None:
    entry = ledger.rows.made(taken(submitted(ledger, 1)), "job-1")
    ledger.rows.release(entry, due=clock.now + 5)
    assert ledger.schedule.due() == []
    clock.sleep(5)
    again = taken(ledger)
    assert (again.job_id, again.tries) == ("job-1", 2)


def test_an_event_brings_an_item_forward(ledger: Ledger, clock: FakeClock) -> None:
    entry = ledger.rows.made(taken(submitted(ledger, 1)), "job-1")
    ledger.rows.release(entry, due=clock.now + 500)
    assert not ledger.schedule.wake("another")
    assert ledger.schedule.wake("job-1")
    assert ledger.schedule.due() == [entry.id]


def test_a_failed_item_can_be_tried_again_with_another_job(ledger: Ledger) -> None:
    entry = ledger.rows.made(taken(submitted(ledger, 1)), "job-1")
    ledger.rows.fail(entry, {"message": "It broke."}, spent=1.0)
    assert ledger.reasons("run") == [("It broke.", 1, "0.docx")]
    assert ledger.retry("run") == 1
    again = taken(ledger)
    assert (again.job_id, again.asked, again.tag == entry.tag) == (None, False, False)


def test_a_job_that_may_still_end_is_taken_up_by_the_retry(ledger: Ledger) -> None:
    entry = ledger.rows.made(taken(submitted(ledger, 1)), "job-1")
    ledger.rows.fail(entry, {"message": "It took too long."}, taken_up=True)
    ledger.retry("run")
    again = taken(ledger)
    assert (again.job_id, again.tag) == ("job-1", entry.tag)


def test_reasons_are_told_by_how_often_they_came(ledger: Ledger) -> None:
    submitted(ledger, 3).schedule.open_up()
    for number, item in enumerate(ledger.schedule.due()):
        entry = ledger.rows.take(item)
        assert entry
        ledger.rows.fail(entry, {"message": "a" if number else "b", "job_id": item})
    assert [(sentence, number) for sentence, number, _ in ledger.reasons("run")] == [("a", 2), ("b", 1)]


def test_results_come_in_the_order_of_submission(ledger: Ledger) -> None:
    submitted(ledger, 1200, replace(RUN, window=1200)).schedule.open_up()
    for item in reversed(ledger.schedule.due(1200)):
        if item % 3 == 0:
            entry = ledger.rows.take(item)
            assert entry
            ledger.rows.finish(entry, {"n": item})
    labels = [int(result["input"].removesuffix(".docx")) for result in ledger.results("run")]
    assert len(labels) == 400
    assert labels == sorted(labels)


def test_a_pause_is_everybodys(ledger: Ledger, place: str, clock: FakeClock) -> None:
    assert ledger.schedule.paused() == (0.0, "")
    ledger.schedule.pause(10, "429")
    ledger.schedule.pause(4, "shorter")
    with Ledger(place, clock=clock) as other:
        assert other.schedule.paused() == (10, "429")
    clock.sleep(10)
    assert ledger.schedule.paused() == (0.0, "")


def test_a_ledger_keeps_its_name(ledger: Ledger, place: str) -> None:
    with Ledger(place) as other:
        assert other.id == ledger.id


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    with Ledger(tmp_path / "new" / "ledger.sqlite3") as ledger:
        ledger.start(RUN)
        assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()] == [0o600] * 3


def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear ledger, " * 100)
    with pytest.raises(ConnectorError, match="cannot be used as a ledger: file is not a database"):
        Ledger(tmp_path / "letter")
    assert (tmp_path / "letter").read_text().startswith("Dear")


@pytest.mark.parametrize(
    ("address", "kind"),
    [("nosuch://host/x", InputError), ("postgresql+psycopg://me:secret-word@127.0.0.1:1/x", TemporaryError)],
)
def test_an_address_that_does_not_work_is_explained(address: str, kind: type[ConnectorError]) -> None:
    with pytest.raises(kind) as refused:
        Ledger(address)
    assert "ledger" in str(refused.value).lower()
    assert "secret-word" not in f"{refused.value}{refused.value.hint}"
