"""Signing in at CloudConvert in the browser: OAuth2, authorization code with `state` and PKCE (RFC 6749, 7636, 8252).

requests-oauthlib makes the address and exchanges the code, and does nothing else: its own refresh would use a rotating
refresh token twice.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connector.api.clock import Clock
from connector.api.network import CONNECT_TIMEOUT, READ_TIMEOUT, network_error
from connector.connection.hosts import Addresses, is_loopback, require_safe
from connector.connection.token import Token
from connector.errors import ConnectionInvalid, ConnectorError, InputError, NetworkError, ProtocolError
from connector.redact import guard_logging, redact, remember

_INSECURE = "OAUTHLIB_INSECURE_TRANSPORT"
_environment = threading.Lock()


class SignIn:
    """One attempt to sign in: send a browser to `url`, hand what comes back to `finish`. Good for one answer.

    Args:
        addresses: where to authorize and to get the token; https, or this machine. Raises InputError for others.
        client_id, client_secret: of the user's own OAuth client at CloudConvert; the secret may be empty.
        scopes: what the connection may do.
        redirect_uri: as registered for the client.
        proxies: as requests takes them.

    """

    def __init__(
        self,
        addresses: Addresses,
        client_id: str,
        client_secret: str,
        scopes: Sequence[str],
        redirect_uri: str,
        *,
        proxies: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        guard_logging()
        self._authorize_url = require_safe(addresses.authorize, "authorize_url")
        self._token_url = require_safe(addresses.token, "token_url")
        self._client_id = client_id
        self._client_secret = remember(client_secret)
        self._redirect_uri = redirect_uri
        self._proxies = proxies
        self._clock = clock or Clock()
        self._scopes = list(scopes)
        self._verifier = remember(new_verifier())
        self.state = remember(secrets.token_urlsafe(32))
        self._answered = False

    @property
    def url(self) -> str:
        """The address for the browser."""
        with self._oauthlib(self._authorize_url, self._scopes) as session:
            url, _ = session.authorization_url(
                self._authorize_url,
                state=self.state,
                code_challenge=challenge(self._verifier),
                code_challenge_method="S256",
            )
        return str(url)

    def finish(self, answer: str) -> Token:
        """The token for the address that the browser was sent back to (or its query alone).

        Raises ConnectionInvalid if the person or the server refused, InputError for an address that does not belong to
        this attempt, NetworkError if the token URL cannot be reached.
        """
        _, _, query = answer.strip().rpartition("?")
        code = self._code(parse_qs(query.partition("#")[0]))
        if self._answered:
            raise InputError("This answer was used already.", hint="Start again: a sign-in is good for one answer.")
        self._answered = True
        try:
            with self._oauthlib(self._token_url, None) as session:
                token = session.fetch_token(
                    self._token_url,
                    code=remember(code),
                    code_verifier=self._verifier,
                    client_secret=self._client_secret or None,
                    include_client_id=True,
                    timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                )
        except (requests.RequestException, OSError) as error:
            raise self._unreachable(error) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise self._no_token(error) from None
        return Token.from_answer(token, self._clock.time())

    def accepts(self, state: str) -> bool:
        """Whether an answer with this state belongs to this attempt."""
        return hmac.compare_digest(state.encode("utf-8", "replace"), self.state.encode())

    def _code(self, query: Mapping[str, list[str]]) -> str:
        if not self.accepts(query.get("state", [""])[0]):
            raise InputError(
                "This is not the answer to this sign-in: its state is another one.",
                fields={"answer": "does not belong to this sign-in"},
                hint="Use the whole address that the browser shows after signing in, from the same attempt.",
            )
        if "error" in query:
            raise _refused(query["error"][0], query.get("error_description", [""])[0])
        if not query.get("code", [""])[0]:
            raise InputError("The answer holds no code.", fields={"answer": "holds no code"})
        return query["code"][0]

    @contextlib.contextmanager
    def _oauthlib(self, url: str, scopes: Sequence[str] | None) -> Iterator[Any]:
        from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
        from requests_oauthlib import OAuth2Session

        session = OAuth2Session(self._client_id, redirect_uri=self._redirect_uri, scope=scopes)
        session.max_redirects = 0  # a redirect would carry the code and the secret elsewhere
        session.proxies.update(self._proxies or {})
        try:
            with _plain_http_allowed(is_loopback(urlsplit(url).hostname or "")):
                yield session
        except OAuth2Error as error:
            raise _refused(error.error or type(error).__name__, error.description or "") from None
        finally:
            session.close()

    def _unreachable(self, error: Exception) -> ConnectorError:
        host = urlsplit(self._token_url).netloc
        if isinstance(error, requests.TooManyRedirects):
            return ProtocolError(f"The token URL {self._token_url} redirects elsewhere.", hint="Check the token URL.")
        found = network_error(error, host, "the exchange of the code")
        return NetworkError(found.message, hint="Start the sign-in again: its code is used up.", detail=found.detail)

    def _no_token(self, error: Exception) -> ProtocolError:
        return ProtocolError(
            f"The answer of {urlsplit(self._token_url).netloc} to the exchange of the code holds no token.",
            hint="Check the token URL.",
            detail=redact(f"{type(error).__name__}: {error}")[:300],
        )


def new_verifier() -> str:
    """A PKCE verifier: 86 characters, never the same again."""
    return secrets.token_urlsafe(64)


def challenge(verifier: str) -> str:
    """The S256 code challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refused(error: str, description: str) -> ConnectionInvalid:
    said = redact(f"{error}: {description}" if description else error)[:300]
    if error == "access_denied":
        return ConnectionInvalid(
            "The sign-in was declined in the browser.", hint="Start again to sign in.", detail=said
        )
    return ConnectionInvalid(
        f"CloudConvert refused the sign-in ({said}).",
        hint="Check the client ID, its secret and the redirect URL registered for it, then start again.",
        detail=said,
    )


@contextlib.contextmanager
def _plain_http_allowed(allowed: bool) -> Iterator[None]:
    """Let oauthlib use http on loopback, which it refuses unless a variable of the environment is set."""
    if not allowed:
        yield
        return
    with _environment:
        before = os.environ.get(_INSECURE)
        os.environ[_INSECURE] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_INSECURE]
            else:
                os.environ[_INSECURE] = before
