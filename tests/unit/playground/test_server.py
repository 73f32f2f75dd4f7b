"""A Node-RED that does not start is said in a sentence, and nothing of it stays."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from connector.errors import ConnectorError, InputError
from connector.playground import Installed, Place, running
from connector.playground.node import Node
from tests.unit.playground.test_node import script

PLACE = Place("http://127.0.0.1:1", "http://127.0.0.1:2", "key")


def node_red(folder: Path, text: str) -> Installed:
    """One whose Node.js is this shell script."""
    return Installed(Node(str(script(folder / "node", text)), ()), folder, {})


def test_what_it_says_when_it_ends_at_once_is_handed_on(tmp_path: Path) -> None:
    broken = node_red(tmp_path, "echo 'now - [error] the settings are broken'; exit 1")
    with pytest.raises(ConnectorError) as raised, running(tmp_path, broken, PLACE, port=0):
        pass
    assert (raised.value.message, raised.value.hint) == ("Node-RED could not be started.", "the settings are broken")


def test_it_is_given_when_both_the_server_and_the_flows_are_there_and_ended_afterwards(tmp_path: Path) -> None:
    works = node_red(tmp_path, "echo 'Server now running at'; echo 'Started flows'; exec sleep 60")
    with running(tmp_path, works, PLACE, port=0) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert not server.has_ended()
    assert server.has_ended()


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(InputError, match=f"Port {port} cannot be used"),
            running(tmp_path, node_red(tmp_path, ""), PLACE, port=port),
        ):
            pass
    assert not (tmp_path / "user").exists()
