from __future__ import annotations

import pytest

from connector.sandbox.addresses import Ports, root

PORTS = Ports(8000, 8001)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("localhost:8001", "http://localhost:8000"),
        ("[::1]:8001", "http://[::1]:8000"),
        ("convert.example", "http://convert.example"),
        ("docker:9001", "http://docker:9001"),
        ("", "http://10.0.0.1:8000"),
        ("a b", "http://10.0.0.1:8000"),
        ("x@evil", "http://10.0.0.1:8000"),
        ("a/b", "http://10.0.0.1:8000"),
    ],
)
def test_links_start_with_the_clients_host_and_the_root_that_does_not_block(host: str, expected: str) -> None:
    assert root("http", host, ("10.0.0.1", 8001), PORTS) == expected


def test_an_ipv6_address_is_bracketed() -> None:
    assert root("http", "", ("::1", 8000), PORTS) == "http://[::1]:8000"
