"""A Chromium that stays up: without network but for our proxies, of which each piece of work has its own."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.egress import Egress
from connector.sandbox.engines.isolation import isolated, isolation
from connector.sandbox.engines.kept import Crashed, Kept
from connector.sandbox.engines.web.page import Page
from connector.sandbox.engines.web.protocol import Ended, Expired, Protocol, ProtocolError

R = TypeVar("R")

INSTALL = "apt-get install chromium fonts-liberation"
_LAUNCHER = Path(__file__).with_name("launcher.py")
_START_SECONDS = 30.0
_FORGET_SECONDS = 5.0
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # Outside of a piece of work there is no way out at all: nothing listens there.
    "--proxy-server=http://127.0.0.1:1",
    # Loopback goes through the proxy as well, and no name is looked up by the browser itself.
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    # Nothing that speaks UDP past the proxy.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=Translate,MediaRouter,OptimizationHints,DialMediaRouteProvider",
    "--disable-gpu",
    "--disable-sync",
    "--deny-permission-prompts",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--js-flags=--max-old-space-size=1024",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
)


def find() -> Path | None:
    """Chromium, its headless shell, or Chrome, on PATH."""
    return programs.on_path(
        "chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "google-chrome-stable"
    )


def with_page(job: Callable[[Page], R], egress: Callable[[], Egress], deadline: float) -> R:
    """Do a job with a new page that reaches only what `egress` lets through. Raises EngineError.

    Pages share nothing: each has cookies, storage and cache of its own, which end with it.
    """
    try:
        return _KEPT.call(lambda browser: browser.show(job, egress(), deadline), deadline)
    except Crashed as error:
        raise EngineError("CONVERSION_FAILED", f"Chromium ended unexpectedly: {error}.") from None


@dataclass
class Browser:
    """A running browser. `doors` hands out listening sockets from inside, `words` is what it prints."""

    running: programs.Running
    protocol: Protocol
    doors: socket.socket
    words: IO[bytes]

    @classmethod
    def start(cls, folder: Path, stack: ExitStack, deadline: float) -> Browser:
        """Start it with its profile in the folder."""
        path = find()
        if path is None:
            raise EngineError("ENGINE_NOT_INSTALLED", f"Chromium is not installed: run {INSTALL}")
        (their_reading, writing), (reading, their_writing) = os.pipe(), os.pipe()
        ours, theirs = socket.socketpair()
        for number in (writing, reading):
            stack.callback(os.close, number)
        words = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        stack.enter_context(ours).settimeout(_START_SECONDS)
        inherited = (theirs.fileno(), their_reading, their_writing)
        try:
            running = _launch(path, folder, _short_folder(stack), inherited, words.fileno())
        finally:
            theirs.close()
            os.close(their_reading)
            os.close(their_writing)
        stack.callback(running.end)
        return cls(running, Protocol(reading, writing, deadline, on_event=lambda _: None), ours, words)

    def show(self, job: Callable[[Page], R], egress: Egress, deadline: float) -> R:
        """Do the job with a page in a browser context of its own, whose only way out is `egress`."""
        self.protocol.session, self.protocol.deadline = None, deadline
        door = self._door()
        proxy = f"http://127.0.0.1:{door.getsockname()[1]}"
        egress.start(door)
        try:
            context = str(
                self.protocol.call(
                    "Target.createBrowserContext",
                    proxyServer=proxy,
                    proxyBypassList="<-loopback>",
                    disposeOnDetach=True,
                )["browserContextId"]
            )
            return self._in_context(context, job, egress)
        except Expired:
            raise EngineError(
                "TIMEOUT",
                "The page did not finish in the time the task allows; raise the task's timeout or use wait_until load.",
            ) from None
        except Ended:
            raise Crashed(self._last_line()) from None
        finally:
            egress.stop()

    def _in_context(self, context: str, job: Callable[[Page], R], egress: Egress) -> R:
        try:
            result = job(Page.attach(self.protocol, egress, context))
        except (EngineError, ProtocolError):
            self._forget(context)
            raise
        self._forget(context)
        return result

    def _forget(self, context: str) -> None:
        """Close all pages of the context and drop what they stored. A browser that cannot is ended."""
        self.protocol.session, self.protocol.on_event = None, lambda _: None
        self.protocol.deadline = time.monotonic() + _FORGET_SECONDS
        try:
            self.protocol.call("Target.disposeBrowserContext", browserContextId=context)
        except (Expired, Ended, ProtocolError):
            self.running.end()

    def _door(self) -> socket.socket:
        """A listening socket inside the browser's network."""
        try:
            self.doors.sendall(b"?")
            _, descriptors, _, _ = socket.recv_fds(self.doors, 1, 1)
        except OSError:
            descriptors = []
        if not descriptors:
            raise Crashed(self._last_line())
        return socket.socket(fileno=descriptors[0])

    def _last_line(self) -> str:
        self.words.seek(0)
        lines = [line for line in self.words.read().decode(errors="replace").splitlines() if line.strip()]
        return programs.shortened(lines[-1]) if lines else "it said nothing"


_KEPT = Kept(Browser.start)


def _launch(
    path: Path, folder: Path, temporary: Path, inherited: tuple[int, int, int], stderr: int
) -> programs.Running:
    python = Path(sys.executable).resolve()
    flags = [*_FLAGS, f"--user-data-dir={folder / 'profile'}", *_without_sandbox()]
    command = [str(python), "-I", "-S", str(_LAUNCHER), *map(str, inherited), str(path), *flags]
    wrapped = isolated(command, folder=folder, reads=[Path(sys.base_prefix), _LAUNCHER, path.resolve().parent])
    return programs.start(
        wrapped, folder=folder, stderr=stderr, environment={"TMPDIR": str(temporary)}, pass_fds=inherited
    )


def _short_folder(stack: ExitStack) -> Path:
    """Where the browser puts a socket, whose path may not be longer than about 100 characters."""
    shortest = Path("/tmp")  # noqa: S108 - in a view of its own it is empty, elsewhere a fresh folder is made in it
    return shortest if _has_own_view() else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=shortest)))


def _has_own_view() -> bool:
    return isolation() in ("bubblewrap", "namespaces")


def _without_sandbox() -> list[str]:
    """Chromium's own sandbox cannot be built as root, nor inside our namespaces, where the user is root too."""
    return ["--no-sandbox"] if os.geteuid() == 0 or _has_own_view() else []
