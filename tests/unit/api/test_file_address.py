"""Files are fetched only from where a file of this API can be, and no redirect leads into somebody's network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connector.api.file_address import redirected, require_fit
from connector.errors import ProtocolError

NAMES = {
    "storage.example": "93.184.215.14",
    "other.example": "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "inside.example": "10.0.0.7",
    "mapped.example": "::ffff:169.254.169.254",
    "localhost": "127.0.0.1",
}


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int, *_: Any) -> list[Any]:
        return [(None, None, None, "", (NAMES.get(host, host), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.row("F17")
@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://storage.example/f", "http://storage.example/f"),
        ("https://storage.example/f", "ftp://storage.example/f"),
        ("https://storage.example/f", "file:///etc/passwd"),
        ("https://storage.example/f", "https://169.254.169.254/latest"),
        ("https://storage.example/f", "https://inside.example/f"),
        ("https://storage.example/f", "https://[::1]/f"),
        ("https://storage.example/f", "https://mapped.example/f"),
        ("https://storage.example/f", "//localhost/f"),
        ("http://127.0.0.1:8780/f", "http://169.254.169.254/latest/meta-data"),
        ("https://inside.example/f", "https://169.254.169.254/"),
    ],
)
def test_no_redirect_leads_to_http_or_into_a_private_network(url: str, location: str) -> None:
    with pytest.raises(ProtocolError):
        redirected(url, location, by_name_only=False)


@pytest.mark.row("F17")
@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://storage.example/f", "https://other.example/g", "https://other.example/g"),
        ("https://storage.example/f", "/g?sig=1", "https://storage.example/g?sig=1"),
        ("http://127.0.0.1:8780/f", "http://127.0.0.1:8781/f", "http://127.0.0.1:8781/f"),
        ("https://inside.example/f", "https://10.0.0.8/f", "https://10.0.0.8/f"),
    ],
)
def test_a_redirect_within_the_same_kind_of_place_is_followed(url: str, location: str, target: str) -> None:
    assert redirected(url, location, by_name_only=False) == target


def test_behind_a_proxy_only_what_is_written_out_is_checked() -> None:
    url = "https://storage.example/f"
    assert redirected(url, "https://inside.example/", by_name_only=True) == "https://inside.example/"
    with pytest.raises(ProtocolError):
        redirected(url, "https://169.254.169.254/", by_name_only=True)


def test_an_api_that_speaks_https_gives_its_files_over_https() -> None:
    require_fit("https://storage.example/f", "f", https_only=True)
    require_fit("http://127.0.0.1/f", "f", https_only=False)
    for url in ("http://storage.example/f", "ftp://x/f", ""):
        with pytest.raises(ProtocolError):
            require_fit(url, "f", https_only=True)
