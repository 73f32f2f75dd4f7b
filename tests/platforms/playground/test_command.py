"""The command around it: who can reach what, what stays from one start to the next, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.platforms.playground.running import Playground
from tests.support.node import ROOT
from tests.support.node_red import node_red
from tests.support.samples import sample


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """A cache folder of its own, with the Node-RED that is installed already."""
    _, modules = node_red()
    (tmp_path / "playground").mkdir()
    (tmp_path / "playground" / modules.parent.name).symlink_to(modules.parent)
    return tmp_path


def start(cache: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Start the command where it cannot run, and give what it said."""
    words = [sys.executable, "-m", "connector.cli", "playground", "--no-browser", *(options or ("--port", "0"))]
    environment = {**os.environ, "CLOUDCONVERT_CACHE_DIR": str(cache)}
    return subprocess.run(words, env=environment, capture_output=True, text=True, cwd=ROOT, timeout=60)


def listening(pid: int) -> list[str]:
    """The addresses on which a process or one of its children listens, from what the kernel says."""
    families = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    parents = dict(map(int, line.split()) for line in families.splitlines()[1:])
    tree = {pid}
    while more := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= more
    links = [link for one in tree for link in Path(f"/proc/{one}/fd").glob("*")]
    inodes = {str(link.readlink()) for link in links if link.is_symlink()}
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    return [row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]


def test_it_starts_again_with_what_a_person_has_made_and_ends_whole(cache: Path) -> None:
    with Playground(cache=cache) as first:
        flows = requests.get(f"{first.url}/flows", timeout=20).json()
        mine = {"id": "mine", "type": "comment", "name": f"see {first.page}", "z": "playground-1", "x": 100, "y": 500}
        assert requests.post(f"{first.url}/flows", json=[*flows, mine], timeout=20).status_code == 204
        second = start(cache)
        assert (second.returncode, second.stdout) == (2, "")
        assert "A playground is running already." in second.stderr
        assert first.stop(signal.SIGINT) == 0
    for address in (first.url, first.known["base_url"]):
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=5)

    with Playground(cache=cache) as again:
        kept = {node["id"]: node for node in requests.get(f"{again.url}/flows", timeout=20).json()}
        assert kept["mine"]["name"] == f"see {again.page}"
        assert kept["cc-example-connection"]["base_url"] == again.known["base_url"]
        file = {"file": ("photo.png", sample("png"))}
        answer = requests.post(f"{again.page}/convert", files=file, data={"format": "pdf"}, timeout=60)
        assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
        assert again.stop(signal.SIGTERM) == 0


def test_nobody_else_can_reach_it(cache: Path) -> None:
    with Playground(cache=cache) as running:
        addresses = listening(running.process.pid)
        assert len(addresses) >= 3  # the editor, the sandbox and its sync root
        assert set(addresses) == {"0100007F"}  # 127.0.0.1, as the kernel writes it
        for foreign in ({"Host": "rebound.example"}, {"Origin": "https://elsewhere.example"}):
            for path in ("/flows", "/files"):
                assert requests.get(running.url + path, headers=foreign, timeout=20).status_code == 403
        environment = Path(f"/proc/{node_red_of(running)}/environ").read_text()
        assert "key-of-an-account" not in environment


def node_red_of(running: Playground) -> int:
    children = subprocess.run(
        ["ps", "-o", "pid,args", "--ppid", str(running.process.pid)], capture_output=True, text=True
    )
    [line] = [line for line in children.stdout.splitlines() if line.split()[1] == "node-red"]
    return int(line.split()[0])


def test_a_port_in_use_is_said_at_once(cache: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = start(cache, "--port", str(port))
    assert ran.returncode == 2
    assert f"Port {port} cannot be used: Address already in use." in ran.stderr
    assert "--port" in ran.stderr


def test_the_connections_key_is_in_no_file(cache: Path) -> None:
    with Playground(cache=cache) as running:
        flows = requests.get(f"{running.url}/flows", timeout=20).json()
        assert requests.post(f"{running.url}/flows", json=flows, timeout=20).status_code == 204
        running.wait_for_page()
        user = cache / "playground" / "user"
        texts = [path.read_text() for path in user.glob("*.json")]
    assert not [text for text in texts if running.known["api_key"] in text]
    assert set(json.loads((user / "flows_cred.json").read_text())) == {"$"}
