"""How a request is signed with an OAuth2 token, and what happens when the API does not accept it."""

from __future__ import annotations

from typing import Any

import requests
from requests.auth import AuthBase

from connector.connection.record import connect_again
from connector.connection.refresh import TokenKeeper

_SCHEME = "Bearer "


class OAuth2(AuthBase):
    """Sends the access token. After a 401 it is renewed and the request sent once more; a second 401 is the end.

    A request that got 401 was not carried out, so even what creates something may be sent again.
    """

    def __init__(self, keeper: TokenKeeper) -> None:
        self._keeper = keeper

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = _SCHEME + self._keeper.current()
        request.register_hook("response", self._once_more)  # type: ignore[no-untyped-call]
        return request

    def _once_more(self, response: requests.Response, **how: Any) -> requests.Response:
        if response.status_code != 401:
            return response
        response.close()
        request = response.request.copy()
        refused = str(request.headers["Authorization"]).removeprefix(_SCHEME)
        request.headers["Authorization"] = _SCHEME + self._keeper.instead_of(refused)
        # Straight to the adapter: hooks do not run there, so there is no third time.
        second: requests.Response = response.connection.send(request, **how)
        if second.status_code == 401:
            second.close()
            raise connect_again(self._keeper.name, "CloudConvert does not accept a new token either.")
        second.request = request
        return second
