from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from connector.api.endpoints import Api
from connector.errors import ConnectionInvalid
from connector.events import Event, Handover, Journal, Poller, poll
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, error
from tests.support.webhook_sender import job, task
from tests.support.webhook_service import WebhookService

Look = Callable[[], list[str]]


@pytest.fixture
def look(api: Api, journal: Journal, handover: Handover, handed: list[Event]) -> Look:
    """Looks once, hands on, and gives the ids of the new events."""

    def look() -> list[str]:
        before = len(handed)
        Poller(api, journal).look()
        handover.drain()
        return [event.id for event in handed[before:]]

    return look


def test_what_was_there_before_is_no_news(server: WebhookService, look: Look) -> None:
    server.put(*(job(f"job-{n}") for n in range(250)))
    assert (look(), look()) == ([], [])


def test_a_job_that_was_running_at_the_start_is_watched(server: WebhookService, look: Look) -> None:
    server.put(job(status="processing"))
    look()
    server.put(job(status="error", tasks=[task("a", "error")]))
    assert look() == ["task.failed:job-1:task-a", "job.failed:job-1"]


def test_a_job_that_came_and_ended_between_two_looks_brings_both(server: WebhookService, look: Look) -> None:
    look()
    server.put(job(tasks=[task("a", "finished")]))
    expected = ["job.created:job-1", "task.created:job-1:task-a", "task.finished:job-1:task-a", "job.finished:job-1"]
    assert (look(), look()) == (expected, [])


def test_the_oldest_comes_first(server: WebhookService, look: Look) -> None:
    look()
    server.put(*(job(f"job-{n}", "waiting") for n in range(3)))
    assert look() == ["job.created:job-0", "job.created:job-1", "job.created:job-2"]


def test_nothing_is_lost_or_doubled_by_a_restart(
    server: WebhookService, api: Api, journal: Journal, clock: FakeClock, look: Look
) -> None:
    look()
    server.put(job("job-1", "processing"))
    look()
    server.put(job("job-1"), job("job-2", "error"))
    seen: list[str] = []
    with Journal(journal.path, clock=clock) as again:
        Poller(api, again).look()
        Handover(again, lambda event: seen.append(event.id), api=None).drain()
    assert seen == ["job.created:job-2", "job.failed:job-2", "job.finished:job-1"] or seen == [
        "job.finished:job-1",
        "job.created:job-2",
        "job.failed:job-2",
    ]


def test_nothing_depends_on_clocks(server: WebhookService, look: Look, clock: FakeClock) -> None:
    look()
    server.put(job("job-1", created_at="2023-11-14T22:00:00+00:00"))
    look()
    server.put(job("job-2", created_at="2023-11-10T00:00:00+00:00", ended_at="2023-11-10T00:00:01+00:00"))
    clock.now -= 3600
    assert look() == ["job.created:job-2", "job.finished:job-2"]


def test_a_thousand_jobs_between_two_looks_all_come_once(server: WebhookService, look: Look) -> None:
    look()
    server.put(*(job(f"job-{n}") for n in range(1000)))
    assert look() == [f"job.{kind}:job-{n}" for n in range(1000) for kind in ("created", "finished")]
    assert look() == []


def test_an_idle_look_costs_one_request(server: WebhookService, look: Look) -> None:
    server.put(*(job(f"job-{n}") for n in range(1000)))
    look()
    look()
    server.requests.clear()
    look()
    assert len(server.requests) == 1


def test_a_watched_job_far_down_the_list_is_asked_for_by_its_id(server: WebhookService, look: Look) -> None:
    server.put(job("job-slow", "processing"), *(job(f"job-{n}") for n in range(500)))
    look()
    assert look() == []
    server.put(job("job-slow"))
    assert look() == ["job.finished:job-slow"]


def test_many_watched_jobs_are_looked_for_in_the_list(server: WebhookService, look: Look) -> None:
    server.put(*(job(f"job-{n}", "processing") for n in range(60)), *(job(f"old-{n}") for n in range(150)))
    look()
    server.requests.clear()
    server.put(*(job(f"job-{n}") for n in range(60)))
    assert len(look()) == 60
    assert server.asked("GET /v2/jobs/job-1") == []


def test_a_watched_job_that_was_deleted_is_forgotten(server: WebhookService, look: Look, journal: Journal) -> None:
    server.put(job(status="processing"))
    look()
    server.jobs.clear()
    assert (look(), journal.unfinished()) == ([], set())


def test_a_job_that_slipped_past_a_page_is_found_by_the_next_look(server: WebhookService, look: Look) -> None:
    look()
    server.put(*(job(f"job-{n}") for n in range(300)))
    page = server._page

    def deleting_between_pages(request: Request) -> Reply:
        reply = page(request)
        if request.query["page"] == "2":
            server.jobs.pop("job-250")  # what was first on page 3 is now last on page 2
        return reply

    server.route("GET /v2/jobs", deleting_between_pages)
    first = look()
    server.routes.clear()
    assert len(first) == 2 * 299
    assert look() == ["job.created:job-99", "job.finished:job-99"]


def test_tasks_are_fetched_where_the_list_leaves_them_out(server: WebhookService, look: Look) -> None:
    look()
    finished = job(tasks=[task("a", "finished")])
    server.put(finished)
    bare = {key: value for key, value in finished.items() if key != "tasks"}
    server.route("GET /v2/jobs", Reply(200, {"data": [bare], "links": {"next": None}}))
    assert "task.finished:job-1:task-a" in look()


def test_what_ended_before_the_journal_forgets_is_no_news(server: WebhookService, look: Look) -> None:
    look()
    server.put(job(ended_at="2023-10-01T00:00:00+00:00"))
    assert look() == []


@pytest.mark.parametrize("bad", [{"id": None}, {"id": "../me"}, {"status": "finished"}])
def test_what_is_no_job_is_left_out(bad: dict[str, object], server: WebhookService, look: Look) -> None:
    look()
    server.route("GET /v2/jobs", Reply(200, {"data": [bad], "links": {}}))
    assert look() == []


def test_the_interval_grows_while_nothing_happens_and_shrinks_again(
    server: WebhookService, api: Api, journal: Journal, clock: FakeClock
) -> None:
    moments: list[float] = []
    start = clock.now

    def noting(request: Request) -> Reply:
        moments.append(clock.now - start)
        if len(moments) == 5:
            server.put(job())
        return server._page(request)

    server.route("GET /v2/jobs", noting)
    poll(api, journal, lambda _: None, interval=10, longest=30, stop=lambda: len(moments) >= 7, clock=clock)
    steps = [round(later - earlier) for earlier, later in pairwise(moments)]
    assert steps == [15, 22, 30, 30, 10, 15]


def test_a_service_in_trouble_is_looked_at_again_after_what_it_asks_for(
    server: WebhookService, api: Api, journal: Journal, clock: FakeClock
) -> None:
    seen: list[str] = []
    server.route("GET /v2/jobs", Reply(200, {"data": [], "links": {}}), error(429, Retry_After="600"), Reply(200, {"data": [job()], "links": {}}))  # fmt: skip
    start = clock.now
    poll(api, journal, lambda event: seen.append(event.name), interval=10, stop=lambda: len(seen) >= 2, clock=clock)
    assert seen == ["job.created", "job.finished"]
    assert clock.now - start >= 600


def test_a_refused_key_ends_it(server: WebhookService, api: Api, journal: Journal) -> None:
    server.route("GET /v2/jobs", error(401))
    with pytest.raises(ConnectionInvalid):
        poll(api, journal, lambda _: None, interval=10)


def test_only_the_chosen_kinds_are_handed_on(server: WebhookService, api: Api, journal: Journal) -> None:
    Poller(api, journal).look()
    server.put(job(tasks=[task("a", "error")]))
    seen: list[str] = []
    poll(api, journal, lambda event: seen.append(event.name), kinds=["failed"], stop=lambda: bool(seen))
    assert seen == ["task.failed"]
