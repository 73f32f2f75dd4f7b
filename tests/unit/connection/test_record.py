"""A saved connection as data, and what it never shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.connection.record import SavedConnection, Secrets, Trouble
from connector.connection.token import Token
from connector.errors import ConnectionInvalid, InputError, TemporaryError
from connector.redact import redact

SECRETS = Secrets(
    "key-0123456789", "client-secret-0123", "http://me:pass-word-1@proxy:3128", Token("access-0123456789")
)
SAVED = SavedConnection(
    "work",
    "oauth2",
    region="eu-central",
    client_id="7",
    scopes=("user.read",),
    secrets=SECRETS,
    trouble=Trouble(1.0, "?"),
)


def test_it_survives_being_stored() -> None:
    stored = SAVED.to_dict()
    assert SavedConnection.from_dict("work", stored, Secrets.from_dict(SECRETS.to_dict())) == SAVED


def test_what_is_stored_in_the_open_holds_no_secret() -> None:
    text = str(SAVED.to_dict()) + repr(SAVED) + repr(SECRETS)
    for secret in ("key-0123", "client-secret", "pass-word", "access-0123", "proxy"):
        assert secret not in text.replace("proxy=***", "")


def test_its_secrets_are_masked_from_the_moment_they_are_known() -> None:
    replace(SECRETS, api_key="a-key-seen-once-only")
    assert redact("a-key-seen-once-only pass-word-1 client-secret-0123") == "*** *** ***"


@pytest.mark.parametrize("name", ["", " ", " work", "a\nb", "a\x1b[31mb", "x" * 101])
def test_a_name_is_visible_text(name: str) -> None:
    with pytest.raises(InputError) as caught:
        SavedConnection(name, "api-key")
    assert "name" in caught.value.fields


def test_letters_of_all_scripts_make_a_name() -> None:
    assert SavedConnection("Büro 東京", "api-key").name == "Büro 東京"


@pytest.mark.parametrize(
    "stored", [{}, {"kind": "api-key"}, {"kind": "magic", "id": "1"}, {"kind": "api-key", "id": 5}]
)
def test_an_incomplete_entry_is_no_connection(stored: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        SavedConnection.from_dict("work", stored, Secrets())


def test_the_proxy_serves_both_schemes() -> None:
    assert SAVED.proxies() == dict.fromkeys(("http", "https"), SECRETS.proxy)
    assert replace(SAVED, secrets=Secrets()).proxies() is None


def test_a_new_token_ends_the_trouble() -> None:
    renewed = SAVED.with_token(Token("access-new-0123"))
    assert renewed.trouble is None
    assert renewed.secrets.client_secret == "client-secret-0123"


def test_final_trouble_means_connect_again_and_other_trouble_later() -> None:
    final = Trouble(0, "refused.", final=True).error("my work")
    assert isinstance(final, ConnectionInvalid)
    assert "connect --name 'my work' --replace" in final.hint
    assert isinstance(Trouble(0, "down.").error("work"), TemporaryError)
