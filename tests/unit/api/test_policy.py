"""What to do when a request did not go well. Numbers, no network."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.api.policy import (
    CREATE,
    LONGEST_RETRY_AFTER,
    ONCE,
    SAFE,
    Bucket,
    Outcome,
    Policy,
    backoff,
    delay_before_next,
    longest_transfer,
    outcome_of,
    parse_retry_after,
    was_done_before,
)

NOW = 1_700_000_000.0


def date(seconds: float) -> str:
    return formatdate(NOW + seconds, usegmt=True)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_trouble_over_there_is_a_failure(status: int) -> None:
    assert outcome_of(status, has_retry_after=False) is Outcome.FAILED


@pytest.mark.parametrize(("status", "delay"), [(429, False), (429, True), (503, True)])
def test_a_refusal_to_wait_for_is_throttling(status: int, delay: bool) -> None:
    assert outcome_of(status, has_retry_after=delay) is Outcome.THROTTLED


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 409, 410, 413, 422, 501])
def test_other_answers_are_final(status: int) -> None:
    assert outcome_of(status, has_retry_after=True) is None


@pytest.mark.parametrize(("attempt", "ceiling"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 20.0), (50, 20.0)])
def test_the_ceiling_of_the_backoff_doubles_up_to_its_cap(attempt: int, ceiling: float) -> None:
    assert backoff(SAFE, attempt, 1.0) == ceiling


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_the_backoff_is_full_jitter(chance: float) -> None:
    assert backoff(SAFE, 3, chance) == chance * 2.0


@pytest.mark.parametrize("outcome", Outcome)
def test_reads_are_tried_five_times_whatever_happened(outcome: Outcome) -> None:
    delays = [delay_before_next(SAFE, attempt, outcome, None, 1.0) for attempt in range(1, 6)]
    assert delays == [0.5, 1.0, 2.0, 4.0, None]


@pytest.mark.parametrize(
    ("outcome", "again"),
    [(Outcome.NOT_SENT, True), (Outcome.THROTTLED, True), (Outcome.NO_ANSWER, False), (Outcome.FAILED, False)],
)
def test_what_costs_credits_is_sent_again_only_if_it_was_surely_not_executed(outcome: Outcome, again: bool) -> None:
    delays = [delay_before_next(CREATE, attempt, outcome, None, 1.0) for attempt in (1, 2, 3)]
    assert delays == ([0.5, 1.0, None] if again else [None] * 3)


@pytest.mark.parametrize("outcome", Outcome)
def test_once_is_once(outcome: Outcome) -> None:
    assert delay_before_next(ONCE, 1, outcome, 1.0, 1.0) is None


def test_the_servers_delay_wins_over_the_backoff_up_to_its_limit() -> None:
    delays = [delay_before_next(SAFE, 1, Outcome.THROTTLED, after, 1.0) for after in (7.0, LONGEST_RETRY_AFTER, 60.1)]
    assert delays == [7.0, 60.0, None]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        (" 1 ", 1.0),
        ("1.5", 1.5),
        ("999999999", 999999999.0),
        (date(2), 2.0),
        (date(-3600), None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("2, 5", 5.0),
        ("5,2", 5.0),
        ("2, soon", 2.0),
        ("-1, 0", None),
        (format_datetime(datetime.fromtimestamp(NOW + 9, UTC).replace(tzinfo=None)), 9.0),
        ("01 Jan 0001 00:00:00 +2359", None),
    ],
    ids=ascii,
)
@pytest.mark.row("F8")
def test_a_retry_after_header_is_read_in_every_form(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(st.text(st.sampled_from("0123456789 ,:.+-eEGMTWedJan")) | st.text())
@pytest.mark.row("F8")
def test_no_retry_after_header_breaks_the_retrying(header: str) -> None:
    seconds = parse_retry_after(header, NOW)
    assert seconds is None or seconds > 0


def test_a_date_without_a_zone_is_in_utc_wherever_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    delay = parse_retry_after(formatdate(NOW + 9), NOW)
    monkeypatch.undo()
    time.tzset()
    assert delay == 9.0


def test_an_empty_bucket_stops_retrying_and_fills_up_slowly() -> None:
    bucket = Bucket(capacity=10, cost=5)
    assert [bucket.take(Outcome.FAILED) for _ in range(3)] == [True, True, False]
    for _ in range(5):
        assert not bucket.take(Outcome.FAILED)
        bucket.give_back()
    assert bucket.take(Outcome.FAILED)


def test_a_full_bucket_stays_full() -> None:
    bucket = Bucket(capacity=5, cost=5)
    for _ in range(5):
        bucket.give_back()
    assert [bucket.take(Outcome.FAILED), bucket.take(Outcome.FAILED)] == [True, False]


@pytest.mark.row("F9")
def test_the_processes_bucket_pays_for_a_hundred_retries() -> None:
    bucket = Bucket()
    assert sum(bucket.take(Outcome.FAILED) for _ in range(200)) == 100


def test_a_retry_after_silence_costs_twice() -> None:
    bucket = Bucket()
    assert sum(bucket.take(Outcome.NO_ANSWER) for _ in range(200)) == 50


@pytest.mark.row("F9")
def test_retries_of_all_threads_take_turns() -> None:
    bucket = Bucket(gap=0.05)
    assert [round(bucket.turn(10.0), 2) for _ in range(4)] == [0.0, 0.05, 0.1, 0.15]
    assert bucket.turn(20.0) == 0.0


@pytest.mark.parametrize(
    ("method", "path", "status", "is_done"),
    [
        ("DELETE", "/v2/jobs/j", 404, True),
        ("DELETE", "/v2/jobs/j", 410, True),
        ("DELETE", "/v2/jobs/j", 403, False),
        ("POST", "/v2/tasks/t/cancel", 400, True),
        ("POST", "/v2/tasks/t/cancel", 422, True),
        ("POST", "/v2/tasks/t/cancel", 404, False),
        ("GET", "/v2/jobs/j", 404, False),
        ("POST", "/v2/jobs", 422, False),
    ],
)
def test_a_repeated_request_may_be_refused_because_it_has_worked(
    method: str, path: str, status: int, is_done: bool
) -> None:
    assert was_done_before(method, path, status, [Outcome.NO_ANSWER]) is is_done
    assert was_done_before(method, path, status, [Outcome.FAILED]) is is_done
    assert not was_done_before(method, path, status, [Outcome.NOT_SENT, Outcome.THROTTLED])
    assert not was_done_before(method, path, status, [])


def test_a_transfer_gets_a_minute_and_a_second_for_every_50_kilobytes() -> None:
    assert [longest_transfer(size) for size in (0, 50_000, 1_000_000)] == [60.0, 61.0, 80.0]


def test_a_policy_without_limits_of_its_own_has_the_defaults() -> None:
    assert (Policy(1, frozenset()).base, Policy(1, frozenset()).cap) == (0.5, 20.0)
