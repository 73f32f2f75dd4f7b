from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.database import Database
from connector.sandbox.grants import Grants, Tokens
from connector.sandbox.oauth import OAuthError, SignInRequest

from .lab import Clock

WANTED = SignInRequest("demo", "http://127.0.0.1/", ("task.read",), None, None)


class Bench:
    """Grants over a file, with a clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.database = Database(folder / "x.sqlite")
        self.grants = self.opened()

    def opened(self) -> Grants:
        return Grants(self.database, self.clock, token_lifetime=100, code_lifetime=10)

    def signed_in(self) -> Tokens:
        return self.grants.redeem(self.grants.code(WANTED), "demo", WANTED.redirect_uri, None)

    def rows(self, table: str) -> int:
        return len(self.database.rows(f"SELECT * FROM {table}"))


@pytest.fixture
def bench(folder: Path) -> Iterator[Bench]:
    made = Bench(folder)
    yield made
    made.database.close()


def test_a_code_is_short_lived(bench: Bench) -> None:
    code = bench.grants.code(WANTED)
    bench.clock.now += 10
    with pytest.raises(OAuthError, match="expired"):
        bench.grants.redeem(code, "demo", WANTED.redirect_uri, None)


def test_an_access_token_lives_as_long_as_it_says(bench: Bench) -> None:
    tokens = bench.signed_in()
    assert tokens.expires_in == 100
    bench.clock.now += 99
    assert bench.grants.of_access_token(tokens.access_token)
    bench.clock.now += 1
    assert bench.grants.of_access_token(tokens.access_token) is None
    assert bench.grants.refresh(tokens.refresh_token, "demo", ()).scopes == ("task.read",)


def test_sign_ins_and_codes_survive_a_restart(bench: Bench) -> None:
    tokens, code = bench.signed_in(), bench.grants.code(WANTED)
    again = bench.opened()
    assert again.of_access_token(tokens.access_token)
    assert again.redeem(code, "demo", WANTED.redirect_uri, None)
    assert again.refresh(tokens.refresh_token, "demo", ())
    with pytest.raises(OAuthError, match="used before"):
        bench.opened().refresh(tokens.refresh_token, "demo", ())


def test_no_token_can_be_read_in_the_file(bench: Bench, folder: Path) -> None:
    tokens, code = bench.signed_in(), bench.grants.code(WANTED)
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert content
    assert not any(text.encode() in content for text in (tokens.access_token, tokens.refresh_token, code))


def test_a_wrong_try_uses_a_code_up(bench: Bench) -> None:
    code = bench.grants.code(WANTED)
    with pytest.raises(OAuthError, match="another client_id"):
        bench.grants.redeem(code, "other", WANTED.redirect_uri, None)
    with pytest.raises(OAuthError, match="used before"):
        bench.grants.redeem(code, "demo", WANTED.redirect_uri, None)


def test_sweeping_keeps_what_is_still_good(bench: Bench) -> None:
    tokens = bench.signed_in()
    bench.clock.now += 101
    bench.grants.sweep()
    assert (bench.rows("tokens"), bench.rows("codes")) == (1, 1)
    bench.clock.now += 25 * 3600
    bench.grants.sweep()
    assert bench.rows("codes") == 0
    assert bench.grants.refresh(tokens.refresh_token, "demo", ())
