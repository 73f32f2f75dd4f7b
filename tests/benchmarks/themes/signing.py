"""What signing a request with an OAuth2 token costs while the token is good."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import requests

from connector.connection.auth import OAuth2
from connector.connection.record import SavedConnection, Secrets
from connector.connection.refresh import TokenKeeper
from connector.connection.store import Store
from connector.connection.token import Token
from tests.benchmarks.bench import Bench
from tests.benchmarks.measure import Row, exactly, measure
from tests.benchmarks.timing import side_by_side

_CALLS = 2000
_FILES = ("open", "os.", "fcntl.", "shutil.", "tempfile.", "sqlite3.")


@measure("token-check")
def token_check(bench: Bench) -> Iterator[Row]:
    """Signs a prepared request again and again; files are watched by Python's audit, the locks are replaced by watched ones."""
    keeper = _keeper(bench)
    signed, plain = OAuth2(keeper), _Plain()
    with _watched(keeper) as touched:
        samples = side_by_side(_CALLS, warm=50, ours=lambda: signed(_request()), floor=lambda: plain(_request()))
    micro = {f"{name}_us": round(samples.median(name) * 1e6, 1) for name in samples.seconds}
    row = exactly("OAuth2: signing a request with a good token", not touched, "no file access or lock", micro)
    yield Row(row.what, f"{len(touched)} of them in {_CALLS:,} calls", row.bar, row.held, row.numbers)


def _keeper(bench: Bench) -> TokenKeeper:
    store = Store(bench.folder / "connections")
    token = Token("access-token", "refresh-token", expires_at=4e9, life=3600.0)
    saved = store.save(SavedConnection("work", "oauth2", secrets=Secrets(token=token)))
    return TokenKeeper(saved, store)


def _request() -> requests.PreparedRequest:
    return requests.Request("GET", "http://127.0.0.1/v2/users/me").prepare()


class _Plain(requests.auth.AuthBase):
    """Just sets the header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer access-token"
        return request


class _watched:  # noqa: N801 - reads as a statement
    """What was touched meanwhile: files by any Python code, and the keeper's two locks."""

    def __init__(self, keeper: TokenKeeper) -> None:
        self._touched: list[str] = []
        self._watching = False
        self._patches = [
            mock.patch.object(keeper, "_lock", mock.MagicMock(side_effect=self._lock, acquire=self._lock)),
            mock.patch.object(Store, "alone", self._lock),
        ]
        sys.addaudithook(self._audit)

    def __enter__(self) -> list[str]:
        for patch in self._patches:
            patch.start()
        self._watching = True
        return self._touched

    def __exit__(self, *_: object) -> None:
        self._watching = False
        for patch in self._patches:
            patch.stop()

    def _lock(self, *_: object, **__: object) -> Any:
        self._touched.append("lock")
        raise RuntimeError("a lock was taken")

    def _audit(self, event: str, _: object) -> None:
        if self._watching and event.startswith(_FILES):
            self._touched.append(event)
