from __future__ import annotations

import json

import pytest

from connector.errors import ProtocolError
from connector.events import KINDS, Event, events_of
from connector.events.event import webhook_events
from connector.modules.new_job_event import NewJobEvent
from tests.support.webhook_sender import STAMP, document, exporting, job, task

TASKS = [task("import", "finished"), task("convert", "error", code="BROKEN", message="The file is broken.")]


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_a_created_job_brings_its_created_tasks() -> None:
    events = events_of(document("created", tasks=[task("a", "waiting"), task("b", "finished")]))
    assert names(events) == ["job.created", "task.created", "task.created"]


def test_a_failed_job_brings_the_end_of_each_task_first() -> None:
    events = events_of(document("failed", tasks=[*TASKS, task("export", "waiting")]))
    assert names(events) == ["task.finished", "task.failed", "job.failed"]


def test_a_finished_job_may_bring_a_failure_that_was_to_be_ignored() -> None:
    assert names(events_of(document("finished", tasks=TASKS), ["failed"])) == ["task.failed"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_chosen_kinds_are_brought(kind: str) -> None:
    documents = [document(one, tasks=TASKS) for one in KINDS]
    assert {event.kind for about in documents for event in events_of(about, [kind])} == {kind}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["created"], ["job.created"]),
        (["finished"], ["job.finished", "job.failed"]),
        (["failed"], ["job.finished", "job.failed"]),
        (KINDS, ["job.created", "job.finished", "job.failed"]),
    ],
)
def test_both_ends_are_subscribed_for_either(kinds: list[str], expected: list[str]) -> None:
    assert webhook_events(kinds) == expected


def test_the_event_is_trusted_where_the_status_is_null() -> None:
    about = document("failed")
    about["job"]["status"] = None
    assert events_of(about)[-1].job["status"] == "error"


def test_keys_and_ids_tell_events_apart() -> None:
    events = events_of(document("failed", tasks=TASKS))
    assert events[0].key == ("task.finished", "job-1", "task-import")
    assert [event.id for event in events][1:] == ["task.failed:job-1:task-convert", "job.failed:job-1"]


def test_the_moment_is_the_one_that_the_event_is_about() -> None:
    about = document("finished", created_at="2023-11-14T21:00:00+00:00", tasks=[task("a", "finished", ended_at="x")])
    assert [event.occurred_at for event in events_of(about)] == ["x", STAMP]
    assert events_of({**about, "event": "job.created"}, ["created"])[0].occurred_at == "2023-11-14T21:00:00+00:00"


def test_outputs_hold_what_the_module_declares() -> None:
    outputs = events_of(document("finished", tasks=[exporting()]))[-1].outputs()
    assert set(NewJobEvent.Output.all()) <= set(outputs)
    assert (outputs.event, outputs.status, outputs.tag) == ("job.finished", "finished", "a tag")
    assert (outputs.file_name, outputs.size, outputs.url) == ("report.pdf", 3, "https://storage.example/report.pdf")
    json.dumps(outputs)


def test_outputs_of_a_failed_job_name_the_root_cause() -> None:
    follower = task("export", "error", code="INPUT_TASK_FAILED", message="Input task has failed")
    outputs = events_of(document("failed", tasks=[follower, *TASKS]))[-1].outputs()
    assert (outputs.code, outputs.message) == ("BROKEN", "The file is broken.")


def test_outputs_of_a_task_are_about_the_task() -> None:
    outputs = events_of(document("finished", tasks=[exporting()]))[0].outputs()
    assert (outputs.task_name, outputs.operation, outputs.file_name) == ("export", "export/url", "report.pdf")


def test_a_document_about_a_task_alone_is_understood() -> None:
    (event,) = events_of({"event": "task.failed", "task": {**TASKS[1], "job_id": "job-1"}})
    assert event.key == ("task.failed", "job-1", "task-convert")


@pytest.mark.parametrize("name", ["job.deleted", "user.created", "job", "", None, 7])
def test_an_unknown_event_brings_nothing(name: object) -> None:
    assert events_of({"event": name, "job": job()}) == []


@pytest.mark.parametrize("bad", [None, "job-1", {}, {"id": None}, {"id": 7}, {"id": "../users/me"}, {"id": "a" * 65}])
def test_a_document_without_a_usable_job_is_refused(bad: object) -> None:
    with pytest.raises(ProtocolError, match="no job with a usable id"):
        events_of({"event": "job.finished", "job": bad})


@pytest.mark.parametrize("tasks", [None, "tasks", {"a": 1}, [None, 3, {}, {"id": "a/b"}]])
def test_what_is_no_task_is_left_out(tasks: object) -> None:
    assert names(events_of({"event": "job.finished", "job": {"id": "job-1", "tasks": tasks}})) == ["job.finished"]
