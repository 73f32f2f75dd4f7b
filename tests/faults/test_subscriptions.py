"""Webhooks attached and detached while the service fails by chance: in the end both sides know of the same, and of none."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector import Connection
from connector.errors import ConnectorError
from connector.events import Journal, Subscription
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, error
from tests.support.webhook_service import WebhookService

pytestmark = pytest.mark.row("W11")

URLS = ["https://hooks.example.com/a", "https://hooks.example.com/b"]


class Unreliable(WebhookService):
    """Of the requests, so many in a hundred go wrong: before or after they were carried out."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.trouble = 0
        self.troubled = 0

    def reply_to(self, request: Request) -> Reply:
        if self.chance.randrange(100) >= self.trouble:
            return super().reply_to(request)
        self.troubled += 1
        if self.chance.random() < 0.5:
            super().reply_to(request)  # done, but nobody hears of it
        return self.chance.choice(
            [Reply(fault="reset"), Reply(fault="close"), error(500), error(503), Reply(200, b"<html>"), error(404)]
        )


@pytest.fixture(params=range(20))
def service(request: pytest.FixtureRequest) -> Iterator[Unreliable]:
    with Unreliable(request.param) as running:
        yield running


def test_nobody_is_orphaned_whatever_goes_wrong(service: Unreliable, tmp_path: Path) -> None:
    clock, chance = FakeClock(), service.chance
    with (
        Journal(tmp_path / "events.sqlite3", clock=clock) as journal,
        Connection.api_key("a-key-for-the-tests", base_url=service.url, clock=clock) as connection,
    ):
        service.trouble = 40
        for _ in range(6):
            one = Subscription(connection.api, journal, chance.choice(URLS))
            with contextlib.suppress(ConnectorError):
                one.attach() if chance.random() < 0.6 else one.detach()
        service.trouble = 0
        last = Subscription(connection.api, journal, URLS[0])
        attached = last.attach()
        assert list(service.webhooks) == [attached.id]
        assert {url: record["id"] for url, record in journal.fact("subscriptions").items()} == {URLS[0]: attached.id}
        last.detach()
        last.detach()
        assert (service.webhooks, journal.fact("subscriptions")) == ({}, {})
    assert service.troubled
