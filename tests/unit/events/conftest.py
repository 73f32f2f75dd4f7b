"""A service with webhooks and jobs, a journal in a folder of its own, and a handler that takes note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connector.events import Event, Handover, Journal
from tests.support.clock import FakeClock
from tests.support.webhook_sender import as_body
from tests.support.webhook_service import WebhookService


@pytest.fixture
def server() -> Iterator[WebhookService]:
    """What `api` talks to."""
    with WebhookService() as running:
        yield running


@pytest.fixture
def journal(tmp_path: Path, clock: FakeClock) -> Iterator[Journal]:
    """An empty journal."""
    with Journal(tmp_path / "events.sqlite", clock=clock) as opened:
        yield opened


@pytest.fixture
def handed() -> list[Event]:
    """What the handler of `handover` was given."""
    return []


@pytest.fixture
def handover(journal: Journal, handed: list[Event]) -> Handover:
    """Hands on what the signed documents say, when it is told to drain."""
    return Handover(journal, handed.append, api=None)


@pytest.fixture
def arrive(journal: Journal) -> Callable[..., bool]:
    """Stores a document as the receiver does; False if it was known."""

    def store(about: dict, source: str = "1") -> bool:  # type: ignore[type-arg]
        return journal.store(source, (about["event"], about["job"]["id"], ""), as_body(about)).result()

    return store
