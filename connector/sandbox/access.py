"""Who a token belongs to: an API key from the settings, or a sign-in."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from connector.sandbox.grants import Grants
from connector.sandbox.settings import Key


@dataclass(frozen=True)
class Holder:
    """Whoever sends a request: the id of the key or sign-in, and what it may do."""

    id: str
    scopes: frozenset[str]


class Access:
    """All tokens that are accepted. Keys are numbered from 1."""

    def __init__(self, keys: Sequence[Key], grants: Grants) -> None:
        self._keys = keys
        self._grants = grants

    def holder(self, token: str) -> Holder | None:
        """Who sends this token; None for nobody."""
        for number, key in enumerate(self._keys, 1):
            if hmac.compare_digest(token.encode(), key.secret.encode()):
                return Holder(str(number), key.scopes)
        found = self._grants.of_access_token(token)
        return Holder(found.sign_in, frozenset(found.scopes)) if found else None
