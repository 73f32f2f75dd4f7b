"""Keeping an OAuth2 token good: one refresh for all threads and processes, and never a second one blindly.

CloudConvert may rotate refresh tokens: each is good once, and using one twice can end the whole sign-in. So whoever
renews holds a lock, reads what is saved once more, and saves before the lock is let go. As long as the token is good
none of this happens: it is kept in memory.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from connector.api.auth import NoAuth
from connector.api.clock import Clock
from connector.api.session import Session
from connector.connection.hosts import require_safe
from connector.connection.record import SavedConnection, Trouble, connect_again
from connector.connection.store import Busy, Store
from connector.connection.token import Token
from connector.connection.token_url import LostAnswer, Refused, ask
from connector.errors import ConnectionInvalid, ConnectorError

log = logging.getLogger("connector.connection")

COOL_DOWN = 30.0
"""Seconds after a failed refresh in which nobody tries again."""

_PATIENCE = 60.0  # seconds to wait for another process's refresh; one takes at most 30

_in_process: dict[tuple[Path, str], threading.Lock] = {}


class TokenKeeper:
    """Hands out the access token of one saved connection. Can be shared by threads."""

    def __init__(self, saved: SavedConnection, store: Store, clock: Clock | None = None) -> None:
        if saved.secrets.token is None:
            raise connect_again(saved.name, "it has no token.")
        self.name = saved.name
        self._id = saved.id
        self._store = store
        self._clock = clock or Clock()
        self._token = saved.secrets.token
        self._leave_alone_until = float("-inf")
        self._lock = _in_process.setdefault((store.folder, saved.id), threading.Lock())

    def current(self) -> str:
        """An access token to send. Renewed if little of its life is left; otherwise no file and no lock is touched."""
        token = self._token
        now = self._clock.time()
        if not token.is_due(now) or (self._clock.monotonic() < self._leave_alone_until and not token.is_over(now)):
            return token.access
        return self._renewed(None)

    def instead_of(self, refused: str) -> str:
        """A newer access token than this one, which the API did not accept."""
        return self._renewed(refused)

    def _renewed(self, refused: str | None) -> str:
        token = self._token
        good = _is_good(token, refused, self._clock.time())
        # A token that still works is no reason to wait for somebody else's refresh.
        if not self._lock.acquire(timeout=0 if good else _PATIENCE):
            return self._without_lock(token, good, refused)
        try:
            with self._store.alone(self._id, 0 if good else _PATIENCE):
                return self._renewed_alone(refused)
        except Busy:
            return self._without_lock(token, good, refused)
        finally:
            self._lock.release()

    def _without_lock(self, token: Token, good: bool, refused: str | None) -> str:
        if good:
            return token.access
        saved = self._saved()
        if saved.secrets.token and _is_good(saved.secrets.token, refused, self._clock.time()):
            return self._take(saved.secrets.token)
        raise Busy("The sign-in is being renewed by another process that does not end. Try again later.")

    def _renewed_alone(self, refused: str | None) -> str:
        saved = self._saved()
        token = saved.secrets.token
        if token is None:
            raise connect_again(saved.name, "it has no token any more.")
        now = self._clock.time()
        good = _is_good(token, refused, now)
        if good and not token.is_due(now):
            return self._take(token)
        if saved.trouble and _must_wait(saved.trouble, good, now):
            if not good:
                raise saved.trouble.error(saved.name)
            return self._go_on_with(token)
        return self._refresh(saved, token, good)

    def _refresh(self, saved: SavedConnection, token: Token, good: bool) -> str:
        try:
            fresh = self._ask(saved, token)
        except ConnectorError as error:
            trouble = Trouble(
                self._clock.time(), error.message, isinstance(error, Refused), isinstance(error, LostAnswer)
            )
            self._store.keep_trouble(self._id, token, trouble)
            if good:
                log.warning("The sign-in of %r could not be renewed yet: %s", saved.name, error.message)
                return self._go_on_with(token)
            raise (connect_again(saved.name, error.message) if trouble.final else error) from error
        self._take(fresh)  # before it is saved: should the disk be full, this process can at least go on
        kept = self._store.keep_token(self._id, token, fresh)
        if kept is None or kept.secrets.token is None:
            raise self._removed()
        return self._take(kept.secrets.token)

    def _ask(self, saved: SavedConnection, token: Token) -> Token:
        if not token.refresh:
            raise Refused("its time is over, and CloudConvert gave no refresh token.")
        url = require_safe(saved.addresses().token, "token_url")
        form = {"grant_type": "refresh_token", "refresh_token": token.refresh, "client_id": saved.client_id or ""}
        if saved.secrets.client_secret:
            form["client_secret"] = saved.secrets.client_secret
        session = Session(NoAuth(), proxies=saved.proxies(), clock=self._clock)
        try:
            answer = ask(session, url, form)
        finally:
            session.close()
        log.info("The sign-in of %r was renewed.", saved.name)
        return Token.from_answer(answer, self._clock.time(), token)

    def _saved(self) -> SavedConnection:
        saved = self._store.by_id(self._id)
        if saved is None:
            raise self._removed()
        self.name = saved.name
        return saved

    def _removed(self) -> ConnectionInvalid:
        return ConnectionInvalid(
            f"The connection {self.name!r} was removed.", hint="Make it again with: cloudconvert-connector connect"
        )

    def _take(self, token: Token) -> str:
        self._token = token
        return token.access

    def _go_on_with(self, token: Token) -> str:
        """Use what still works, and look again after the cool-down."""
        self._leave_alone_until = self._clock.monotonic() + COOL_DOWN
        return self._take(token)


def _is_good(token: Token, refused: str | None, now: float) -> bool:
    return token.access != refused and not token.is_over(now)


def _must_wait(trouble: Trouble, good: bool, now: float) -> bool:
    """Whether asking again is useless, too early, or would risk a token that still works."""
    return trouble.final or (trouble.lost and good) or 0 <= now - trouble.since < COOL_DOWN
