"""What tests let other processes do with a store of connections; run as `python -m tests.support.processes WHAT ...`.

One process imports everything and then forks, since starting Python twenty times would take longer than the test.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from connector import Connection
from connector.connection.record import Secrets
from connector.connection.store import Store
from connector.connection.token import Token
from tests.support.connections import with_key

ROOT = Path(__file__).resolve().parent.parent.parent


def start(what: str, *arguments: object) -> subprocess.Popen[bytes]:
    """Start this file in a process of its own."""
    command = [sys.executable, "-m", "tests.support.processes", what, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def result(what: str, *arguments: object) -> Any:
    """Run this file in a process of its own; gives what it printed."""
    out, _ = start(what, *arguments).communicate(timeout=120)
    return json.loads(out)


def use(folder: str, processes: str, threads: str) -> None:
    """Many processes, each with threads, ask the API who they are at the same moment. Prints how many were answered."""
    gate, opener = os.pipe()
    children = [_fork(lambda: _ask_once(folder, int(threads), gate, opener)) for _ in range(int(processes))]
    os.close(opener)
    _print(sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children))


def _ask_once(folder: str, threads: int, gate: int, opener: int) -> None:
    os.close(opener)
    os.read(gate, 1)
    with Connection.named("work", store=Store(Path(folder))) as connection, ThreadPoolExecutor(threads) as pool:
        names = list(pool.map(lambda _: connection.api.me()["username"], range(threads)))
    assert names == ["tester"] * threads


def save_and_die(folder: str, times: str) -> None:
    """Kill a process in the middle of saving tokens, again and again. Prints how often the store was not whole."""
    store = Store(Path(folder))
    saved = store.save(replace(with_key(), kind="oauth2", secrets=Secrets(token=_token(0))))
    broken = 0
    for _ in range(int(times)):
        child = _fork(lambda: _save_for_ever(store, saved.id))
        time.sleep(random.uniform(0.001, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        broken += not _is_whole(Store(Path(folder)))
    _print(broken)


def _token(number: int) -> Token:
    return Token(f"access-{number:08}", f"refresh-{number:08}", scopes=("padding" * 2000,))


def _save_for_ever(store: Store, connection_id: str) -> NoReturn:
    tokens = [_token(0), _token(1)]
    while True:
        now = tokens.index(_stored(store))
        store.keep_token(connection_id, tokens[now], tokens[1 - now])


def _stored(store: Store) -> Token:
    token = store.get("work").secrets.token
    assert token
    return token


def _is_whole(store: Store) -> bool:
    with contextlib.suppress(Exception):
        return _stored(store) in (_token(0), _token(1))
    return False


def use_alone(folder: str) -> None:
    """Ask the API once, in this very process, so that it can be killed."""
    with Connection.named("work", store=Store(Path(folder))) as connection:
        connection.api.me()


def hold_lock(folder: str) -> None:
    """Take the lock of the connection "work", say so, and never let it go."""
    store = Store(Path(folder))
    with store.alone(store.get("work").id, 5):
        _print("held")
        sys.stdin.read()


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _fork(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


if __name__ == "__main__":
    {"use": use, "use_alone": use_alone, "save_and_die": save_and_die, "hold_lock": hold_lock}[sys.argv[1]](
        *sys.argv[2:]
    )
