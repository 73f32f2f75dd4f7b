"""OAuth 2.0, the parts without a memory: registered applications, requests for a sign-in, PKCE, errors (RFC 6749, 7636)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from connector.sandbox.settings import SCOPES, OAuthClient

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PKCE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class OAuthError(Exception):
    """A refusal with a standard code, as a JSON body with 400 (401 for a client that is not known)."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status

    def body(self) -> dict[str, str]:
        """The JSON body."""
        return {"error": self.code, "error_description": self.description, "message": self.description}


class SignInRefused(Exception):
    """A refusal that the application hears by the redirect."""

    def __init__(self, location: str) -> None:
        super().__init__("the sign-in was refused")
        self.location = location


@dataclass(frozen=True)
class SignInRequest:
    """A checked request to `/oauth/authorize`. `challenge` is the S256 code challenge, None without PKCE."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None

    def answer(self, **parameters: str) -> str:
        """Where the browser goes with these parameters."""
        state = {"state": self.state} if self.state is not None else {}
        between = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{between}{urlencode({**parameters, **state})}"

    def refusal(self, code: str, description: str) -> SignInRefused:
        """The redirect that tells of an error."""
        return SignInRefused(self.answer(error=code, error_description=description))


class Clients:
    """The registered applications; one may have several redirect URIs."""

    def __init__(self, registered: Sequence[OAuthClient]) -> None:
        self._registered = registered

    def authenticate(self, client_id: str, secret: str) -> OAuthClient:
        """The application, if the secret is its own. Raises OAuthError."""
        for client in self._registered:
            if client.id == client_id and hmac.compare_digest(client.secret.encode(), secret.encode()):
                return client
        raise OAuthError("invalid_client", "The client is not known, or its secret is wrong.", 401)

    def request(self, query: Mapping[str, str]) -> SignInRequest:
        """The checked request. Raises SignInRefused, or OAuthError where it is not safe to redirect."""
        client, redirect_uri = self._client(query)
        scopes = tuple(dict.fromkeys(query.get("scope", "").split()))
        challenge = query.get("code_challenge")
        wanted = SignInRequest(client.id, redirect_uri, scopes, query.get("state"), challenge)
        if query.get("response_type") != "code":
            raise wanted.refusal("unsupported_response_type", "The sandbox knows only response_type=code.")
        if not scopes or set(scopes) - set(SCOPES):
            raise wanted.refusal("invalid_scope", f"Ask for scopes out of: {' '.join(SCOPES)}.")
        if challenge is None and not client.secret:
            raise wanted.refusal("invalid_request", "A client without a secret must send a code_challenge.")
        if challenge is not None and (query.get("code_challenge_method") != "S256" or not _PKCE.fullmatch(challenge)):
            raise wanted.refusal("invalid_request", "The code_challenge must be one of the method S256.")
        return wanted

    def _client(self, query: Mapping[str, str]) -> tuple[OAuthClient, str]:
        known = [client for client in self._registered if client.id == query.get("client_id")]
        if not known:
            raise OAuthError("invalid_client", "No application is registered under this client_id.")
        asked = query.get("redirect_uri", known[0].redirect_uri if len(known) == 1 else "")
        client = next((one for one in known if is_same_place(one.redirect_uri, asked)), None)
        if client is None:
            raise OAuthError("invalid_request", "This redirect_uri is not registered for the application.")
        return client, asked


def is_same_place(registered: str, asked: str) -> bool:
    """Whether two redirect URIs are equal; on loopback the port may differ (RFC 8252, 7.3)."""
    if registered == asked:
        return True
    try:
        ours, theirs = urlsplit(registered), urlsplit(asked)
        hosts = (ours.hostname, theirs.hostname)
        plain = "@" not in theirs.netloc and theirs.port != 0
    except ValueError:
        return False
    same = (ours.scheme, ours.path, ours.query) == (theirs.scheme, theirs.path, theirs.query) and "#" not in asked
    return same and plain and ours.scheme == "http" and hosts[0] == hosts[1] and hosts[0] in _LOOPBACK


def proves(verifier: str | None, challenge: str | None) -> bool:
    """Whether the PKCE verifier belongs to the challenge. Without a challenge there must be no verifier."""
    if challenge is None or verifier is None:
        return challenge is verifier
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    found = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return bool(_PKCE.fullmatch(verifier)) and hmac.compare_digest(found, challenge)
