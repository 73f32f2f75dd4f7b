"""A proxy in front of a server that spoils the connection, with the names and parameters of toxiproxy's toxics.

    with FaultProxy(sandbox.base_url) as proxy:
        proxy.add(Latency(latency=500, jitter=300))

Milliseconds, kilobytes a second and bytes, as there. Beyond toxiproxy, a toxic can wait for the request that it is meant
for: `LimitData(0).when(b"POST /v2/jobs ")` lets that request through and loses its answer.
"""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlsplit

_BLOCK = 1 << 16


class _Cut(Exception):
    """The connection ends here; `reset` with a RST instead of a FIN."""

    def __init__(self, reset: bool = False) -> None:
        self.reset = reset


@dataclass(frozen=True)
class Toxic:
    """Passes everything on. `trigger` names the beginning of the request from which on it works, on that connection."""

    trigger: bytes = field(default=b"", kw_only=True)
    upstream: bool = field(default=False, kw_only=True)

    def when(self, beginning: bytes) -> Self:
        """The same, for the request that begins so, and what follows it on its connection."""
        return replace(self, trigger=beginning)

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        """What goes out for these bytes. Raises _Cut to end the connection; may sleep."""
        yield data

    def at_end(self) -> None:
        """Called when the sender has closed."""


@dataclass(frozen=True)
class Latency(Toxic):
    latency: float = 0
    jitter: float = 0

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        time.sleep(max(0.0, self.latency + link.chance.uniform(-self.jitter, self.jitter)) / 1000)
        yield data


@dataclass(frozen=True)
class Bandwidth(Toxic):
    rate: float = 0

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        for start in range(0, len(data), 1 << 13):
            piece = data[start : start + (1 << 13)]
            time.sleep(len(piece) / (self.rate * 1000))
            yield piece


@dataclass(frozen=True)
class Slicer(Toxic):
    average_size: int = 10
    size_variation: int = 0
    delay: float = 0  # microseconds

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        while data:
            size = max(1, self.average_size + link.chance.randint(-self.size_variation, self.size_variation))
            yield data[:size]
            data = data[size:]
            if self.delay:
                time.sleep(self.delay / 1_000_000)


@dataclass(frozen=True)
class SlowClose(Toxic):
    delay: float = 0

    def at_end(self) -> None:
        time.sleep(self.delay / 1000)


@dataclass(frozen=True)
class Timeout(Toxic):
    """Nothing passes; the connection is closed after `timeout`, never where that is 0."""

    timeout: float = 0

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        link.over.wait(self.timeout / 1000 or None)
        raise _Cut
        yield b""


@dataclass(frozen=True)
class ResetPeer(Toxic):
    timeout: float = 0

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        time.sleep(self.timeout / 1000)
        raise _Cut(reset=True)
        yield b""


@dataclass(frozen=True)
class LimitData(Toxic):
    """So many bytes pass; then the connection is closed, or `reset`."""

    bytes: int = 0
    reset: bool = False

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        left = self.bytes - link.passed
        yield data[: max(0, left)]
        if len(data) >= left:
            raise _Cut(self.reset)


@dataclass(frozen=True)
class Instead(Toxic):
    """Another answer takes the place of the server's (no toxic of toxiproxy's: it needs to know where an answer begins)."""

    answer: bytes = b""

    def pass_on(self, data: bytes, link: Link) -> Iterator[bytes]:
        yield self.answer
        raise _Cut


@dataclass
class Link:
    """One direction of one connection. `passed` counts the bytes since a toxic began to work."""

    source: socket.socket
    sink: socket.socket
    upstream: bool
    chance: random.Random
    over: threading.Event
    passed: int = 0


@dataclass
class _Pair:
    """A connection: its two directions, and the toxics that work on it."""

    links: list[Link]
    over: threading.Event
    working: list[Toxic] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    running: int = 2


class FaultProxy:
    """Listens on a free port of loopback and connects to the server at `url`; `down` refuses everybody."""

    def __init__(self, url: str, seed: int = 7) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._toxics: list[list[Any]] = []
        self._seeds = random.Random(seed)
        self._lock = threading.Lock()
        self.connections = 0

    def __enter__(self) -> FaultProxy:
        self._open(0)
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def add(self, toxic: Toxic, uses: int = 1 << 30) -> FaultProxy:
        """Add a toxic, for so many connections that speak from now on."""
        self._toxics.append([toxic, uses])
        return self

    def clear(self) -> None:
        """Take all toxics away; connections that suffer already go on suffering."""
        self._toxics = []

    @property
    def spent(self) -> bool:
        """Whether every toxic with limited uses has been used up: a test whose toxic never worked proves nothing."""
        return all(uses == 0 for _, uses in self._toxics if uses < 1 << 29)

    def down(self) -> None:
        """Refuse new connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def up(self) -> None:
        """Take connections again, at the same port."""
        self._open(self.port)

    def _open(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        over, chance = threading.Event(), random.Random(self._seeds.random())
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = _Pair([Link(client, server, True, chance, over), Link(server, client, False, chance, over)], over)
        for link in pair.links:
            threading.Thread(target=self._pump, args=(link, pair), daemon=True).start()

    def _pump(self, link: Link, pair: _Pair) -> None:
        try:
            self._copy(link, pair)
        except _Cut as cut:
            if cut.reset:
                for one in (link.source, link.sink):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                pair.over.set()
        except OSError:
            pass
        if not pair.over.is_set():
            for one in (link.sink, link.source):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        pair.over.set()
        with self._lock:
            pair.running -= 1
            if pair.running == 0:  # not before: a number that another thread looks at could be given away again
                link.source.close()
                link.sink.close()

    def _copy(self, link: Link, pair: _Pair) -> None:
        while not pair.over.is_set():
            if not select.select([link.source], [], [], 0.02)[0]:
                continue
            data = link.source.recv(_BLOCK)
            if not data:
                break
            if link.upstream:
                self._trigger(data, pair)
            toxics = [toxic for toxic in pair.working if toxic.upstream == link.upstream]
            for piece in _spoilt(data, link, toxics):
                link.sink.sendall(piece)
                link.passed += len(piece)
        for toxic in pair.working:
            toxic.at_end()

    def _trigger(self, data: bytes, pair: _Pair) -> None:
        """Let the toxics that waited for these bytes begin to work on this connection."""
        with self._lock:
            for entry in self._toxics:
                if id(entry) not in pair.seen and entry[1] > 0 and data.startswith(entry[0].trigger):
                    entry[1] -= 1
                    pair.seen.add(id(entry))
                    pair.working.append(entry[0])
                    for link in pair.links:
                        link.passed = 0


def _spoilt(data: bytes, link: Link, toxics: list[Toxic]) -> Iterator[bytes]:
    if not toxics:
        yield data
        return
    for piece in toxics[0].pass_on(data, link):
        yield from _spoilt(piece, link, toxics[1:])
