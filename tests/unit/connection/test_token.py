"""What a token answer means, and when a token is renewed."""

from __future__ import annotations

from typing import Any

import pytest

from connector.connection.token import Token
from connector.errors import ProtocolError

NOW = 1_700_000_000.0
PREVIOUS = Token("access-before", "refresh-before", NOW, 3600, ("task.read",))


def answer(**more: Any) -> dict[str, Any]:
    return {"access_token": "access-token-1", "token_type": "Bearer", "expires_in": 3600, **more}


def test_an_answer_becomes_a_token_with_its_end() -> None:
    token = Token.from_answer(answer(refresh_token="refresh-1", scope="user.read task.read"), NOW)
    assert (token.access, token.refresh, token.expires_at) == ("access-token-1", "refresh-1", NOW + 3600)
    assert token.scopes == ("user.read", "task.read")


@pytest.mark.row("T7")
def test_what_an_answer_leaves_out_is_kept() -> None:
    token = Token.from_answer(answer(), NOW, PREVIOUS)
    assert (token.refresh, token.scopes) == ("refresh-before", ("task.read",))


@pytest.mark.parametrize(("expires_in", "life"), [("3600", 3600), (3600.0, 3600), (1e300, 10 * 365 * 86400)])
@pytest.mark.row("T7")
def test_a_lifetime_may_come_as_text_or_be_absurdly_long(expires_in: Any, life: float) -> None:
    assert Token.from_answer(answer(expires_in=expires_in), NOW).life == life


@pytest.mark.parametrize("expires_in", [None, 0, -5, "soon", True, [], float("nan"), float("inf"), 10**400])
def test_without_a_usable_lifetime_a_token_is_good_until_it_is_refused(expires_in: Any) -> None:
    token = Token.from_answer(answer(expires_in=expires_in), NOW)
    assert token.expires_at is None
    assert not token.is_due(NOW + 1e9)
    assert not token.is_over(NOW + 1e9)


@pytest.mark.parametrize("kind", ["bearer", "Bearer", "BEARER", None])
@pytest.mark.row("T7")
def test_the_kind_may_be_written_in_any_way_or_be_absent(kind: Any) -> None:
    assert Token.from_answer(answer(token_type=kind), NOW).access == "access-token-1"


@pytest.mark.parametrize("wrong", [{"access_token": None}, {"access_token": 5}, {"token_type": "mac"}])
def test_an_answer_without_a_bearer_token_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="no bearer token"):
        Token.from_answer(answer(**wrong), NOW)


@pytest.mark.parametrize(
    ("life", "left", "due"),
    [
        (3600, 361, False),
        (3600, 359, True),  # a tenth of its life
        (1200, 301, False),
        (1200, 299, True),  # five minutes
        (60, 31, False),
        (60, 29, True),  # half of a short life, or it would be renewed with every request
    ],
)
def test_it_is_due_when_little_of_its_life_is_left(life: float, left: float, due: bool) -> None:
    assert Token("access-token", None, NOW + left, life).is_due(NOW) is due


def test_it_is_over_at_its_end_and_not_before() -> None:
    token = Token("access-token", None, NOW, 3600)
    assert token.is_over(NOW)
    assert not token.is_over(NOW - 1)


def test_it_survives_being_stored() -> None:
    assert Token.from_dict(PREVIOUS.to_dict()) == PREVIOUS


def test_its_repr_shows_no_token() -> None:
    assert "before" not in repr(PREVIOUS)
