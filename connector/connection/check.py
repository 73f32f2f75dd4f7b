"""The test of a connection: whose it is, and what it may not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.api.endpoints import Api
from connector.errors import ConnectionInvalid, ConnectorError, NotFound
from connector.service import SCOPES, Scope

Finding = Literal["granted", "missing", "not checked"]

_PROBES: Mapping[Scope, tuple[str, Mapping[str, Any]]] = {
    "user.read": ("/users/me", {}),
    "task.read": ("/jobs", {"per_page": 1}),
    "webhook.read": ("/users/me/webhooks", {"per_page": 1}),
}
"""Reads that show whether a scope is there. The write scopes cannot be tried without making something."""


@dataclass(frozen=True)
class Check:
    """What the test found. `account` is empty where the connection may not see it."""

    account: Mapping[str, Any] = field(default_factory=dict)
    scopes: Mapping[Scope, Finding] = field(default_factory=dict)

    def whose(self) -> str:
        """Whose connection it is and how many credits are left, as far as it may see that."""
        name = (
            self.account.get("email") or self.account.get("username") or "an account that the scopes do not let it see"
        )
        return f"{name}, {self.account['credits']} credits left" if "credits" in self.account else str(name)

    def missing(self) -> list[Scope]:
        """The scopes that the connection surely lacks."""
        return [scope for scope, finding in self.scopes.items() if finding == "missing"]

    def lacking(self, needs: Mapping[str, Sequence[Scope]]) -> dict[str, list[Scope]]:
        """Of some users (e.g. modules) and the scopes they need: those that will not work, and what each lacks."""
        missing = set(self.missing())
        found = {name: [scope for scope in scopes if scope in missing] for name, scopes in needs.items()}
        return {name: scopes for name, scopes in found.items() if scopes}


def check(api: Api, environment: str, granted: Sequence[str] | None = None) -> Check:
    """Try the connection. `granted` are the scopes that an OAuth2 server said it granted, where it did.

    Raises ConnectionInvalid if the key or sign-in is not accepted at all, TemporaryError if the host does not answer.
    """
    account: Mapping[str, Any] = {}
    scopes: dict[Scope, Finding] = {}
    for scope in SCOPES:
        finding: Finding = "not checked" if granted is None else "granted" if scope in granted else "missing"
        if scope in _PROBES:
            finding, data = _probe(api, scope, environment, finding)
            account = data if scope == "user.read" and isinstance(data, Mapping) else account
        scopes[scope] = finding
    return Check(account, scopes)


def _probe(api: Api, scope: Scope, environment: str, otherwise: Finding) -> tuple[Finding, Any]:
    path, query = _PROBES[scope]
    try:
        return "granted", api.request("GET", path, query=query).data()
    except NotFound:
        return otherwise, None  # this server does not have it, so it says nothing about the scope
    except ConnectionInvalid as error:
        if _status(error) == "403":
            return "missing", None
        raise _not_accepted(error, environment) if _status(error) == "401" else error from None


def _status(error: ConnectorError) -> str:
    return error.detail.partition(" ")[0]


def _not_accepted(error: ConnectionInvalid, environment: str) -> ConnectionInvalid:
    """The other host is not asked: a key must not be sent to a place that it was not meant for."""
    other = {
        "live": "If this is a key of the sandbox, choose the environment sandbox: it does not work on the live host.",
        "sandbox": "If this is a live key, choose the environment live: it does not work in the sandbox.",
    }
    hint = other.get(environment, "Check that the key belongs to the server at this base URL.")
    return ConnectionInvalid(
        error.message, hint=f"Check the key. {hint}", detail=error.detail, request_id=error.request_id
    )
