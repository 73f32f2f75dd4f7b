"""What requests would read again for every request is read once."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from connector.api.auth import NoAuth
from connector.api.wire import Adapter, Wire
from tests.support.scripted_server import Reply, ScriptedServer

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


def test_a_request_takes_the_sessions_headers() -> None:
    wire = Wire()
    wire.headers["User-Agent"] = "ours"
    request = requests.Request("GET", "http://a.example/", headers={"user-agent": "own"}, auth=NoAuth())
    assert wire.prepare_request(request).headers["User-Agent"] == "own"


def test_no_cookie_is_kept_or_sent(server: ScriptedServer) -> None:
    wire = Wire()
    wire.cookies.set("route", "eu")
    assert "Cookie" not in wire.prepare_request(requests.Request("GET", "http://a.example/", auth=NoAuth())).headers
    wire.cookies.clear()
    server.route("GET /", Reply(200, b"", [("Set-Cookie", "route=eu; Path=/")]))
    wire.get(server.url + "/", auth=NoAuth())
    assert list(wire.cookies) == []


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({"page": 2, "filter[tag]": "a b&c"}, "?page=2&filter%5Btag%5D=a+b%26c"),
        ({"page": None, "tag": ""}, "?tag="),
        ({"events": ["a", "b"]}, "?events=a&events=b"),
        ([("key", "1"), ("key", "2")], "?key=1&key=2"),
        ({}, ""),
        (None, ""),
    ],
    ids=str,
)
def test_a_query_is_written_as_requests_writes_it(params: Any, query: str) -> None:
    request = requests.Request("GET", "http://a.example/", params=params, auth=NoAuth())
    assert Wire().prepare_request(request).url == f"http://a.example/{query}" == request.prepare().url


def test_the_disk_is_asked_for_the_certificates_once_for_each_host(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr("os.path.isdir", lambda path: bool(looks.append(path)))
    adapter = Adapter(4)
    ways = [
        adapter.build_connection_pool_key_attributes(
            Wire().prepare_request(requests.Request("GET", url, auth=NoAuth())), "bundle.pem"
        )
        for url in ("https://a.example/1", "https://a.example/2", "https://a.example:444/", "https://b.example/")
    ]
    assert looks == ["bundle.pem"] * 3
    assert ways[0] == ways[1]
    assert [way[0]["host"] for way in ways[2:]] == ["a.example", "b.example"]
    ways[0][1].clear()
    assert (
        adapter.build_connection_pool_key_attributes(
            Wire().prepare_request(requests.Request("GET", "https://a.example/3", auth=NoAuth())), "bundle.pem"
        )
        == ways[1]
    )
