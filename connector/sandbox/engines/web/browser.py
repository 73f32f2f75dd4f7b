"""One Chromium for one piece of work: started without network but for our proxy, driven, and ended."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.egress import Egress
from connector.sandbox.engines.isolation import isolated, isolation
from connector.sandbox.engines.web.page import Page
from connector.sandbox.engines.web.protocol import Ended, Expired, Protocol

INSTALL = "apt-get install chromium fonts-liberation"
_LAUNCHER = Path(__file__).with_name("launcher.py")
_START_SECONDS = 30.0
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
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


@contextlib.contextmanager
def opened(folder: Path, egress: Egress, deadline: float) -> Iterator[Page]:
    """A page in a fresh browser, which ends with the block. Its troubles become EngineErrors."""
    path = find()
    if path is None:
        raise EngineError("ENGINE_NOT_INSTALLED", f"Chromium is not installed: run {INSTALL}")
    with tempfile.TemporaryFile() as words, contextlib.ExitStack() as stack:
        stack.callback(egress.stop)
        running, protocol = _start(path, folder, egress, deadline, words.fileno(), stack)
        stack.callback(running.end)
        try:
            yield Page.attach(protocol, egress)
        except Expired:
            raise EngineError(
                "TIMEOUT",
                "The page did not finish in the time the task allows; raise the task's timeout or use wait_until load.",
            ) from None
        except Ended:
            words.seek(0)
            raise EngineError(
                "CONVERSION_FAILED", f"Chromium ended unexpectedly: {_last_line(words.read())}."
            ) from None


def _start(
    path: Path, folder: Path, egress: Egress, deadline: float, stderr: int, stack: contextlib.ExitStack
) -> tuple[programs.Running, Protocol]:
    (their_reading, writing), (reading, their_writing) = os.pipe(), os.pipe()
    ours, theirs = socket.socketpair()
    for number in (writing, reading):
        stack.callback(os.close, number)
    with ours, theirs:
        inherited = (theirs.fileno(), their_reading, their_writing)
        try:
            running = _launch(path, folder, _short_folder(stack), inherited, stderr)
        finally:
            os.close(their_reading)
            os.close(their_writing)
        theirs.close()
        _take_over(ours, egress, running)
    return running, Protocol(reading, writing, deadline, on_event=lambda _: None)


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


def _short_folder(stack: contextlib.ExitStack) -> Path:
    """Where the browser puts a socket, whose path may not be longer than about 100 characters."""
    shortest = Path("/tmp")  # noqa: S108 - in a view of its own it is empty, elsewhere a fresh folder is made in it
    return shortest if _has_own_view() else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=shortest)))


def _has_own_view() -> bool:
    return isolation() in ("bubblewrap", "namespaces")


def _without_sandbox() -> list[str]:
    """Chromium's own sandbox cannot be built as root, nor inside our namespaces, where the user is root too."""
    return ["--no-sandbox"] if os.geteuid() == 0 or _has_own_view() else []


def _take_over(channel: socket.socket, egress: Egress, running: programs.Running) -> None:
    """Get the listening socket from inside and serve it."""
    channel.settimeout(_START_SECONDS)
    try:
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    except OSError:
        descriptors = []
    if not descriptors:
        running.end()
        raise EngineError("CONVERSION_FAILED", "Chromium could not be started here: look into the sandbox's log.")
    egress.start(socket.socket(fileno=descriptors[0]))


def _last_line(words: bytes) -> str:
    lines = [line for line in words.decode(errors="replace").splitlines() if line.strip()]
    return programs.shortened(lines[-1]) if lines else "it said nothing"
