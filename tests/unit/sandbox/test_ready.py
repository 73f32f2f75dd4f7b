"""An answer is given again only while it is still true, and only to whom it was given."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from connector.sandbox.ready import Ready


class World:
    """An application that counts how often it is asked, and a data folder that changes when it is told to."""

    def __init__(self, status: int = 200, *, changes_meanwhile: bool = False) -> None:
        self.asked = 0
        self.tokens = {"good"}
        self.database = SimpleNamespace(changes=1)
        self.access = SimpleNamespace(holder=lambda token: token in self.tokens)
        self._status = status
        self._changes_meanwhile = changes_meanwhile
        self.ready = Ready(self._app, self)  # type: ignore[arg-type]

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        self.database.changes += self._changes_meanwhile
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % self.asked})

    def get(
        self, path: str = "/v2/jobs/1", *, token: str = "good", host: str = "a", query: bytes = b"", method: str = "GET"
    ) -> bytes:
        headers = [(b"authorization", f"Bearer {token}".encode()), (b"host", host.encode())]
        scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}
        messages: list[Any] = []

        async def send(message: Any) -> None:
            messages.append(message)

        asyncio.run(self.ready({**scope, "scheme": "http", "server": ("127.0.0.1", 1)}, None, send))  # type: ignore[arg-type]
        return b"".join(message.get("body", b"") for message in messages)


def test_the_same_question_is_answered_once() -> None:
    world = World()
    assert [world.get(), world.get()] == [b"1", b"1"]


def test_after_any_change_it_is_asked_anew() -> None:
    world = World()
    world.get()
    world.database.changes += 1
    assert world.get() == b"2"


@pytest.mark.parametrize(
    "other",
    [{"host": "b"}, {"query": b"include=tasks"}, {"path": "/v2/jobs/2"}, {"token": "other"}, {"method": "DELETE"}],
)
def test_another_question_is_another_one(other: dict[str, Any]) -> None:
    world = World()
    world.tokens.add("other")
    world.get()
    assert world.get(**other) == b"2"


def test_a_token_that_is_not_good_any_more_gets_nothing_ready() -> None:
    world = World()
    world.get()
    world.tokens.clear()
    assert world.get() == b"2"


def test_what_changed_while_it_was_answered_is_not_kept() -> None:
    world = World(changes_meanwhile=True)
    assert [world.get(), world.get()] == [b"1", b"2"]


def test_a_refusal_is_not_kept() -> None:
    world = World(404)
    assert [world.get(), world.get()] == [b"1", b"2"]


def test_what_depends_on_more_than_the_data_folder_is_never_kept() -> None:
    world = World()
    assert [world.get("/v2/operations"), world.get("/v2/operations")] == [b"1", b"2"]
