"""Uploads: a streamed form, the file last, without our key; repeated while the task still waits for it."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.api.upload import upload
from connector.errors import ConnectorError, InputError, LimitReached, ProtocolError, TransferError
from connector.files import LocalFile
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.unit.test_safety import HOSTILE

STORE, TASK = "POST /store", "GET /v2/tasks/t"
STORED = Reply(201, b"<PostResponse/>")
FILE = LocalFile("a.txt", data=b"hello")


def task(server: ScriptedServer, **parameters: Any) -> dict[str, Any]:
    form = {"url": f"{server.url}/store", "parameters": {"key": "t/${filename}", "expires": 17, **parameters}}
    return {"id": "t", "name": "import-1", "status": "waiting", "result": {"form": form}}


def failure(api: Api, server: ScriptedServer, file: LocalFile = FILE, **parameters: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        upload(api, task(server, **parameters), file)
    return caught.value


def test_the_form_is_sent_as_it_was_given_with_the_file_last(api: Api, server: ScriptedServer) -> None:
    server.route(STORE, STORED)
    upload(api, task(server), FILE)
    form = server.requests[0].form()
    assert list(form.items()) == [
        ("key", (None, b"t/${filename}")),
        ("expires", (None, b"17")),
        ("file", ("a.txt", b"hello")),
    ]


def test_the_key_goes_to_no_storage_host_whatever_netrc_says(
    api: Api, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.route(STORE, STORED)
    upload(api, task(server), FILE)
    assert server.requests[0].headers["Authorization"] is None


@pytest.mark.parametrize("status", [200, 201, 204, 302, 303])
def test_any_success_will_do_and_no_redirect_is_followed(status: int, api: Api, server: ScriptedServer) -> None:
    server.route(STORE, Reply(status, b"", [("Location", f"{server.url}/elsewhere")]))
    upload(api, task(server), FILE)
    assert len(server.requests) == 1


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_every_size_arrives_whole(size: int, api: Api, server: ScriptedServer) -> None:
    server.route(STORE, STORED)
    upload(api, task(server), LocalFile("a.bin", data=b"x" * size))
    assert server.requests[0].form()["file"][1] == b"x" * size


def test_a_stream_arrives_as_what_it_reads_not_as_what_lies_below_it(
    api: Api, server: ScriptedServer, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"1,2,3\n" * 10_000))
    server.route(STORE, STORED)
    with gzip.open(path) as stream:
        upload(api, task(server), LocalFile("a.csv", stream=stream))  # type: ignore[arg-type]
    assert server.requests[0].form()["file"][1] == b"1,2,3\n" * 10_000


class Seekable(io.BytesIO):
    """A stream that does not tell its length, as the members of a ZIP archive."""

    getvalue = fileno = property()


def test_a_stream_that_does_not_tell_its_length_is_measured(api: Api, server: ScriptedServer) -> None:
    server.route(STORE, STORED)
    upload(api, task(server), LocalFile("a.txt", stream=Seekable(b"hello")))
    assert server.requests[0].form()["file"] == ("a.txt", b"hello")


def test_memory_stays_flat(api: Api, server: ScriptedServer, tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as big:
        big.truncate(100 << 20)
    server.route(STORE, Reply(201, reads=0))
    tracemalloc.start()
    upload(api, task(server), LocalFile("big", path=tmp_path / "big"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_breaks_the_form(name: str, api: Api, server: ScriptedServer) -> None:
    server.route(STORE, STORED)
    upload(api, task(server), LocalFile(name, data=b"hello"))
    form = server.requests[0].form()
    assert list(form) == ["key", "expires", "file"]
    assert form["file"][1] == b"hello"
    assert form["file"][0]


@pytest.mark.parametrize("fault", ["close", "reset"])
@pytest.mark.parametrize("reads", [0, 40_000, 2_000_000, 3_900_000])
def test_a_broken_upload_is_repeated_whole(reads: int, fault: Any, api: Api, server: ScriptedServer) -> None:
    content = bytes(range(256)) * 16_000
    server.route(STORE, Reply(fault=fault, reads=reads), STORED)
    server.route(TASK, data({"id": "t", "status": "waiting"}))
    upload(api, task(server), LocalFile("a.bin", data=content))
    assert server.asked(STORE)[1].form()["file"][1] == content


@pytest.mark.parametrize("status", ["processing", "finished"])
@pytest.mark.row("F1")
def test_a_file_that_arrived_although_the_answer_did_not_is_not_sent_again(
    status: str, api: Api, server: ScriptedServer
) -> None:
    server.route(STORE, Reply(fault="reset"))
    server.route(TASK, data({"id": "t", "status": status}))
    upload(api, task(server), FILE)
    assert len(server.asked(STORE)) == 1


@pytest.mark.row("F1")
def test_three_broken_uploads_are_enough(api: Api, server: ScriptedServer) -> None:
    server.route(STORE, Reply(fault="close"))
    server.route(TASK, data({"id": "t", "status": "waiting"}))
    caught = failure(api, server)
    assert isinstance(caught, TransferError)
    assert (str(caught), len(server.asked(STORE))) == ("The upload of 'a.txt' broke 3 times. Try again later.", 3)


@pytest.mark.parametrize(("status", "sends"), [(500, 3), (503, 3), (400, 1), (403, 1)])
def test_trouble_of_the_store_is_tried_again_and_its_refusal_is_not(
    status: int, sends: int, api: Api, server: ScriptedServer
) -> None:
    server.route(STORE, error(status))
    server.route(TASK, data({"id": "t", "status": "waiting"}))
    assert isinstance(failure(api, server), TransferError)
    assert len(server.asked(STORE)) == sends


@pytest.mark.parametrize(
    "body", [b"<Error><Code>X</Code><Message>Policy expired</Message></Error>", b'{"message": "Policy expired"}']
)
def test_the_stores_own_reason_is_shown(body: bytes, api: Api, server: ScriptedServer) -> None:
    server.route(STORE, Reply(403, body))
    assert str(failure(api, server)) == f"{server.host} refused the upload of 'a.txt': Policy expired."


def test_a_refusal_in_the_middle_of_the_upload_is_heard(api: Api, server: ScriptedServer) -> None:
    server.route(STORE, Reply(413, b"", reads=1000))
    caught = failure(api, server, LocalFile("a.bin", data=b"x" * 20_000_000))
    assert isinstance(caught, LimitReached)
    assert len(server.requests) == 1


@pytest.mark.parametrize("limit", [4, "4"])
def test_a_file_that_is_too_large_is_not_sent(limit: Any, api: Api, server: ScriptedServer) -> None:
    caught = failure(api, server, max_file_size=limit)
    assert isinstance(caught, InputError)
    assert str(caught) == "The file 'a.txt' has 5 bytes; CloudConvert takes at most 4."
    assert server.requests == []


@pytest.mark.parametrize("limit", [5, "soon", None])
def test_a_limit_that_is_kept_or_unclear_is_none(limit: Any, api: Api, server: ScriptedServer) -> None:
    server.route(STORE, STORED)
    upload(api, task(server, max_file_size=limit), FILE)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "result", [None, {}, {"form": None}, {"form": {}}, {"form": {"parameters": {}}}, {"form": []}], ids=str
)
def test_a_task_without_a_form_breaks_the_contract(result: Any, api: Api) -> None:
    with pytest.raises(ProtocolError, match="'import-1' has no upload form"):
        upload(api, {"id": "t", "name": "import-1", "status": "waiting", "result": result}, FILE)


def test_a_file_that_went_away_is_an_input_error(api: Api, server: ScriptedServer, tmp_path: Path) -> None:
    assert isinstance(failure(api, server, LocalFile("gone", path=tmp_path / "gone")), InputError)
    assert server.requests == []


def test_progress_ends_at_the_files_size(api: Api, server: ScriptedServer) -> None:
    seen: list[tuple[int, int]] = []
    server.route(STORE, STORED)
    upload(api, task(server), FILE, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5)
    assert max(done for done, _ in seen) == 5
