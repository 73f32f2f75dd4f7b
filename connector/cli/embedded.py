"""The sandbox for one call: started as a process of its own, ended with the call."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO

from connector.connection import Connection
from connector.errors import ConnectorError, LimitReached

_GRACE = 10.0  # seconds that the sandbox gets to end cleanly


@contextlib.contextmanager
def embedded_sandbox() -> Iterator[Connection]:
    """A connection to a fresh sandbox with a folder of its own; both are gone afterwards."""
    with sandbox_process() as address:
        base_url, sync_url = address["base_url"], address["sync_url"]
        with Connection.api_key(address["api_key"], base_url=base_url, sync_url=sync_url) as connection:
            yield connection


@contextlib.contextmanager
def sandbox_process(*options: str, port: int = 0) -> Iterator[Mapping[str, str]]:
    """A fresh sandbox as a process; gives what it announces: base_url, sync_url and api_key.

    It ends when its standard input closes, so it ends with us even if we are killed.
    """
    require_sandbox()
    # -P: a folder called "connector" where the person happens to stand must not be taken for this package.
    command = [sys.executable, "-P", "-m", "connector.cli", "sandbox", "--port", str(port), "--sync-port", "0"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and fixed words
            [*command, "--until-stdin-closes", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield _address(process, log)
        finally:
            _end(process)


def require_sandbox() -> None:
    """Raise LimitReached unless the packages that the sandbox needs are installed."""
    missing = [name for name in ("starlette", "uvicorn", "PIL") if importlib.util.find_spec(name) is None]
    if missing:
        raise LimitReached(
            f"The sandbox is not installed ({', '.join(missing)} is missing).",
            hint='Install it with: pip install "cloudconvert-connector[sandbox]"',
        )


def _address(process: subprocess.Popen[bytes], log: IO[bytes]) -> Mapping[str, str]:
    line = process.stdout.readline() if process.stdout else b""
    try:
        address: dict[str, str] = json.loads(line)
    except ValueError:
        process.kill()
        process.wait()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip().splitlines()
        raise ConnectorError("The sandbox could not be started.", hint=said[-1][:300] if said else "") from None
    return address


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
