from __future__ import annotations

from typing import Any

from connector.hosts.airflow.news import Seen, look

KINDS = ("created", "finished", "failed")


class Jobs:
    """An account's jobs, newest first."""

    def __init__(self, *jobs: dict[str, Any]) -> None:
        self.jobs = list(jobs)
        self.asked: list[dict[str, Any]] = []
        self.read = 0

    def pages(self, path: str, query: dict[str, Any]) -> Any:
        self.asked.append(query)
        for one in self.jobs:
            self.read += 1
            yield one


def job(name: str, created: int, ended: int | None = None, status: str = "finished") -> dict[str, Any]:
    times = {"created_at": moment(created), "ended_at": None if ended is None else moment(ended)}
    return {"id": name, "status": "processing" if ended is None else status, "tasks": [], **times}


def moment(second: int) -> str:
    return f"2026-11-01T10:00:{second:02d}+00:00"


def told(account: Jobs, seen: Seen | None, kinds: Any = KINDS, tag: str | None = None) -> tuple[Seen, list[str]]:
    seen, news = look(account, seen, kinds, tag)  # type: ignore[arg-type]
    return Seen.from_dict(seen.to_dict()), [event.id for event in news]


def test_the_first_look_tells_nothing_and_begins_there() -> None:
    account = Jobs(job("a", 1, 3))
    seen, news = told(account, None)
    assert news == []
    assert told(account, seen)[1] == []


def test_what_happens_later_is_told_once_and_in_order() -> None:
    account = Jobs(job("a", 1))
    seen, _ = told(account, None)
    account.jobs = [job("b", 5, 6, "error"), job("a", 1, 7)]
    seen, news = told(account, seen)
    assert news == ["job.created:b", "job.failed:b", "job.finished:a"]
    assert told(account, seen)[1] == []


def test_two_in_the_same_second_are_both_told() -> None:
    account = Jobs(job("a", 1, 5))
    seen, _ = told(account, None)
    account.jobs = [job("b", 2, 5), job("a", 1, 5)]
    assert told(account, seen)[1] == ["job.finished:b"]


def test_only_what_was_asked_for_is_told() -> None:
    account = Jobs()
    seen, _ = told(account, None)
    account.jobs = [job("b", 5, 6)]
    assert told(account, seen, ("finished",), "mine")[1] == ["job.finished:b"]
    assert account.asked[-1]["filter[tag]"] == "mine"


def test_jobs_that_must_be_gone_are_not_read() -> None:
    gone = {**job("gone", 1), "created_at": "2026-10-30T10:00:00+00:00"}
    account = Jobs(job("new", 1), gone, job("unread", 1))
    seen, _ = told(account, None)
    account.read = 0
    told(account, seen)
    assert account.read == 2
