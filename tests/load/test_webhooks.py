"""Webhooks come faster than any handler: none is lost, none doubled, and the sender does not wait."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.load.measuring import percentile
from tests.support.listener import Listener
from tests.support.webhook_sender import document, job, post
from tests.support.webhook_service import WebhookService

A_SECOND, SECONDS = 50, 60
EVENTS = A_SECOND * SECONDS


@pytest.mark.row("L3")
def test_fifty_webhooks_a_second_for_a_minute_are_each_taken_once(tmp_path: Path, say: Callable[..., None]) -> None:
    with WebhookService() as service:
        service.put(*(job(f"job-{number}") for number in range(EVENTS)))
        listener = Listener(service, tmp_path)
        try:
            (webhook,) = service.webhooks.values()
            answers = sent(listener.url, webhook["signing_secret"])
            handed = Counter(listener.wait_for(EVENTS, 60))
        finally:
            listener.stop()
    times = [seconds * 1000 for _, seconds in answers]
    say(
        "L3",
        accepted=len(answers),
        handed_on=len(handed),
        p50_ms=percentile(times, 0.5),
        p99_ms=percentile(times, 0.99),
        slowest_ms=max(times),
    )
    assert {status for status, _ in answers} == {200}
    assert handed == Counter(f"job.finished:job-{number}" for number in range(EVENTS))
    assert percentile(times, 0.99) < 200


def sent(url: str, secret: str) -> list[tuple[int, float]]:
    """Status and seconds of each, sent at its moment however long those before it take."""
    start = time.monotonic() + 0.5

    def send(number: int) -> tuple[int, float]:
        time.sleep(max(0.0, start + number / A_SECOND - time.monotonic()))
        began = time.monotonic()
        status = post(url, json.dumps(document("finished", f"job-{number}")).encode(), secret)
        return status, time.monotonic() - began

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(send, range(EVENTS)))
