from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.database import Database
from connector.sandbox.records import File, Job, Task
from connector.sandbox.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = Database(tmp_path / "sandbox.sqlite")
    yield Store(database)
    database.close()


FIRST = Task("1", "import/url", 1.0, job_id="j", name="i", payload={"url": "http://x", "ü": [1]})
SECOND = Task("2", "convert", 1.0, job_id="j", name="c", inputs=("1",), ignore_error=True)


def test_what_is_added_comes_back_equal(store: Store) -> None:
    store.add([FIRST, SECOND], Job("j", 1.0, tag="t"))
    assert store.job("j") == Job("j", 1.0, tag="t", tasks=(FIRST, SECOND))
    assert store.task("2") == SECOND
    assert store.tasks(["2", "gone"]) == {"2": SECOND}


def test_a_task_knows_who_depends_on_it(store: Store) -> None:
    store.add([FIRST, SECOND], Job("j", 1.0))
    assert store.dependents("1") == [SECOND]
    assert store.dependents("2") == []


def test_a_task_is_freed_by_the_last_of_its_inputs(store: Store) -> None:
    inputs = [Task(name, "import/upload", 1.0, job_id="j") for name in ("a", "b")]
    store.add([*inputs, Task("m", "merge", 1.0, job_id="j", inputs=("a", "b"))], Job("j", 1.0))
    store.change_task("b", status="finished")
    assert store.freed_by("b") == []
    store.change_task("a", status="error")
    assert store.freed_by("b") == ["m"]


def test_changes_are_kept(store: Store) -> None:
    store.add([FIRST, SECOND], Job("j", 1.0))
    store.change_task("1", status="finished", files=(File(1, "a", 3),), extra={"metadata": {"x": 1}}, ended_at=2.0)
    task = store.task("1")
    assert task
    assert (task.files, task.extra, task.ended) == ((File(1, "a", 3),), {"metadata": {"x": 1}}, True)


def test_deleting_a_job_deletes_its_tasks(store: Store) -> None:
    store.add([FIRST, SECOND], Job("j", 1.0))
    store.delete_job("j")
    assert store.task_ids() == set()
    assert store.job("j") is None


def test_lists_are_newest_first_and_filtered(store: Store) -> None:
    for number in range(5):
        store.add(
            [Task(f"t{number}", "convert", 1.0, job_id=f"j{number}")],
            Job(f"j{number}", 1.0, tag="odd" if number % 2 else "even"),
        )
    assert [job.id for job in store.list_jobs(limit=2, offset=1)] == ["j3", "j2"]
    assert [job.id for job in store.list_jobs(limit=9, offset=0, tag="odd", status="waiting")] == ["j3", "j1"]
    assert [task.id for task in store.list_tasks(limit=9, offset=0, job_id="j2")] == ["t2"]
    assert store.list_jobs(limit=1, offset=0, with_tasks=True)[0].tasks[0].id == "t4"


def test_old_things_are_found(store: Store) -> None:
    store.add([FIRST, SECOND], Job("j", 1.0))
    store.add([Task("3", "convert", 1.0)])
    store.change_job("j", ended_at=10.0)
    store.change_task("3", ended_at=12.0)
    assert store.ended_before(11.0) == (["j"], [])
    assert store.ended_before(13.0) == (["j"], ["3"])


def test_statements_that_belong_together_fail_together(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.add([FIRST, FIRST], Job("j", 1.0))
    assert store.job("j") is None
