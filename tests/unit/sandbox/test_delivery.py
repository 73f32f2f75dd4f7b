from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.delivery import Verdict, verdict
from connector.sandbox.events import EVENTS
from connector.sandbox.webhooks import Webhook

from .lab import RAW, Lab, experiment, lab
from .receiver import SIGNATURE, Receiver

DELAYS = (10.0, 100.0, 1000.0)
AZURE = {"storage_account": "a", "container": "c"}


def signed(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def finish_job(open_lab: Lab, *events: str, url: str, **tasks: dict[str, Any]) -> Webhook:
    """A webhook, and a job that ended after it was made."""
    webhook = open_lab.service.webhooks.create(url, events or ("job.finished",))
    await open_lab.ended(open_lab.start(**(tasks or {"i": RAW})))
    return webhook


def again(open_lab: Lab, webhook: Webhook) -> Webhook:
    """The webhook as it is now."""
    found = open_lab.service.webhooks.find(webhook.id)
    assert found
    return found


def try_it(folder: Path, test: Any, **settings: Any) -> None:
    experiment(folder, test, **{"allow_private_network": True, "webhook_delays": DELAYS, **settings})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (302, Verdict.FAILED),
        (404, Verdict.FAILED),
        (410, Verdict.GONE),
        (429, Verdict.FAILED),
        (500, Verdict.RETRY),
        (503, Verdict.RETRY),
        (None, Verdict.RETRY),
    ],
)
def test_what_comes_of_a_try(status: int | None, expected: Verdict) -> None:
    assert verdict(status) is expected


def test_an_event_arrives_signed_with_the_webhooks_own_secret(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            webhook = await finish_job(open_lab, url=receiver.url)
            await open_lab.service.deliverer.deliver_due()
            got = receiver.next()
        assert (got.path, got.headers["Content-Type"]) == ("/hook?a=b", "application/json")
        assert got.headers[SIGNATURE] == signed(got.body, webhook.signing_secret)
        body = json.loads(got.body)
        assert (body["event"], body["job"]["status"], body["job"]["tasks"][0]["name"]) == (
            "job.finished",
            "finished",
            "i",
        )

    try_it(folder, test)


def test_events_come_in_order_and_hold_the_job_of_their_moment(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            await finish_job(
                open_lab, *EVENTS, url=receiver.url, i=RAW, e={"operation": "export/azure/blob", "input": "i", **AZURE}
            )
            await open_lab.service.deliverer.deliver_due()
            bodies = [json.loads(receiver.next().body) for _ in range(2)]
        assert [(body["event"], body["job"]["status"]) for body in bodies] == [
            ("job.created", "waiting"),
            ("job.failed", "error"),
        ]

    try_it(folder, test)


def test_only_wanted_events_are_sent(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            await finish_job(open_lab, "job.failed", url=receiver.url)
            await open_lab.service.deliverer.deliver_due()
            assert receiver.count == 0

    try_it(folder, test)


def test_a_failure_is_tried_three_times_more_with_growing_pauses(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver(500, 502, 503, 500) as receiver:
            webhook = await finish_job(open_lab, url=receiver.url)
            counts = []
            for delay in (0, *DELAYS, 10_000):
                open_lab.clock.now += delay - 1
                await open_lab.service.deliverer.deliver_due()
                open_lab.clock.now += 1
                await open_lab.service.deliverer.deliver_due()
                counts.append(receiver.count)
        assert counts == [1, 2, 3, 4, 4]
        assert again(open_lab, webhook).failing
        assert not again(open_lab, webhook).disabled

    try_it(folder, test)


def test_a_success_ends_the_failing(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver(500) as receiver:
            webhook = await finish_job(open_lab, url=receiver.url)
            await open_lab.service.deliverer.deliver_due()
            assert again(open_lab, webhook).failing
            open_lab.clock.now += DELAYS[0]
            await open_lab.service.deliverer.deliver_due()
        assert (again(open_lab, webhook).failing, receiver.count) == (False, 2)
        assert again(open_lab, webhook).updated_at == open_lab.clock.now

    try_it(folder, test)


@pytest.mark.parametrize("status", [302, 400, 404])
def test_redirects_and_refusals_are_failures_that_are_not_tried_again(folder: Path, status: int) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver(status) as receiver:
            webhook = await finish_job(open_lab, url=receiver.url)
            await open_lab.service.deliverer.deliver_due()
            open_lab.clock.now += 10_000
            await open_lab.service.deliverer.deliver_due()
        assert (receiver.count, again(open_lab, webhook).failing) == (1, True)

    try_it(folder, test)


def test_410_disables_the_webhook_for_good(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver(410) as receiver:
            webhook = await finish_job(open_lab, *EVENTS, url=receiver.url)
            await open_lab.service.deliverer.deliver_due()
            await open_lab.ended(open_lab.start(i=RAW))
            await open_lab.service.deliverer.deliver_due()
        assert (receiver.count, again(open_lab, webhook).disabled) == (1, True)

    try_it(folder, test)


def test_nobody_there_is_a_network_error(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            url = receiver.url
        webhook = await finish_job(open_lab, url=url)
        await open_lab.service.deliverer.deliver_due()
        assert again(open_lab, webhook).failing
        assert open_lab.service.database.rows("SELECT failures FROM deliveries")[0]["failures"] == 1

    try_it(folder, test)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_not_reached_unless_allowed(folder: Path, host: str) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            webhook = await finish_job(open_lab, url=receiver.url.replace("127.0.0.1", host))
            await open_lab.service.deliverer.deliver_due()
        assert (receiver.count, again(open_lab, webhook).failing) == (0, True)
        assert open_lab.service.database.rows("SELECT * FROM deliveries") == []

    try_it(folder, test, allow_private_network=False)


def test_a_slow_receiver_holds_up_neither_others_nor_the_server(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as slow, Receiver() as quick:
            slow.hold.clear()
            open_lab.service.webhooks.create(slow.url, ["job.finished"])
            open_lab.service.webhooks.create(quick.url, ["job.finished"])
            delivering = asyncio.create_task(open_lab.service.deliverer.keep_delivering())
            for _ in range(3):
                await open_lab.ended(open_lab.start(i=RAW))
            await open_lab.until(lambda: quick.count == 3)
            assert slow.count == 1
            slow.hold.set()
            await open_lab.until(lambda: slow.count == 3)
            delivering.cancel()

    try_it(folder, test)


def test_as_many_receivers_at_a_time_as_there_are_lanes(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        receivers = [Receiver() for _ in range(10)]
        for receiver in receivers:
            receiver.hold.clear()
            open_lab.service.webhooks.create(receiver.__enter__().url, ["job.finished"])
        before = threading.active_count()
        await open_lab.ended(open_lab.start(i=RAW))
        delivering = asyncio.create_task(open_lab.service.deliverer.deliver_due())
        await open_lab.until(lambda: sum(receiver.count for receiver in receivers) == 8)
        assert threading.active_count() - before <= 2 * 8
        for receiver in receivers:
            receiver.hold.set()
        await delivering
        assert [receiver.count for receiver in receivers] == [1] * 10
        for receiver in receivers:
            receiver.__exit__()

    try_it(folder, test)


def test_what_was_not_delivered_is_delivered_after_a_restart(folder: Path) -> None:
    async def main() -> None:
        settings = {"allow_private_network": True, "webhook_delays": DELAYS}
        with Receiver(500) as receiver:
            async with lab(folder, **settings) as first:
                await finish_job(first, url=receiver.url)
                await first.service.deliverer.deliver_due()
            async with lab(folder, **settings) as second:
                second.clock.now += DELAYS[0]
                await second.service.deliverer.deliver_due()
            bodies = [receiver.next().body, receiver.next().body]
        assert bodies[0] == bodies[1]

    asyncio.run(main())


def test_deleting_a_webhook_drops_what_it_was_to_get(folder: Path) -> None:
    async def test(open_lab: Lab) -> None:
        with Receiver() as receiver:
            webhook = await finish_job(open_lab, url=receiver.url)
            open_lab.service.webhooks.delete(webhook.id)
            await open_lab.service.deliverer.deliver_due()
            assert receiver.count == 0

    try_it(folder, test)


def test_the_end_of_a_job_is_recorded_together_with_its_event(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that dies between the two would leave a job of whose end nobody is told."""

    async def test(open_lab: Lab) -> None:
        open_lab.service.webhooks.create("http://127.0.0.1:1/", ["job.failed"])
        job_id = open_lab.start(i={"operation": "import/upload"})

        def refuse(*_: object) -> int:
            raise sqlite3.OperationalError("disk I/O error")

        with monkeypatch.context() as patch:
            patch.setattr(open_lab.service.database, "insert", refuse)
            with pytest.raises(sqlite3.OperationalError):
                open_lab.service.conductor.cancel(open_lab.task(job_id, "i"))
        assert (open_lab.job(job_id).status, open_lab.task(job_id, "i").status) == ("waiting", "waiting")
        open_lab.service.conductor.cancel(open_lab.task(job_id, "i"))
        assert open_lab.job(job_id).status == "error"

    try_it(folder, test)
