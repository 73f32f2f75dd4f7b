"""What signs a request: the account's token, or nothing."""

from __future__ import annotations

import requests
from requests.auth import AuthBase

from connector.redact import remember


class Bearer(AuthBase):
    """Sends the token. An auth object, because a bare header would give way to an entry in the user's .netrc."""

    def __init__(self, token: str) -> None:
        self._token = remember(token)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoAuth(AuthBase):
    """Sends no token, whatever .netrc says: for storage hosts."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
