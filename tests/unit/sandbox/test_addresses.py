from __future__ import annotations

import uuid

import pytest

from connector.sandbox.addresses import Addresses, Ports, root
from connector.sandbox.records import File, Task
from connector.sandbox.signing import Signer

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


def test_only_an_address_that_was_given_out_counts_as_ones_own() -> None:
    addresses = Addresses("http://127.0.0.1:8780", Signer(b"secret"))
    task = Task(str(uuid.uuid4()), "export/url", 0.0, ended_at=0.0)
    url = addresses.of_file(task, File(1, "a b.pdf", 3))
    assert addresses.is_own_file(url)
    assert not addresses.is_own_file(url.replace("127.0.0.1:8780", "127.0.0.1:8781"))
    assert not addresses.is_own_file(url[:-1] + ("0" if url[-1] != "0" else "1"))
    assert not addresses.is_own_file("http://127.0.0.1:8780/v2/users/me")
