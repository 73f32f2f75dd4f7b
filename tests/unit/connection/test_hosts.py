"""What a person may write as a base URL, and the blocking host that belongs to it."""

from __future__ import annotations

import pytest

from connector.connection.hosts import root, sync_root
from connector.errors import InputError


@pytest.mark.parametrize(
    "url",
    [
        "https://api.cloudconvert.com",
        "https://api.cloudconvert.com/",
        "https://api.cloudconvert.com/v2",
        " https://api.cloudconvert.com/v2/ ",
    ],
)
def test_a_base_url_becomes_the_root(url: str) -> None:
    assert root(url, "base_url") == "https://api.cloudconvert.com"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8780", "http://[::1]:8780", "https://proxy.example/cc"])
def test_a_server_of_ones_own_will_do(url: str) -> None:
    assert root(f"{url}/v2", "base_url") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.cloudconvert.com",
        "ftp://api.cloudconvert.com",
        "https://",
        "https:///v2",
        "https://a b.example",
        "https://a.example:99999",
        "https://a.example:port",
        "https://[::1",
        "https://a.example?x=1",
        "https://a.example?",
        "https://a.example#x",
        "https://a.example#",
        "https://@a.example",
        "https://api.cloudconvert.com@evil.example",
        "https://api.cloudconvert.com\\@evil.example",
        "https://a.example\\b",
        "https://a\0.example",
        "https://a\n.example",
    ],
    ids=ascii,
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"The sync url .* is no address such as https://") as caught:
        root(url, "sync_url")
    assert caught.value.fields == {"sync_url": "must be an http or https address"}


@pytest.mark.parametrize("url", ["https://jane:pl4nted@a.example", "https://:pl4nted@a.example"])
def test_a_password_in_a_base_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as caught:
        root(url, "base_url")
    assert "pl4nted" not in str(caught.value.to_dict())


@pytest.mark.parametrize(
    ("base", "sync"),
    [
        ("https://api.cloudconvert.com", "https://sync.api.cloudconvert.com"),
        ("https://eu-central.api.cloudconvert.com", "https://eu-central.sync.api.cloudconvert.com"),
        ("https://api.sandbox.cloudconvert.com", "https://sync.api.sandbox.cloudconvert.com"),
        ("https://sync.api.cloudconvert.com", None),
        ("https://api.cloudconvert.com.evil.example", None),
        ("https://api.evilcloudconvert.com", None),
        ("http://127.0.0.1:8780", None),
        ("https://cloudconvert.com", None),
    ],
)
def test_the_services_own_hosts_have_a_blocking_one(base: str, sync: str | None) -> None:
    assert sync_root(base) == sync
