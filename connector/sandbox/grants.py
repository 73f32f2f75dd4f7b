"""Sign-ins with their codes and tokens, kept in the database as hashes.

A code is good once, a refresh token too: whoever uses one again ends the whole sign-in (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.sandbox.database import Database
from connector.sandbox.oauth import OAuthError, SignInRequest, proves

SCHEMA = """
CREATE TABLE IF NOT EXISTS sign_ins (
    id TEXT PRIMARY KEY, client_id TEXT NOT NULL, scopes TEXT NOT NULL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS codes (
    hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL, scopes TEXT NOT NULL, challenge TEXT,
    expires_at REAL NOT NULL, sign_in TEXT
);
CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY, sign_in TEXT NOT NULL REFERENCES sign_ins ON DELETE CASCADE, kind TEXT NOT NULL,
    scopes TEXT NOT NULL, expires_at REAL, used INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS tokens_by_sign_in ON tokens (sign_in);
"""
_KEEP_USED_CODES = 24 * 3600.0


@dataclass(frozen=True)
class Granted:
    """What a token stands for."""

    sign_in: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """New tokens. `expires_in` is in seconds, for the access token; the refresh token does not expire."""

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: tuple[str, ...]


class Grants:
    """All sign-ins of one data folder. `clock` gives seconds since 1970, lifetimes are in seconds."""

    def __init__(
        self, database: Database, clock: Callable[[], float], *, token_lifetime: float, code_lifetime: float
    ) -> None:
        self._db = database
        self._clock = clock
        self._token_lifetime = token_lifetime
        self._code_lifetime = code_lifetime
        database.script(SCHEMA)

    def code(self, wanted: SignInRequest) -> str:
        """A code for a sign-in that the person allowed."""
        code = secrets.token_urlsafe(32)
        row = {"client_id": wanted.client_id, "redirect_uri": wanted.redirect_uri, "challenge": wanted.challenge}
        times = {"expires_at": self._clock() + self._code_lifetime}
        self._db.insert("codes", {"hash": _hash(code), **row, "scopes": " ".join(wanted.scopes), **times})
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str | None, verifier: str | None) -> Tokens:
        """The first tokens of a sign-in. Raises OAuthError; the code is used up in any case."""
        row = self._db.row("SELECT * FROM codes WHERE hash = ?", (_hash(code),))
        if row is None:
            raise _invalid("The code is not known.")
        if row["sign_in"] is not None:
            self._end(row["sign_in"])
            raise _invalid("The code was used before; the sign-in has been ended.")
        sign_in = secrets.token_hex(16)
        self._db.run("UPDATE codes SET sign_in = ? WHERE hash = ?", (sign_in, row["hash"]))
        self._check(row, client_id, redirect_uri, verifier)
        scopes = tuple(row["scopes"].split())
        with self._db.together():
            made = {"id": sign_in, "client_id": client_id, "scopes": row["scopes"], "created_at": self._clock()}
            self._db.insert("sign_ins", made)
            return self._issue(sign_in, scopes, scopes)

    def refresh(self, token: str, client_id: str, scopes: Sequence[str]) -> Tokens:
        """New tokens for a refresh token; `scopes` may be fewer than granted, empty for all. Raises OAuthError."""
        row = self._db.row(
            "SELECT tokens.*, client_id FROM tokens JOIN sign_ins ON sign_ins.id = sign_in WHERE hash = ? AND kind = 'refresh'",
            (_hash(token),),
        )
        if row is None or row["client_id"] != client_id:
            raise _invalid("The refresh token is not known, or its sign-in was ended.")
        if row["used"]:
            self._end(row["sign_in"])
            raise _invalid("The refresh token was used before; the sign-in has been ended.")
        granted = tuple(row["scopes"].split())
        if set(scopes) - set(granted):
            raise OAuthError("invalid_scope", f"This sign-in has only: {' '.join(granted)}.")
        with self._db.together():
            self._db.run("UPDATE tokens SET used = 1 WHERE hash = ?", (row["hash"],))
            return self._issue(row["sign_in"], tuple(scopes) or granted, granted)

    def of_access_token(self, token: str) -> Granted | None:
        """What an access token stands for; None where it is unknown, expired or revoked."""
        row = self._db.row(
            "SELECT sign_in, scopes FROM tokens WHERE hash = ? AND kind = 'access' AND expires_at > ?",
            (_hash(token), self._clock()),
        )
        return Granted(row["sign_in"], tuple(row["scopes"].split())) if row else None

    def sweep(self) -> None:
        """Forget access tokens that have expired, and old codes."""
        now = self._clock()
        self._db.run("DELETE FROM tokens WHERE kind = 'access' AND expires_at < ?", (now,))
        self._db.run("DELETE FROM codes WHERE expires_at < ?", (now - _KEEP_USED_CODES,))

    def _check(self, row: sqlite3.Row, client_id: str, redirect_uri: str | None, verifier: str | None) -> None:
        if row["expires_at"] <= self._clock():
            raise _invalid("The code has expired; sign in again.")
        if row["client_id"] != client_id or row["redirect_uri"] != redirect_uri:
            raise _invalid("The code was given to another client_id or redirect_uri.")
        if not proves(verifier, row["challenge"]):
            raise _invalid("The code_verifier does not belong to the code_challenge.")

    def _issue(self, sign_in: str, scopes: tuple[str, ...], granted: tuple[str, ...]) -> Tokens:
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        expires_at = self._clock() + self._token_lifetime
        self._keep(access, sign_in, "access", scopes, expires_at)
        self._keep(refresh, sign_in, "refresh", granted, None)
        return Tokens(access, refresh, int(self._token_lifetime), scopes)

    def _keep(self, token: str, sign_in: str, kind: str, scopes: Sequence[str], expires_at: float | None) -> None:
        row = {"hash": _hash(token), "sign_in": sign_in, "kind": kind, "scopes": " ".join(scopes)}
        self._db.insert("tokens", {**row, "expires_at": expires_at})

    def _end(self, sign_in: str) -> None:
        self._db.run("DELETE FROM sign_ins WHERE id = ?", (sign_in,))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_grant", description)
