"""Scopes, credits and the rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.errors import InputError
from connector.sandbox import Key, Settings
from connector.sandbox.account import Account
from connector.sandbox.database import Database
from connector.sandbox.limits import RateLimit
from connector.sandbox.problems import ApiError
from connector.sandbox.settings import SCOPES

from .client import EXPORTED, RAW, Client
from .conftest import running
from .lab import Clock, Lab, experiment

UP = {"operation": "convert", "input": "i", "output_format": "up"}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a sandbox with one key for each scope, called like it, and one without any."""
    keys = (*(Key(scope, frozenset([scope])) for scope in SCOPES), Key("none", frozenset()))
    with running(Settings(api_key="key", data_dir=tmp_path_factory.mktemp("data"), keys=keys)) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "users/me", "user.read"),
        ("GET", "jobs", "task.read"),
        ("GET", "jobs/x", "task.read"),
        ("GET", "jobs/x/wait", "task.read"),
        ("GET", "tasks", "task.read"),
        ("GET", "tasks/x", "task.read"),
        ("GET", "tasks/x/wait", "task.read"),
        ("POST", "jobs", "task.write"),
        ("POST", "import/upload", "task.write"),
        ("POST", "tasks/x/cancel", "task.write"),
        ("POST", "tasks/x/retry", "task.write"),
        ("DELETE", "jobs/x", "task.write"),
        ("DELETE", "tasks/x", "task.write"),
        ("GET", "users/me/webhooks", "webhook.read"),
        ("GET", "webhooks", "webhook.read"),
        ("POST", "webhooks", "webhook.write"),
        ("DELETE", "webhooks/1", "webhook.write"),
    ],
)
def test_each_scope_opens_its_own_doors_only(many: Client, method: str, path: str, scope: str) -> None:
    for token in (*SCOPES, "none"):
        response = many.ask(method, path, headers={"Authorization": f"Bearer {token}"})
        assert (response.status_code == 403) == (token != scope), token
    refused = many.ask(method, path, headers={"Authorization": "Bearer none"}).json()
    assert refused == {"message": f"This token does not have the scope {scope}.", "code": "FORBIDDEN"}


def test_jobs_can_be_listed_by_the_key_that_made_them(many: Client) -> None:
    mine = many.job(**EXPORTED)["id"]
    theirs = many.post("jobs", {"tasks": EXPORTED}, headers={"Authorization": "Bearer task.write"})["id"]
    number = str(2 + SCOPES.index("task.write"))
    assert [job["id"] for job in many.get(f"jobs?filter[access_token]={number}")] == [theirs]
    assert mine in [job["id"] for job in many.get("jobs?filter[access_token]=1")]


@pytest.mark.parametrize(
    ("text", "scopes"), [("k", set(SCOPES)), ("k=", set()), ("k=task.read, user.read,", {"task.read", "user.read"})]
)
def test_a_key_is_written_with_its_scopes(text: str, scopes: set[str]) -> None:
    assert Key.parse(text) == Key("k", frozenset(scopes))


@pytest.mark.parametrize("text", ["", "=task.read", "k=task.reed"])
def test_a_key_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="must be given as KEY=scope,scope"):
        Key.parse(text)


def test_finished_processing_tasks_take_credits(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        await lab.run(i=RAW | {"filename": "a.toy"}, c=UP, d={**UP, "input": "c", "output_format": "refuse"})
        assert lab.service.account.balance == 1
        await lab.run(
            i=RAW | {"filename": "a.toy"}, c=UP, m={"operation": "merge", "input": "c", "output_format": "up"}
        )
        assert lab.service.account.balance == 0

    experiment(folder, test, credits=2)


def test_spent_credits_stay_spent(folder: Path) -> None:
    database = Database(folder / "x.sqlite")
    Account(database, 10).spend(4)
    Account(database, 10).spend(4)
    assert Account(database, 10).balance == 2
    assert Account(database, None).balance == 1000
    database.close()


def test_nothing_is_taken_by_default(client: Client) -> None:
    client.job(
        sync=True, i=RAW | {"filename": "a.md"}, c={"operation": "archive", "input": "i", "output_format": "zip"}
    )
    assert client.get("users/me")["credits"] == 1000


def test_on_an_empty_balance_nothing_is_created(folder: Path) -> None:
    with running(Settings(api_key="key", data_dir=folder, credits=1)) as poor:
        task = poor.job(
            sync=True, i=RAW | {"filename": "a.md"}, c={"operation": "archive", "input": "i", "output_format": "zip"}
        )["tasks"][1]
        assert (task["credits"], poor.get("users/me")["credits"]) == (1, 0)
        for path, body in (("jobs", {"tasks": EXPORTED}), ("import/upload", {}), (f"tasks/{task['id']}/retry", None)):
            response = poor.ask("POST", path, json=body)
            assert (response.status_code, response.json()) == (
                402,
                {"message": "Your account has run out of conversion minutes", "code": "CREDITS_EXCEEDED"},
            )
        assert poor.ask("POST", "jobs", json={}).status_code == 422


def test_the_rate_limit_counts_creations_and_says_when_to_come_back(folder: Path) -> None:
    with running(Settings(api_key="key", data_dir=folder, rate_limit=2)) as client:
        first, second = client.ask("POST", "jobs", json={"tasks": EXPORTED}), client.ask("POST", "import/upload")
        third = client.ask("POST", "jobs", json={"tasks": EXPORTED})
        reading = client.ask("GET", "jobs")
    told = [(one.headers["X-RateLimit-Limit"], one.headers["X-RateLimit-Remaining"]) for one in (first, second, third)]
    assert told == [("2", "1"), ("2", "0"), ("2", "0")]
    assert (third.status_code, third.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 0 < int(third.headers["Retry-After"]) <= 60
    assert (reading.status_code, "X-RateLimit-Limit" in reading.headers) == (200, False)


def test_the_rate_limit_ends_with_its_minute() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    limit.take()
    clock.now += 59.5
    with pytest.raises(ApiError) as refused:
        limit.take()
    assert refused.value.headers["Retry-After"] == "1"
    clock.now += 0.5
    assert limit.take()["X-RateLimit-Remaining"] == "0"


def test_a_clock_that_is_set_back_ends_the_minute_too() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    limit.take()
    clock.now -= 3600
    assert limit.take()["X-RateLimit-Remaining"] == "0"


def test_without_a_limit_nothing_is_told(client: Client) -> None:
    assert "X-RateLimit-Limit" not in client.ask("POST", "import/upload").headers
