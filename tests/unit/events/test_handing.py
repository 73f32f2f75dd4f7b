from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest

from connector.api.endpoints import Api
from connector.events import Event, Handover, Journal
from connector.events.journal import KEPT
from tests.support.clock import FakeClock
from tests.support.scripted_server import error
from tests.support.webhook_sender import document, job, task
from tests.support.webhook_service import WebhookService

Arrive = Callable[..., bool]


@pytest.fixture
def checking(journal: Journal, handed: list[Event], api: Api) -> Handover:
    """Believes only what the API says."""
    return Handover(journal, handed.append, api=api)


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_events_are_handed_on_once_in_order_of_arrival(arrive: Arrive, handover: Handover, handed: list[Event]) -> None:
    for about in (document("created"), document("finished", "job-2"), document("finished", tasks=[task("a", "error")])):
        arrive(about)
    assert (handover.drain(), handover.drain()) == (4, 0)
    assert [event.id for event in handed] == [
        "job.created:job-1",
        "job.finished:job-2",
        "task.failed:job-1:task-a",
        "job.finished:job-1",
    ]


def test_a_task_that_two_documents_tell_of_is_one_event(
    arrive: Arrive, handover: Handover, handed: list[Event]
) -> None:
    arrive(document("failed", tasks=[task("a", "error")]))
    arrive(document("finished", tasks=[task("a", "error")]))
    handover.drain()
    assert names(handed).count("task.failed") == 1


def test_only_the_chosen_kinds_are_handed_on(journal: Journal, arrive: Arrive, handed: list[Event]) -> None:
    arrive(document("created"))
    arrive(document("finished", tasks=[task("a", "error")]))
    Handover(journal, handed.append, api=None, kinds=["failed"]).drain()
    assert names(handed) == ["task.failed"]
    assert journal.status("job-1") == "finished"


@pytest.mark.parametrize("order", list(permutations(["created", "finished", "failed"])))
def test_what_comes_late_carries_the_final_state(
    order: Sequence[str], journal: Journal, arrive: Arrive, handover: Handover, handed: list[Event]
) -> None:
    for kind in order:
        arrive(document(kind))
        handover.drain()
    assert names(handed) == [f"job.{kind}" for kind in order]
    assert journal.status("job-1") == "error"
    assert all(event.job["status"] != "waiting" for event in handed[1:])


@pytest.mark.parametrize("status", ["finished", "error"])
@pytest.mark.parametrize("order", list(permutations(["created", "finished", "failed"])))
@pytest.mark.row("W6")
def test_in_every_order_only_what_the_api_confirms_is_handed_on(
    order: Sequence[str],
    status: str,
    server: WebhookService,
    journal: Journal,
    arrive: Arrive,
    checking: Handover,
    handed: list[Event],
) -> None:
    server.put(job(status=status))
    for kind in order:
        arrive(document(kind))
        checking.drain()
    true = {"finished": "job.finished", "error": "job.failed"}[status]
    assert sorted(names(handed)) == sorted(["job.created", true])
    assert journal.status("job-1") == status


def test_the_state_is_the_one_of_the_api(
    server: WebhookService, arrive: Arrive, checking: Handover, handed: list[Event]
) -> None:
    server.put(job(tag="the true tag", tasks=[task("true", "finished")]))
    arrive(document("finished", tag="another tag", tasks=[task("invented", "finished")]))
    checking.drain()
    assert [event.task_id for event in handed] == ["task-true", None]
    assert handed[-1].job["tag"] == "the true tag"


@pytest.mark.row("W7")
def test_a_job_that_the_api_does_not_know_is_dropped_and_logged(
    arrive: Arrive, checking: Handover, handed: list[Event], caplog: pytest.LogCaptureFixture, clock: FakeClock
) -> None:
    arrive(document("finished", "job-foreign"))
    checking.drain()
    clock.now += 3600
    assert (checking.drain(), handed) == (0, [])
    assert "job.finished of job job-foreign is dropped" in caplog.text


def test_a_job_that_has_not_ended_yet_is_asked_for_again(
    server: WebhookService, arrive: Arrive, checking: Handover, handed: list[Event], clock: FakeClock
) -> None:
    server.put(job(status="processing"))
    arrive(document("finished"))
    assert checking.drain() == 0
    server.put(job())
    clock.now += 1
    assert (checking.drain(), names(handed)) == (1, ["job.finished"])


def test_a_job_that_does_not_end_was_not_told_truly(
    server: WebhookService, arrive: Arrive, checking: Handover, journal: Journal, clock: FakeClock
) -> None:
    server.put(job(status="processing"))
    arrive(document("finished"))
    for _ in range(8):
        checking.drain()
        clock.now += 100
    server.put(job())
    assert (checking.drain(), journal.deliveries(9)) == (0, [])


@pytest.mark.parametrize("status", [401, 429, 500])
def test_an_api_in_trouble_is_asked_again_later(
    status: int, server: WebhookService, arrive: Arrive, checking: Handover, clock: FakeClock
) -> None:
    server.put(job())
    server.route("GET /v2/jobs/job-1", error(status))
    arrive(document("finished"))
    assert checking.drain() == 0
    del server.routes["GET /v2/jobs/job-1"]
    clock.now += 1
    assert checking.drain() == 1


def test_each_job_of_a_batch_is_fetched_once(server: WebhookService, arrive: Arrive, checking: Handover) -> None:
    for number in range(5):
        server.put(job(f"job-{number}"))
        for kind in ("created", "finished"):
            arrive(document(kind, f"job-{number}"))
    assert checking.drain() == 10
    assert len(server.requests) == 5


def test_without_the_api_a_replay_of_old_is_dropped(
    arrive: Arrive, handover: Handover, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    arrive(document("finished"))
    clock.now += 49 * 3600
    assert handover.drain() == 0
    assert "older than two days" in caplog.text


@pytest.mark.row("W8")
def test_a_handler_that_fails_gets_the_event_again_and_holds_up_no_other(
    journal: Journal, arrive: Arrive, clock: FakeClock
) -> None:
    seen: list[str] = []

    def failing_first(event: Event) -> None:
        seen.append(event.job_id)
        if seen == ["job-1"]:
            raise RuntimeError("out of order")

    arrive(document("finished"))
    arrive(document("finished", "job-2"))
    handover = Handover(journal, failing_first, api=None)
    assert (handover.drain(), seen) == (1, ["job-1", "job-2"])
    clock.now += 1
    assert (handover.drain(), seen) == (1, ["job-1", "job-2", "job-1"])


def test_a_handler_that_fails_for_seven_days_is_given_up(
    journal: Journal, arrive: Arrive, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(event: Event) -> None:
        raise RuntimeError("never works")

    arrive(document("finished"))
    handover = Handover(journal, failing, api=None)
    handover.drain()
    for _ in range(2):
        clock.now += KEPT
        handover.drain()
    assert "is given up" in caplog.text
    assert journal.waiting(9) == []


def test_a_handler_for_many_gets_them_together(journal: Journal, arrive: Arrive) -> None:
    class Many:
        groups: list[int] = []

        def __call__(self, event: Event) -> None:
            raise AssertionError("one by one")

        def many(self, events: Sequence[Event]) -> None:
            self.groups.append(len(events))

    for number in range(10):
        arrive(document("finished", f"job-{number}"))
    assert (Handover(journal, Many(), api=None).drain(), Many.groups) == (10, [10])


def test_one_hands_on_while_another_waits(journal: Journal, arrive: Arrive) -> None:
    started, go_on, seen = threading.Event(), threading.Event(), []

    def slow(event: Event) -> None:
        seen.append(event.id)
        started.set()
        go_on.wait(5)

    arrive(document("finished"))
    thread = threading.Thread(target=Handover(journal, slow, api=None).drain)
    thread.start()
    started.wait(5)
    assert Handover(journal, slow, api=None).drain() == 0
    go_on.set()
    thread.join()
    assert (Handover(journal, slow, api=None).drain(), len(seen)) == (0, 1)


def test_closing_lets_the_running_handler_end_and_keeps_the_rest(journal: Journal, arrive: Arrive) -> None:
    seen: list[str] = []

    def closing(event: Event) -> None:
        seen.append(event.job_id)
        handover._closing.set()

    arrive(document("finished"))
    arrive(document("finished", "job-2"))
    handover = Handover(journal, closing, api=None)
    handover.drain()
    handover.close()
    assert (seen, [one.event.job_id for one in journal.waiting(9)]) == (["job-1"], ["job-2"])
