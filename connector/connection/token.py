"""An OAuth2 access token: what it is, and how long it is good for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.errors import ProtocolError
from connector.redact import remember

_MARGIN = 300.0  # seconds before its end at which a token is renewed
_SHARE = 0.1  # the same as a share of its life; the larger of the two counts
_LONGEST_LIFE = 10 * 365 * 86400.0


@dataclass(frozen=True)
class Token:
    """An access token and the refresh token that came with it.

    `expires_at` is in seconds since 1970 and `life` in seconds; both None where the server gave no usable lifetime: such
    a token is good until it is refused. `scopes` are those that the server said it granted, None where it said nothing.
    """

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: float | None = None
    life: float | None = None
    scopes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        remember(self.access)
        remember(self.refresh or "")

    def is_over(self, now: float) -> bool:
        """Whether its time has passed."""
        return self.expires_at is not None and now >= self.expires_at

    def is_due(self, now: float) -> bool:
        """Whether it should be renewed: little of its life is left. Never before half of it has passed."""
        if self.expires_at is None or self.life is None:
            return False
        return self.expires_at - now < min(max(_MARGIN, _SHARE * self.life), self.life / 2)

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any], now: float, previous: Token | None = None) -> Token:
        """The token in a token endpoint's answer. What it leaves out of the previous one is kept.

        Raises ProtocolError if there is no access token, or one of a kind that cannot be sent.
        """
        access = answer.get("access_token")
        kind = answer.get("token_type") or "bearer"
        if not isinstance(access, str) or not access or str(kind).lower() != "bearer":
            raise ProtocolError("The answer of the token URL holds no bearer token.", hint="Check the token URL.")
        life = _lifetime(answer.get("expires_in"))
        return cls(
            access,
            _text(answer.get("refresh_token")) or (previous.refresh if previous else None),
            now + life if life else None,
            life,
            _scopes(answer.get("scope")) or (previous.scopes if previous else None),
        )

    def to_dict(self) -> dict[str, Any]:
        """As it is stored."""
        scopes = None if self.scopes is None else list(self.scopes)
        return {**vars(self), "scopes": scopes}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Token:
        """What `to_dict` gave. Raises ValueError, TypeError or KeyError for anything else."""
        expires_at, life = data.get("expires_at"), data.get("life")
        return cls(
            str(data["access"]),
            _text(data.get("refresh")),
            None if expires_at is None else float(expires_at),
            None if life is None else float(life),
            _scopes(data.get("scopes")),
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _lifetime(value: object) -> float | None:
    """Seconds; None for what is absent, no number, zero or negative: a token that is over at once cannot be meant."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return None
    return min(seconds, _LONGEST_LIFE) if math.isfinite(seconds) and seconds > 0 else None


def _scopes(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return tuple(value.split()) or None
    return tuple(map(str, value)) if isinstance(value, list) else None
