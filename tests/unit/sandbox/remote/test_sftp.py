from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.stores import SftpServer
from tests.unit.sandbox.client import Client
from tests.unit.sandbox.remote.jobs import exported, imported


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    made = SftpServer(tmp_path)
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("more", "place"),
    [({}, "a.txt"), ({"path": "/new/deep"}, "new/deep/a.txt"), ({"file": "/x/letter.txt"}, "x/letter.txt")],
)
def test_a_file_goes_to_the_server(client: Client, server: SftpServer, more: dict[str, str], place: str) -> None:
    task = exported(client, "export/sftp", **server.payload | more)
    assert (task["status"], [file["filename"] for file in task["result"]["files"]]) == ("finished", ["a.txt"])
    assert (server.root / place).read_bytes() == b"hello"


def test_the_files_of_a_folder_come_and_those_below_do_not(client: Client, server: SftpServer) -> None:
    (server.root / "in" / "below").mkdir(parents=True)
    (server.root / "in" / "b.bin").write_bytes(bytes(range(256)) * 8000)
    (server.root / "in" / "ä.txt").write_bytes(b"")
    task, found = imported(client, "import/sftp", **server.payload, path="/in")
    assert task["status"] == "finished"
    assert found == {"b.bin": bytes(range(256)) * 8000, "ä.txt": b""}


def test_one_file_comes_under_the_name_that_is_asked_for(client: Client, server: SftpServer) -> None:
    (server.root / "a.txt").write_bytes(b"hello")
    for field in ("file", "path"):
        assert imported(client, "import/sftp", **server.payload, filename="b.txt", **{field: "/a.txt"})[1] == {
            "b.txt": b"hello"
        }


def test_a_private_key_opens_too(client: Client, server: SftpServer) -> None:
    payload = {name: value for name, value in server.payload.items() if name != "password"}
    assert exported(client, "export/sftp", **payload, private_key=server.private_key)["status"] == "finished"
    task = exported(client, "export/sftp", **payload, private_key="no key")
    assert (task["code"], "private_key" in task["message"]) == ("INVALID_OPTION", True)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"password": "wrong"}, "UPLOAD_FAILED", "refused the sign-in"),
        ({"port": 9}, "UPLOAD_FAILED", "could not be used"),
        ({"port": "x"}, "INVALID_OPTION", "port"),
        ({"host": "no.such.host.invalid"}, "UPLOAD_FAILED", "not known"),
        ({"file": "/"}, "UPLOAD_FAILED", "could not be used"),
    ],
)
def test_a_refusal_is_told_in_a_sentence(
    client: Client, server: SftpServer, more: dict[str, Any], code: str, words: str
) -> None:
    task = exported(client, "export/sftp", **server.payload | more)
    assert (task["status"], task["code"]) == ("error", code)
    assert words in task["message"]
    assert server.password not in task["message"]


@pytest.mark.parametrize("more", [{"file": "/absent"}, {"path": "/absent"}])
def test_what_is_not_there_is_told(client: Client, server: SftpServer, more: dict[str, str]) -> None:
    task, _ = imported(client, "import/sftp", **server.payload, **more)
    assert (task["code"], "There is nothing at" in task["message"]) == ("DOWNLOAD_FAILED", True)
