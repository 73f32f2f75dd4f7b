"""A small OAuth2 server on loopback with an API behind it: PKCE, rotation of refresh tokens, re-use detection."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "secret-of-the-client-0123456789"


@dataclass
class TokenServer(ScriptedServer):
    """Used as a context manager, like its base.

    A refresh token is good once. Using one again revokes the whole sign-in, as RFC 9700 wants it.

    Args:
        expires_in: what token answers say; left out where it is None.
        rotates: give a new refresh token with every access token.
        grants: the scopes that token answers name; None for not naming any.
        hold: while it is not set, refreshes are carried out but not answered.

    """

    expires_in: Any = 3600
    rotates: bool = True
    grants: str | None = None
    refuses: str | None = None
    hold: threading.Event | None = None
    refreshes: int = 0
    reuses: int = 0
    valid: set[str] = field(default_factory=set)

    def __enter__(self) -> TokenServer:
        super().__enter__()
        self._state = threading.Lock()
        self._codes: dict[str, dict[str, str]] = {}
        self._live: set[str] = set()
        self._used: set[str] = set()
        self.rotated = threading.Event()
        self.route("GET /oauth/authorize", self._authorize)
        self.route("POST /oauth/token", self._token)
        self.route("GET /v2/users/me", self._api({"id": 1, "username": "tester", "credits": 7}))
        self.route("GET /v2/jobs", self._api([]))
        self.route("POST /v2/jobs", self._api({"id": "job-1", "status": "waiting", "tasks": []}))
        self.route("GET /v2/users/me/webhooks", self._api([]))
        return self

    def issue(self) -> dict[str, Any]:
        """A token answer, as a sign-in would give it."""
        access, refresh = f"access-{secrets.token_hex(12)}", f"refresh-{secrets.token_hex(12)}"
        self.valid.add(access)
        self._live.add(refresh)
        answer = {"token_type": "Bearer", "access_token": access, "refresh_token": refresh}
        extras = {"expires_in": self.expires_in, "scope": self.grants}
        return answer | {name: value for name, value in extras.items() if value is not None}

    def revoke_access(self) -> None:
        """From now on no access token is accepted that was given before."""
        self.valid.clear()

    def _authorize(self, request: Request) -> Reply:
        query = request.query
        back = {"state": query.get("state", "")}
        if self.refuses:
            back["error"] = self.refuses
        else:
            back["code"] = f"code-{secrets.token_hex(12)}"
            self._codes[back["code"]] = query
        return Reply(302, b"", [("Location", f"{query['redirect_uri']}?{urlencode(back)}")])

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _refusal("invalid_client", 401)
        if form["grant_type"] == "authorization_code":
            return self._exchange(form)
        reply = self._refresh(form)
        self.rotated.set()
        if self.hold:
            self.hold.wait(30)
        return reply

    def _exchange(self, form: dict[str, str]) -> Reply:
        asked = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or asked["redirect_uri"] != form.get("redirect_uri")
            or asked["code_challenge"] != base64.urlsafe_b64encode(proof).decode().rstrip("=")
        ):
            return _refusal("invalid_grant")
        return Reply(200, self.issue())

    def _refresh(self, form: dict[str, str]) -> Reply:
        token = form["refresh_token"]
        with self._state:
            if token in self._used:
                self.reuses += 1
                self._live.clear()
                self.valid.clear()
            if token not in self._live:
                return _refusal("invalid_grant")
            self.refreshes += 1
            answer = self.issue()
            if self.rotates:
                self._live.remove(token)
                self._used.add(token)
            else:
                del answer["refresh_token"]
        return Reply(200, answer)

    def _api(self, value: Any) -> Any:
        def answer(request: Request) -> Reply:
            if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
                return error(401, "Unauthenticated.", "UNAUTHENTICATED")
            return data(value, 201 if request.method == "POST" else 200)

        return answer


def _refusal(code: str, status: int = 400) -> Reply:
    return Reply(status, {"error": code, "error_description": f"This is {code}.", "message": f"This is {code}."})
