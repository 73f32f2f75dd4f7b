"""Node-RED in the user's cache: installed once as the lock file says, and removed again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import filelock

from connector.errors import InputError, LimitReached, TemporaryError
from connector.playground.node import Node, find_node

Progress = Callable[[int, int], None]
"""Called with the number of packages that are there, and of all."""

_LOCK = "package-lock.json"
_STEP = 0.3  # seconds between two looks at how far it is
_LIMIT = 900.0  # seconds that npm may take


def installed(
    folder: Path, node: Node | None = None, progress: Progress = lambda _done, _total: None
) -> tuple[Node, Path]:
    """Node.js and the folder with Node-RED's packages, which are installed below `folder` if they are not there yet.

    Raises LimitReached where there is no Node.js, and TemporaryError where npm cannot install.
    """
    lock = _lock()
    node = node or find_node(_oldest_node(lock))
    target = _target(folder, lock)
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / "install.lock"):
        if not target.is_dir():
            _clean(folder)
            _install(node, target, lock, progress)
    return node, target / "node_modules"


def is_installed(folder: Path) -> bool:
    """Whether nothing has to be installed any more."""
    return _target(folder, _lock()).is_dir()


def remove(folder: Path) -> bool:
    """Remove Node-RED and the flows made in it; false where there was nothing. Raises InputError while it is in use."""
    if not folder.is_dir():
        return False
    with alone(folder):
        shutil.rmtree(folder)
    return True


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the lock of a running playground. Raises InputError if another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / "running.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise InputError(
            "A playground is running already.", hint="End it with Ctrl-C in its terminal, then try again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def version() -> str:
    """The version of Node-RED that is installed."""
    return str(_locked(_lock())["version"])


def _lock() -> bytes:
    return files(__package__).joinpath(_LOCK).read_bytes()


def _target(folder: Path, lock: bytes) -> Path:
    return folder / f"node-red-{hashlib.sha256(lock).hexdigest()[:12]}"


def _locked(lock: bytes) -> dict[str, object]:
    found: dict[str, object] = json.loads(lock)["packages"]["node_modules/node-red"]
    return found


def _oldest_node(lock: bytes) -> tuple[int, ...]:
    """What Node-RED itself asks for, such as ">=18.5"."""
    return tuple(map(int, re.findall(r"\d+", str(_locked(lock)["engines"]))))


def _clean(folder: Path) -> None:
    """Take away what an older version, or an installation that broke off, has left."""
    for old in (*folder.glob("node-red-*"), *folder.glob("installing-*")):
        shutil.rmtree(old, ignore_errors=True)


def _install(node: Node, target: Path, lock: bytes, progress: Progress) -> None:
    """Into a folder beside it first, so that half an installation is never taken for a whole one."""
    place = Path(tempfile.mkdtemp(prefix="installing-", dir=target.parent))
    try:
        for name in ("package.json", _LOCK):
            (place / name).write_bytes(files(__package__).joinpath(name).read_bytes())
        _run_npm(node, place, [path for path in json.loads(lock)["packages"] if path], progress)
        place.rename(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _run_npm(node: Node, place: Path, packages: Sequence[str], progress: Progress) -> None:
    # Without scripts: nothing that is downloaded runs before Node-RED itself does.
    words = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    end = time.monotonic() + _LIMIT
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(words, cwd=place, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603 - fixed words
        try:
            while process.poll() is None and time.monotonic() < end:
                progress(sum((place / path / "package.json").is_file() for path in packages), len(packages))
                time.sleep(_STEP)
        finally:
            if process.poll() is None:
                process.kill()
            code = process.wait()
        log.seek(0)
        if code:
            raise _failure(log.read().decode("utf-8", "replace"))
    progress(len(packages), len(packages))


def _failure(said: str) -> TemporaryError | LimitReached:
    lines = [line.removeprefix("npm error").strip() for line in said.splitlines()]
    telling = [line for line in lines if line and not line.startswith(("code ", "A complete log", "npm warn"))]
    reason = telling[0][:200].rstrip(".") if telling else "npm took too long"
    if "ENOSPC" in said:
        return LimitReached("Node-RED could not be installed: the disk is full.")
    return TemporaryError(
        f"Node-RED could not be installed: {reason}.", hint="Check that npm reaches its registry, then try again."
    )
