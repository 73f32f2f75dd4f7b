"""Uploads over connections that break, crawl or fall silent: the file arrives once and whole, or it is an error."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from connector import Connection
from connector.api import pace
from connector.api.auth import Bearer
from connector.api.endpoints import Api
from connector.api.session import Session
from connector.api.upload import upload
from connector.errors import TransferError
from connector.files import LocalFile
from connector.runtime import Silent
from connector.runtime.outputs import file_records
from connector.runtime.wait import wait_until_ended
from tests.conftest import RunningSandbox
from tests.faults.proxy import Bandwidth, FaultProxy, LimitData, ResetPeer
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer

SIZE = 20_000_000
FILE = LocalFile("big.bin", data=random.Random(3).randbytes(SIZE))
DIGEST = hashlib.sha256(random.Random(3).randbytes(SIZE)).hexdigest()
UPLOAD = b"POST /storage/"
TASKS = {"import-1": {"operation": "import/upload"}, "export": {"operation": "export/url", "input": ["import-1"]}}


@pytest.fixture
def proxy(sandbox: RunningSandbox) -> Iterator[FaultProxy]:
    with FaultProxy(sandbox.base_url) as running:
        yield running


@pytest.fixture
def through(proxy: FaultProxy, sandbox: RunningSandbox) -> Iterator[Api]:
    """The API through the proxy; its pauses take no time."""
    with Connection.api_key(sandbox.api_key, base_url=proxy.url, clock=FakeClock()) as connection:
        yield connection.api


def import_of(job: Any) -> Any:
    return next(task for task in job["tasks"] if task["name"] == "import-1")


def digest_at(direct: Api, job: Any) -> str:
    """Of what the sandbox has, as its own export gives it."""
    (record,) = file_records(wait_until_ended(direct, f"/jobs/{job['id']}", 60, Silent()))
    return hashlib.sha256(direct.session.http.get(str(record["url"])).content).hexdigest()


@pytest.mark.row("F1")
@pytest.mark.parametrize("share", [0, 1, 50, 99])
@pytest.mark.parametrize("seed", range(5))
def test_a_reset_anywhere_ends_with_the_right_file_in_one_job(
    share: int, seed: int, through: Api, proxy: FaultProxy, connection: Connection
) -> None:
    tag = f"reset-{share}-{seed}"
    job = through.create_job({"tasks": TASKS, "tag": tag}, None)
    at = max(0, SIZE * share // 100 + random.Random(seed).randrange(-4000, 4000) * bool(share))
    proxy.add(LimitData(at, reset=True, upstream=True).when(UPLOAD), uses=1 + seed % 2)
    upload(through, import_of(job), FILE)
    assert proxy.spent
    assert digest_at(connection.api, job) == DIGEST
    assert len(list(connection.api.pages("/jobs", {"filter[tag]": tag}))) == 1


@pytest.mark.row("F1")
def test_resets_without_end_are_an_error_after_three_sends(through: Api, proxy: FaultProxy) -> None:
    job = through.create_job({"tasks": TASKS, "tag": "reset-for-ever"}, None)
    before = proxy.connections
    proxy.add(LimitData(SIZE // 2, reset=True, upstream=True).when(UPLOAD), uses=3)
    with pytest.raises(TransferError, match="broke 3 times"):
        upload(through, import_of(job), FILE)
    assert proxy.spent
    assert proxy.connections - before <= 6  # each send on a connection of its own, and the questions between them


@pytest.mark.row("F1")
def test_a_file_whose_arrival_was_not_confirmed_is_not_sent_again(
    through: Api, proxy: FaultProxy, connection: Connection
) -> None:
    job = through.create_job({"tasks": TASKS, "tag": "unconfirmed"}, None)
    proxy.add(ResetPeer(timeout=300).when(UPLOAD), uses=1)  # the answer comes at the end, and is lost
    upload(through, import_of(job), FILE)
    assert proxy.spent
    assert digest_at(connection.api, job) == DIGEST


@pytest.mark.row("F6")
def test_an_upload_that_crawls_is_given_up_and_the_rate_is_named(
    through: Api, proxy: FaultProxy, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = through.create_job({"tasks": TASKS, "tag": "crawling"}, None)
    monkeypatch.setattr(pace, "SLOWEST_WINDOW", 1.0)
    monkeypatch.setattr(pace, "SLOWEST", 10_000_000)
    proxy.add(Bandwidth(rate=3000, upstream=True).when(UPLOAD))
    slow, began = Session(Bearer(sandbox.api_key)), time.monotonic()
    with pytest.raises(TransferError, match=r"The upload of 'big.bin' moved slower than 10,000,000 bytes a second"):
        upload(Api(slow, proxy.url), import_of(job), FILE)
    slow.close()
    assert time.monotonic() - began < 5


@pytest.mark.row("F7")
def test_a_store_that_takes_nothing_ends_in_an_error(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.api.upload.SILENCE", 0.3)
    server.route("POST /store", Reply(fault="hang"))
    session, began = Session(Bearer("a-key-for-the-tests"), clock=FakeClock()), time.monotonic()
    form = {"url": f"{server.url}/store", "parameters": {}}
    with pytest.raises(TransferError, match="broke 3 times"):
        upload(Api(session, server.url), {"id": "t", "result": {"form": form}}, LocalFile("a.txt", data=b"hello"))
    session.close()
    assert time.monotonic() - began < 3 * 1.3
