"""One HTTP session to CloudConvert: timeouts, a total deadline, retries by the policy, bounded answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError as Urllib3Error

from connector.api.answers import LARGEST, Answer, error_of
from connector.api.clock import Clock, Deadline
from connector.api.gate import Gate
from connector.api.network import CONNECT_TIMEOUT, READ_TIMEOUT, network_error, read_bounded
from connector.api.policy import (
    SAFE,
    Bucket,
    Outcome,
    Policy,
    delay_before_next,
    outcome_of,
    parse_retry_after,
    was_done_before,
)
from connector.api.wire import Adapter, Wire
from connector.errors import ConnectorError, NetworkError, NoAnswer
from connector.version import __version__

log = logging.getLogger("connector.api")

CALL_DEADLINE = 60.0
LARGEST_POOL = 64
"""Connections kept open to one host, and so the number of threads that a session can usefully be shared by."""

_THROTTLED_FOR = 1.0  # seconds that the others wait where the server named no delay and this call gives up

_retries = Bucket()  # one for the process: all connections together must not hammer a dead service


@dataclass(frozen=True)
class _Failure:
    """An attempt that did not go well; `outcome` None means that no other attempt can help."""

    error: ConnectorError
    outcome: Outcome | None
    answer: Answer | None = None


class Session:
    """Requests to one account. Can be shared by threads.

    Args:
        auth: what signs the requests to the API; transfers to storage hosts go out without it.
        proxies: as requests understands them; None leaves the environment to decide.
        https_only: take files only from https addresses, as the API's own host is one.
        clock: for tests.

    """

    def __init__(
        self,
        auth: AuthBase,
        *,
        proxies: Mapping[str, str] | None = None,
        https_only: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.auth = auth
        self.https_only = https_only
        self.clock = clock or Clock()
        self.gate = Gate(self.clock)
        self.http = Wire()
        self.http.headers["User-Agent"] = f"cloudconvert-connector/{__version__}"
        self.http.proxies.update(proxies or {})
        for scheme in ("https://", "http://"):
            self.http.mount(scheme, Adapter(LARGEST_POOL))

    def close(self) -> None:
        """Close all pooled connections."""
        self.http.close()

    def call(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | Iterable[tuple[str, str]] | None = None,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        policy: Policy = SAFE,
        read_timeout: float = READ_TIMEOUT,
        total: float = CALL_DEADLINE,
    ) -> Answer:
        """One API call, retried as the policy says. Gives the answer if its status is 2xx; raises ConnectorError otherwise.

        `read_timeout` is the longest silence, `total` the longest time for all attempts, both in seconds.
        """
        request = {
            "params": params,
            "json": json,
            "data": content,
            "headers": {"Accept": "application/json", **(headers or {})},
        }
        deadline = Deadline(total, self.clock)
        earlier: list[Outcome] = []
        while True:
            self.gate.enter(deadline)
            result = self._attempt(method, url, request, min(read_timeout, max(deadline.left(), 0.1)), deadline)
            if isinstance(result, Answer):
                _retries.give_back()
                return result
            if result.answer and was_done_before(method, urlsplit(url).path, result.answer.status, earlier):
                return replace(result.answer, status=204, body=b"")
            wait = self._pause(policy, len(earlier) + 1, result)
            if result.outcome is Outcome.THROTTLED:
                self.gate.close(wait or getattr(result.error, "retry_after", None) or _THROTTLED_FOR)
            if result.outcome is None or wait is None or wait > deadline.left() or not _retries.take(result.outcome):
                raise result.error
            log.info("%s %s: %s Trying again in %.1f s.", method, urlsplit(url).path, result.error, wait)
            earlier.append(result.outcome)
            self._sleep(wait)

    def _sleep(self, wait: float) -> None:
        self.clock.sleep(wait)
        turn = _retries.turn(self.clock.monotonic())
        if turn > 0:
            self.clock.sleep(turn)

    def _attempt(
        self, method: str, url: str, request: Mapping[str, Any], read_timeout: float, deadline: Deadline
    ) -> Answer | _Failure:
        try:
            answer = self._send(method, url, request, read_timeout, deadline)
        except NoAnswer as error:
            return _Failure(error, Outcome.NO_ANSWER)
        except NetworkError as error:
            return _Failure(error, Outcome.NOT_SENT)
        if answer.status < 300:
            return answer
        retry_after = parse_retry_after(answer.headers.get("Retry-After"), self.clock.time())
        outcome = outcome_of(answer.status, has_retry_after=retry_after is not None)
        return _Failure(error_of(answer, retry_after), outcome, answer)

    def _pause(self, policy: Policy, attempt: int, failure: _Failure) -> float | None:
        """Seconds until the next attempt; None where there must be none."""
        if failure.outcome is None:
            return None
        retry_after = getattr(failure.error, "retry_after", None)
        return delay_before_next(policy, attempt, failure.outcome, retry_after, self.clock.random())

    def _send(
        self, method: str, url: str, request: Mapping[str, Any], read_timeout: float, deadline: Deadline
    ) -> Answer:
        parts = urlsplit(url)
        what = f"{method} {parts.path.partition('/v2')[2] or parts.path}"
        try:
            with self.http.request(
                method, url, **request, auth=self.auth, stream=True, allow_redirects=False,
                timeout=(CONNECT_TIMEOUT, read_timeout),
            ) as response:  # fmt: skip
                body = read_bounded(response, LARGEST, deadline, what)
                return Answer(what, parts.netloc, response.status_code, response.headers, body)
        except (requests.RequestException, Urllib3Error, OSError) as error:
            raise network_error(error, parts.netloc, what) from None
