"""A transfer that crawls comes to an end, by its rate or by its whole time; one that goes well is left alone."""

from __future__ import annotations

import pytest

from connector.api.pace import Pace
from connector.errors import TransferError
from tests.support.clock import FakeClock


@pytest.fixture
def pace(clock: FakeClock) -> Pace:
    return Pace("the upload of 'a.bin'", 1_000_000, clock)


@pytest.mark.row("F6")
def test_less_than_a_kilobyte_a_second_over_half_a_minute_is_too_slow(pace: Pace, clock: FakeClock) -> None:
    for second in range(30):
        clock.now += 0.99
        pace.moved(999, second * 999)
    clock.now += 1
    with pytest.raises(TransferError, match=r"The upload of 'a.bin' moved slower than 1,000 bytes a second"):
        pace.moved(1, 30_000)


def test_a_kilobyte_a_second_is_enough_and_each_window_counts_anew(pace: Pace, clock: FakeClock) -> None:
    for _ in range(2):
        clock.now += 30
        pace.moved(30_000, 30_000)
    clock.now += 1
    pace.moved(0, 60_000)


@pytest.mark.row("F6")
def test_all_tries_together_have_one_limit(pace: Pace, clock: FakeClock) -> None:
    clock.now += 79
    pace.begin_try()
    pace.check()
    clock.now += 2
    with pytest.raises(TransferError, match="took longer than 80 seconds"):
        pace.check()


def test_where_the_size_is_not_known_what_has_moved_earns_time(clock: FakeClock) -> None:
    pace = Pace("the download of 'a.bin'", 0, clock)
    clock.now += 29
    pace.moved(5_000_000, 5_000_000)
    clock.now += 130
    pace.begin_try()
    pace.check()
