"""What requests would read again for every request is read once."""

from __future__ import annotations

import pytest
import requests

from connector.api.session import NoAuth
from connector.api.wire import Wire

SETTINGS = ("http://a.example/v2/jobs", {}, True, None, None)


def test_the_environments_proxy_is_used_as_it_was_at_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    wire = Wire()
    first = wire.merge_environment_settings(*SETTINGS)
    monkeypatch.delenv("http_proxy")
    assert first["proxies"]["http"] == "http://proxy.example:3128"
    assert wire.merge_environment_settings(*SETTINGS) is first


def test_each_host_has_its_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "b.example")
    wire = Wire()
    found = {
        host: wire.merge_environment_settings(f"http://{host}/", {}, True, None, None)
        for host in ("a.example", "b.example")
    }
    assert (found["a.example"]["proxies"].get("http"), found["b.example"]["proxies"].get("http")) == (
        "http://proxy.example:3128",
        None,
    )


def test_a_request_takes_the_sessions_headers_and_cookies() -> None:
    wire = Wire()
    wire.headers["User-Agent"] = "ours"
    wire.cookies.set("route", "eu")
    request = requests.Request(
        "GET", "http://a.example/", headers={"user-agent": "own"}, params={"page": 2}, auth=NoAuth()
    )
    prepared = wire.prepare_request(request)
    assert (prepared.url, prepared.headers["Cookie"]) == ("http://a.example/?page=2", "route=eu")
    assert prepared.headers["User-Agent"] == "own"
