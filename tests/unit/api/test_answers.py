"""What answers mean: data, or an error of the right kind with a sentence for the person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.api.answers import Answer, error_of
from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    CreditsExceeded,
    InputError,
    LimitReached,
    NotFound,
    ProtocolError,
    RateLimited,
    TemporaryError,
)
from connector.redact import remember


def answer(body: Any = b"", status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("GET /users/me", "api.example", status, headers, content)


@pytest.mark.parametrize("data", [{"id": 1}, [], None, 0, "x"])
def test_data_is_unwrapped(data: Any) -> None:
    assert answer({"data": data, "links": {}}).data() == data


def test_no_content_is_no_data() -> None:
    assert answer(b"", 204).data() is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>nginx</html>",
        b'{"data": NaN}',
        b'{"data": -Infinity}',
        b"[" * 100_000,
        b'{"data": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe\x00\xd8",
        b"\x80abc",
        b"[]",
        b'"data"',
        b"null",
        b"{}",
        b'{"error": "x"}',
    ],
    ids=lambda body: ascii(body)[:24],
)
@pytest.mark.row("F11")
def test_an_answer_that_breaks_the_contract_says_where_and_how(body: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        answer(body).data()
    assert "api.example" in str(caught.value)
    assert "GET /users/me (status 200)" in str(caught.value)


def test_the_detail_shows_the_beginning_of_a_broken_answer_without_secrets() -> None:
    body = b"<html>Authorization: Bearer abcdefghijk " + b"x" * 1000
    error = answer(body).broken("is not JSON")
    assert error.detail.startswith("<html>Authorization: Bearer ***")
    assert len(error.detail) <= 300


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_does_no_harm(prefix: bytes) -> None:
    assert answer(prefix + b'{"data": 1}').data() == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, ProtocolError),
        (400, InputError),
        (401, ConnectionInvalid),
        (402, CreditsExceeded),
        (403, ConnectionInvalid),
        (404, NotFound),
        (405, ProtocolError),
        (408, TemporaryError),
        (410, NotFound),
        (413, LimitReached),
        (418, ProtocolError),
        (422, InputError),
        (429, RateLimited),
        (500, TemporaryError),
        (503, TemporaryError),
        (599, TemporaryError),
    ],
)
@pytest.mark.parametrize(
    "body", [{"message": "Because.", "code": "X"}, {"message": None, "code": None, "errors": None}]
)
def test_every_status_has_its_kind_of_error(status: int, kind: type[ConnectorError], body: Any) -> None:
    error = error_of(answer(body, status))
    assert type(error) is kind
    assert ".." not in str(error)
    assert str(error).endswith(".")


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b"[" * 100_000], ids=lambda body: ascii(body)[:8])
def test_an_error_needs_no_body(status: int, body: bytes) -> None:
    assert not isinstance(error_of(answer(body, status)), ProtocolError)


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_without_reasons_is_no_answer_of_the_api(status: int) -> None:
    assert isinstance(error_of(answer(b"<html>", status)), ProtocolError)


def test_a_refusal_names_the_fields() -> None:
    errors = {"tasks.import-1.url": ["The url is invalid.", "more"], "tag": "Too long.", "x": []}
    error = error_of(answer({"message": "Invalid.", "code": "INVALID_DATA", "errors": errors}, 422))
    assert isinstance(error, InputError)
    assert error.fields == {"tasks.import-1.url": "The url is invalid.", "tag": "Too long.", "x": ""}
    assert "tasks.import-1.url: The url is invalid." in str(error)


@pytest.mark.parametrize("errors", [[], "x", None, 3])
def test_reasons_in_another_shape_do_no_harm(errors: Any) -> None:
    error = error_of(answer({"message": "Invalid.", "errors": errors}, 422))
    assert str(error) == "CloudConvert refused the request: Invalid."


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 418, 422, 429])
def test_no_error_repeats_a_secret_that_the_server_repeats(status: int) -> None:
    secret = remember("key-that-the-server-echoes")
    body = {"message": f"The key {secret} is bad.", "code": secret, "errors": {"key": [f"{secret} is bad"]}}
    error = error_of(answer(body, status))
    assert secret not in str(error.to_dict())


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 418, 422, 429])
def test_no_error_is_longer_than_a_person_would_read(status: int) -> None:
    error = error_of(answer({"message": "x" * 100_000, "errors": {"a": ["y" * 100_000]}}, status))
    assert len(str(error)) < 500


def test_a_rate_limit_carries_its_delay() -> None:
    error = error_of(answer({}, 429), 90.0)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.hint) == (90.0, "Try again in 90 seconds.")


def test_the_request_id_is_kept() -> None:
    assert error_of(answer({}, 500, **{"X-Request-Id": "r-1"})).request_id == "r-1"
