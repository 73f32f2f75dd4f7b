"""Errors as v1 tells them: a status, `{"error", "message", "code"}`, and Retry-After where trying again helps.

Source: section "Errors" of the v1 guide; clients read `error` first, then `message`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    ConversionFailed,
    InputError,
    LimitReached,
    NotFound,
    OutOfSpace,
    RateLimited,
)
from connector.redact import redact

RETRY_AFTER = 30
"""Seconds that a client waits where the service gave no delay."""


class Unauthorized(ConnectorError):
    """The client sent no key, or a wrong one."""


class TooLarge(ConnectorError):
    """The request's parameters are larger than the gateway reads."""


@dataclass(frozen=True)
class Problem:
    """An answer that tells an error."""

    status: int
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    retry_after: int | None = None

    def body(self) -> dict[str, object]:
        """The JSON document."""
        told = {"error": self.message, "message": self.message, "code": self.status}
        return {**told, **({"fields": dict(self.fields)} if self.fields else {})}

    def headers(self) -> dict[str, str]:
        """Retry-After, where there is one."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def wrong(name: str, problem: str) -> InputError:
    """The error about one parameter."""
    end = "" if problem.endswith("?") else "."
    return InputError(f"The parameter {name!r} {problem}{end}", fields={name: problem})


def process_not_found() -> NotFound:
    """The error for a process, upload or download that is not there, or no longer."""
    return NotFound("Process not found")


def problem_of(error: ConnectorError) -> Problem:
    """The answer that an error stands for. What is no client's fault is 503: it may work later."""
    said = redact(error.message)
    match error:
        case InputError():
            return Problem(400, said, error.fields)
        case Unauthorized() | ConnectionInvalid():
            return Problem(401, said)
        case NotFound():
            return Problem(404, said)
        case TooLarge():
            return Problem(413, said)
        case ConversionFailed():
            return Problem(422, said)
        case RateLimited():
            return Problem(429, said, retry_after=_seconds(error))
        case LimitReached() if not isinstance(error, OutOfSpace):
            return Problem(400, said)
    return Problem(503, said, retry_after=_seconds(error))


def _seconds(error: ConnectorError) -> int:
    return math.ceil(getattr(error, "retry_after", None) or RETRY_AFTER)
