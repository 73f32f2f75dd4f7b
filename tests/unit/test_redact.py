"""No secret leaves: known values and telling names are masked, in texts, data and log records."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import pytest

from connector.redact import Redactor, guard_logging, redact, redact_data, remember

SECRET = 'pl4nted/"secret"+näme%'


@pytest.fixture
def redactor() -> Redactor:
    known = Redactor()
    known.remember(SECRET)
    return known


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        repr(SECRET)[1:-1],
    ],
    ids=["plain", "URL", "form", "base64", "repr"],
)
def test_a_known_secret_is_masked_however_it_is_written(spelling: str, redactor: Redactor) -> None:
    assert redactor.text(f"before {spelling} after") == "before *** after"


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "abcd"])
def test_a_known_secret_is_masked_inside_a_basic_auth_value(user: str) -> None:
    redactor = Redactor()
    redactor.remember("hunter2hunter2")
    value = base64.b64encode(f"{user}:hunter2hunter2".encode()).decode()
    masked = redactor.text(f"<{value}>")
    assert "***" in masked
    assert value[8:-8] not in masked


def test_the_longer_of_two_secrets_is_masked_whole() -> None:
    redactor = Redactor()
    redactor.remember("secret-1")
    redactor.remember("secret-1-and-more")
    assert redactor.text("secret-1-and-more, secret-1") == "***, ***"


def test_a_value_that_could_be_a_word_is_not_remembered() -> None:
    redactor = Redactor()
    assert redactor.remember("test") == "test"
    assert redactor.text("a test") == "a test"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer SECRET",
        "Authorization: SECRET",
        "Authorization: Basic SECRET",
        "{'Authorization': 'Bearer SECRET'}",
        '"Proxy-Authorization": "Basic SECRET"',
        "got Bearer SECRET here",
        "Authorization: Token SECRET",
        "Cookie: SECRET",
        "Cookie: theme=dark; session=SECRET",
        "Set-Cookie: session=SECRET; Path=/; HttpOnly",
        "GET https://host/f?temp_url_sig=SECRET&x=1",
        "https://host/f?AWSAccessKeyId=k&Signature=SECRET",
        "https://host/f?X-Amz-Credential=SECRET",
        "https://s.example/uuid?job=e30&s=SECRET",
        "https://host/callback?code=SECRET&state=1",
        "grant_type=refresh_token&refresh_token=SECRET",
        "client_secret=SECRET&grant_type=x",
        "access_token=SECRET",
        "(token=SECRET)",
        "{access_token: SECRET}",
        '{"refresh_token": "SECRET"}',
        "'code_verifier': 'SECRET'",
        "http://user:SECRET@proxy.example:8080/",
        "http://SECRET@proxy.example/",
    ],
)
def test_what_follows_a_telling_name_is_masked(text: str) -> None:
    masked = redact(text)
    assert "SECRET" not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "text",
    [
        "The file report.pdf has 12 pages; the token ring was fast.",
        "https://host:8080/path?page=2&per_page=100",
        "write to jane@example.com, or see http://example.com/@jane",
        "status 422 on POST /jobs",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


def test_data_is_masked_under_telling_keys_and_inside_texts() -> None:
    data = {"api_key": "x", "list": [{"Cookie": "y", "note": "Bearer zzz"}], "name": "a", "size": 3, "token": ""}
    cleaned = {"api_key": "***", "list": [{"Cookie": "***", "note": "Bearer ***"}], "name": "a", "size": 3, "token": ""}
    assert redact_data(data) == cleaned


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def log(lines: list[str]) -> Iterator[Callable[[str], logging.Logger]]:
    """Gives loggers by name; what reaches the root from them is in `lines`."""

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, handler = logging.getLogger(), Keep()
    guard_logging()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield logging.getLogger
    root.setLevel(before)
    root.removeHandler(handler)


Log = Callable[[str], logging.Logger]
FAMILIES = [
    "connector",
    "connector.api.deep.down",
    "oauthlib.oauth2.rfc6749.clients.base",
    "requests_oauthlib.x",
    "urllib3.util.retry",
]


@pytest.mark.row("T15")
@pytest.mark.parametrize("name", FAMILIES)
def test_messages_and_arguments_of_log_records_are_cleaned(name: str, log: Log, lines: list[str]) -> None:
    log(name).debug("sending %s", {"Authorization": "Bearer abcdefg"})
    assert lines == ["sending {'Authorization': 'Bearer ***'}"]


@pytest.mark.row("T15")
def test_tracebacks_of_log_records_are_cleaned(log: Log, lines: list[str]) -> None:
    try:
        int(remember("a-very-secret-value"))
    except ValueError:
        log("connector.of this test").exception("It broke")
    assert "ValueError: invalid literal for int() with base 10: '***'" in lines[0]
    assert "a-very-secret-value" not in lines[0]


def test_a_message_whose_arguments_do_not_fit_is_cleaned_and_fails_nobody(log: Log, lines: list[str]) -> None:
    log("connector").debug("%d %d", remember("a-very-secret-value"))
    assert lines == ["%d %d ('***',)"]


def test_what_others_log_is_theirs(log: Log, lines: list[str]) -> None:
    log("connectors.of.somebody").debug("token=%s", "abcdefg")
    assert lines == ["token=abcdefg"]


def test_guarding_twice_guards_once() -> None:
    guard_logging()
    made = logging.getLogRecordFactory()
    guard_logging()
    assert logging.getLogRecordFactory() is made
