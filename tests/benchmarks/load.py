"""A client that costs next to nothing: finished bytes over kept connections, as fast as they are answered or at a pace."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What came of it: the seconds in all, and those of each request."""

    seconds: float
    latencies: Sequence[float]

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """The seconds within which so many of the requests were answered."""
        return statistics.quantiles(self.latencies, n=100)[percent - 1]


def request(url: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A request as it goes over the wire."""
    parts = urlsplit(url)
    given = {"Host": parts.netloc, "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {parts.path or '/'} HTTP/1.1\r\n{lines}\r\n".encode() + body


def hammer(root: str, requests: Iterable[bytes], *, connections: int = _CONNECTIONS) -> Load:
    """Send them all, the next one of each connection as soon as the last one is answered."""
    return asyncio.run(_hammer(root, iter(requests), connections, None))


def pace(root: str, requests: Iterable[bytes], per_second: float, *, connections: int = 4 * _CONNECTIONS) -> Load:
    """Send them at this pace, whatever the server does; a late answer counts from when its request was due."""
    return asyncio.run(_hammer(root, iter(requests), connections, 1 / per_second))


async def _hammer(root: str, requests: Iterator[bytes], connections: int, every: float | None) -> Load:
    peers = [await _Peer.to(root) for _ in range(connections)]
    latencies: list[float] = []
    due = began = time.perf_counter()

    async def work(peer: _Peer) -> None:
        nonlocal due
        for one in requests:
            start = time.perf_counter()
            if every is not None:
                due += every
                start = due
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await peer.ask(one)
            latencies.append(time.perf_counter() - start)

    await asyncio.gather(*map(work, peers))
    seconds = time.perf_counter() - began
    for peer in peers:
        peer.transport.close()
    return Load(seconds, latencies)


class _Peer(asyncio.Protocol):
    """One connection, one request at a time."""

    transport: asyncio.Transport
    _answer: asyncio.Future[None]

    def __init__(self) -> None:
        self._read = b""

    @classmethod
    async def to(cls, root: str) -> _Peer:
        parts = urlsplit(root)
        _, peer = await asyncio.get_running_loop().create_connection(cls, parts.hostname, parts.port)
        return peer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    async def ask(self, one: bytes) -> None:
        """Send it and wait for the whole answer. Raises ConnectionError for anything but 200."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(one)
        await self._answer

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        if b" 200 " not in head[:16]:
            self._answer.set_exception(ConnectionError(head.decode("latin-1")))
            return
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= size:
            self._read = body[size:]
            self._answer.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if hasattr(self, "_answer") and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("The server hung up."))
