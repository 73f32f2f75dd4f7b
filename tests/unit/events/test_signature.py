from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from connector.errors import ForgedWebhook
from connector.events import sign, verify
from tests.support.webhook_sender import SECRET, as_body, document, signature

BODY = as_body(document("finished"))
FIXTURE = Path(__file__).resolve().parents[4] / "shared/fixtures/cloudconvert-v2/webhook-job-finished.json"


def test_the_signature_of_these_bytes_is_accepted() -> None:
    verify(BODY, signature(BODY), SECRET)
    verify(BODY, signature(BODY).encode(), SECRET)


def test_a_known_vector() -> None:
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign(b"what do ya want for nothing?", "Jefe") == expected


@pytest.mark.skipif(not FIXTURE.exists(), reason="the documented example is not at hand")
def test_the_documented_vector() -> None:
    verify(FIXTURE.read_bytes(), "576b653f726c85265a389532988f483b5c7d7d5f40cede5f5ddf9c3f02934f35", "secret")


FORGED = {
    "none": None,
    "empty": "",
    "no hex": "z" * 64,
    "of another body": signature(BODY + b" "),
    "of another secret": signature(BODY, "another"),
    "upper case": signature(BODY).upper(),
    "with a blank": signature(BODY) + " ",
    "cut": signature(BODY)[:-1],
    "not ASCII": "é" * 64,
    "a lone surrogate": "\ud800",
    "bytes that are no text": b"\xff\xfe" * 32,
    "very long": "a" * (1 << 20),
}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
@pytest.mark.row("W2")
def test_every_other_header_is_forged_and_raises_nothing_else(header: str | bytes | None) -> None:
    with pytest.raises(ForgedWebhook, match="missing or does not fit"):
        verify(BODY, header, SECRET)


def test_an_empty_secret_fits_nothing() -> None:
    with pytest.raises(ForgedWebhook):
        verify(BODY, signature(BODY, ""), "")


@pytest.mark.row("W3")
def test_one_changed_bit_anywhere_is_a_forgery() -> None:
    random, header, accepted = Random(1), signature(BODY), 0
    for _ in range(10_000):
        altered, place = bytearray(BODY), random.randrange(len(BODY) * 8)
        altered[place // 8] ^= 1 << place % 8
        try:
            verify(bytes(altered), header, SECRET)
            accepted += 1
        except ForgedWebhook:
            continue
    assert accepted == 0


def test_the_same_document_spaced_differently_is_another_body() -> None:
    with pytest.raises(ForgedWebhook):
        verify(json.dumps(json.loads(BODY)).encode(), signature(BODY), SECRET)


def test_a_forgery_is_told_with_what_to_look_at() -> None:
    with pytest.raises(ForgedWebhook) as caught:
        verify(BODY, None, SECRET)
    assert str(caught.value) == "The signature of the webhook call is missing or does not fit its body."
    assert caught.value.hint == (
        "Check that the signing secret belongs to this webhook, and that nothing in between rewrites the body."
    )
