"""Downloads over connections that are cut, slow, silent or lie: the whole file or none."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.api import download, pace
from connector.api.auth import Bearer
from connector.api.download import download_to
from connector.api.session import Session
from connector.errors import ConnectorError, NetworkError, TransferError
from tests.faults.proxy import FaultProxy, LimitData, Link, Slicer, Toxic
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, ranged

SIZE = 20_000_000
CONTENT = random.Random(1).randbytes(SIZE)
OTHER = random.Random(2).randbytes(SIZE - 1000)
SHARES = [0, 1, 50, 99]
GET = "GET /file"

each_share = pytest.mark.parametrize("share", SHARES)
five_times = pytest.mark.parametrize("seed", range(5))


@pytest.fixture
def session(clock: FakeClock) -> Iterator[Session]:
    made = Session(Bearer("a-key-for-the-tests"), clock=clock)
    yield made
    made.close()


@pytest.fixture
def proxy(server: ScriptedServer) -> Iterator[FaultProxy]:
    with FaultProxy(server.url) as running:
        yield running


Fetch = Callable[..., Path]


@pytest.fixture
def fetch(session: Session, proxy: FaultProxy, tmp_path: Path) -> Fetch:
    def fetch(**options: Any) -> Path:
        return download_to(session, f"{proxy.url}/file", tmp_path / "out", "big.bin", **options)

    return fetch


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def reset_at(share: int, seed: int) -> LimitData:
    """A reset after so many percent of the file, give or take a few bytes."""
    return LimitData(max(0, SIZE * share // 100 + random.Random(seed).randrange(-2000, 2000) * bool(share)), reset=True)


@pytest.mark.row("F2")
@each_share
@five_times
def test_a_reset_is_resumed_where_it_was(
    share: int, seed: int, fetch: Fetch, proxy: FaultProxy, server: ScriptedServer
) -> None:
    arrived: list[int] = []
    proxy.add(reset_at(share, seed), uses=1)
    server.route(GET, ranged(CONTENT))
    assert fetch(size=SIZE, report=lambda done, total: arrived.append(done)).read_bytes() == CONTENT
    first, again = server.requests
    begin = int((again.headers["Range"] or "bytes=0-")[6:-1])
    assert first.headers["Range"] is None
    assert begin == (arrived[arrived.index(begin)] if begin else 0)  # not one byte that had arrived is fetched again


@pytest.mark.row("F3")
@each_share
def test_where_range_is_ignored_the_file_is_begun_again(
    share: int, fetch: Fetch, proxy: FaultProxy, server: ScriptedServer
) -> None:
    proxy.add(reset_at(share, 1), uses=2)
    server.route(GET, Reply(200, CONTENT))
    assert fetch(size=SIZE).read_bytes() == CONTENT
    assert len(server.requests) == 3


def other_version(request: Request) -> Reply:
    return ranged(OTHER, etag='"v2"')(request)


def other_version_forced(request: Request) -> Reply:
    """A server that takes no notice of If-Range."""
    start = int((request.headers["Range"] or "bytes=0-")[6:-1])
    where = f"bytes {start}-{len(OTHER) - 1}/{len(OTHER)}"
    return Reply(206, OTHER[start:], [("ETag", '"v2"'), ("Content-Range", where)])


def wrong_start(request: Request) -> Reply:
    start = int((request.headers["Range"] or "bytes=0-")[6:-1])
    return Reply(
        206, CONTENT[start + 7 :], [("ETag", '"v1"'), ("Content-Range", f"bytes {start + 7}-{SIZE - 1}/{SIZE}")]
    )


@pytest.mark.row("F4")
@pytest.mark.parametrize("then", [other_version, other_version_forced, wrong_start])
@pytest.mark.parametrize("share", SHARES[1:])
def test_what_does_not_fit_is_never_put_together(
    then: Any, share: int, fetch: Fetch, proxy: FaultProxy, server: ScriptedServer, tmp_path: Path
) -> None:
    proxy.add(reset_at(share, 1), uses=1)
    server.route(GET, ranged(CONTENT), then)
    try:
        assert fetch().read_bytes() in (CONTENT, OTHER)
    except ConnectorError:
        assert left_in(tmp_path) == []


SHORT = CONTENT[:50_000]


class Drip(Toxic):
    """Headers at once, then 20 bytes a second."""

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        begin = data.find(b"\r\n\r\n") + 4 if data.startswith(b"HTTP/") else 0
        yield data[:begin]
        yield from Slicer(average_size=1, delay=50_000).pass_on(data[begin:], link)


INCOMPLETE = {
    "less than its length": Reply(200, SHORT, length=SIZE),
    "a chunk that is cut": Reply(200, SHORT, chunked=True, sends=20_000),
    "chunks without an end": Reply(200, SHORT, chunked=True, sends=50_006),
    "no length, closed early": Reply(200, SHORT, length=None),
    "no length, reset": Reply(200, SHORT, length=None, fault="reset", sends=20_000),
}


@pytest.mark.row("F5")
@pytest.mark.parametrize("reply", INCOMPLETE.values(), ids=INCOMPLETE)
def test_a_body_that_is_not_whole_never_becomes_a_file(
    reply: Reply, fetch: Fetch, server: ScriptedServer, tmp_path: Path
) -> None:
    server.route(GET, reply)
    with pytest.raises(TransferError):
        fetch(size=SIZE)
    assert left_in(tmp_path) == []  # no .part either


@pytest.mark.row("F6")
def test_a_drip_is_given_up_after_the_window_and_the_rate_is_named(
    proxy: FaultProxy, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SLOWEST_WINDOW", 1.5)  # a twentieth of the real one: 1 byte a second becomes 20
    server.route(GET, Reply(200, SHORT, [("ETag", '"v1"')]))
    session, began = Session(Bearer("a-key-for-the-tests")), time.monotonic()
    with pytest.raises(TransferError, match="moved slower than 1,000 bytes a second"):
        download_to(session, f"{proxy.add(Drip()).url}/file", tmp_path, "slow.bin", size=len(SHORT))
    session.close()
    assert time.monotonic() - began < 1.5 * 35 / 30
    assert left_in(tmp_path) == []


@pytest.mark.row("F7")
@pytest.mark.parametrize("reply", [Reply(fault="hang"), Reply(200, SHORT, fault="hang", sends=0)], ids=["all", "body"])
def test_silence_ends_with_the_read_timeout(
    reply: Reply, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "READ_TIMEOUT", 0.4)  # instead of 30 s
    server.route(GET, reply)
    session, began = Session(Bearer("a-key-for-the-tests"), clock=FakeClock()), time.monotonic()
    with pytest.raises(TransferError):
        download_to(session, f"{server.url}/file", tmp_path, "silent.bin")
    session.close()
    assert time.monotonic() - began < 5 * (0.4 + 1)  # five tries
    assert len(server.requests) == 5


@pytest.mark.row("F7")
def test_a_call_that_is_not_answered_ends_with_the_read_timeout(server: ScriptedServer) -> None:
    for reply in (Reply(fault="hang"), Reply(200, b'{"data":', length=99, fault="hang", sends=8)):
        server.route("GET /v2/users/me", reply)
        session, began = Session(Bearer("a-key-for-the-tests"), clock=FakeClock()), time.monotonic()
        with pytest.raises(NetworkError):
            session.call("GET", f"{server.url}/v2/users/me", read_timeout=0.3)
        session.close()
        assert time.monotonic() - began < 5 * (0.3 + 1)
