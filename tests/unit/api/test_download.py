"""Downloads: whole or not at all, resumed after a cut, never spliced, never over another file."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from connector.api.auth import Bearer
from connector.api.download import download_into, download_to
from connector.api.session import Session
from connector.errors import (
    ConnectorError,
    InputError,
    NotFound,
    OutOfSpace,
    ProtocolError,
    TransferError,
)
from connector.safety import clean_name
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, error, ranged
from tests.unit.test_safety import HOSTILE

KEY = "key-that-storage-never-sees"
CONTENT = bytes(range(256)) * 4000
GET = "GET /file"


@pytest.fixture
def session(clock: FakeClock) -> Iterator[Session]:
    made = Session(Bearer(KEY), clock=clock)
    yield made
    made.close()


@pytest.fixture
def fetch(session: Session, server: ScriptedServer, tmp_path: Path) -> Any:
    def fetch(name: str = "report.pdf", **options: Any) -> Path:
        return download_to(session, f"{server.url}/file", tmp_path / "out", name, **options)

    return fetch


def cut(at: int, **rest: Any) -> Reply:
    return Reply(200, CONTENT, [("ETag", '"v1"')], sends=at, **rest)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def failure(fetch: Any, **options: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        fetch(**options)
    return caught.value


def test_a_file_is_saved_under_its_name(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, ranged(CONTENT))
    assert fetch(size=len(CONTENT)) == tmp_path / "out" / "report.pdf"
    assert (tmp_path / "out" / "report.pdf").read_bytes() == CONTENT
    assert left_in(tmp_path) == ["report.pdf"]


def test_an_empty_file_is_a_file(fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, Reply(200, b""))
    assert fetch(size=0).read_bytes() == b""


@pytest.mark.parametrize("fault", [None, "reset"])
@pytest.mark.parametrize("share", [0, 1, 50, 99])
@pytest.mark.row("F2")
def test_a_download_that_breaks_is_resumed(share: int, fault: Any, fetch: Any, server: ScriptedServer) -> None:
    at = len(CONTENT) * share // 100
    server.route(GET, cut(at, fault=fault), ranged(CONTENT))
    assert fetch(size=len(CONTENT)).read_bytes() == CONTENT
    again = server.requests[1].headers
    if fault is None and share:
        assert (again["Range"], again["If-Range"]) == (f"bytes={at}-", '"v1"')


@pytest.mark.parametrize(
    "reply", [Reply(fault="close"), Reply(fault="reset"), error(500), error(503), error(429)], ids=str
)
def test_trouble_before_the_first_byte_is_tried_again(reply: Reply, fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, reply, reply, ranged(CONTENT))
    assert fetch().read_bytes() == CONTENT


@pytest.mark.row("F3")
def test_a_server_that_does_not_resume_sends_it_all_again(fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, cut(1000), Reply(200, CONTENT))
    assert fetch(size=len(CONTENT)).read_bytes() == CONTENT


@pytest.mark.row("F4")
def test_a_file_that_changed_meanwhile_is_not_spliced(fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, cut(1000), ranged(b"another, shorter file", etag='"v2"'))
    assert fetch().read_bytes() == b"another, shorter file"


@pytest.mark.parametrize(
    "where", ["bytes 0-1023999/1024000", "bytes 1001-1023999/1024000", "bytes */1024000", "1000-", "", "bytes x-y/z"]
)
@pytest.mark.row("F4")
def test_a_resumption_at_another_place_is_not_spliced(where: str, fetch: Any, server: ScriptedServer) -> None:
    wrong = Reply(206, CONTENT[2000:], [("Content-Range", where)])
    server.route(GET, cut(1000), wrong, ranged(CONTENT))
    assert fetch().read_bytes() == CONTENT


@pytest.mark.row("F4")
def test_part_of_a_file_is_not_taken_for_the_whole(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, Reply(206, CONTENT[5:], [("Content-Range", "bytes 5-1023999/1024000")]))
    failure(fetch)
    assert left_in(tmp_path) == []


def test_a_server_that_always_breaks_is_given_up(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    wrong = Reply(206, CONTENT[2000:], [("Content-Range", "bytes 2000-1023999/1024000")])
    server.route(GET, lambda request: wrong if "Range" in request.headers else cut(1000))
    assert isinstance(failure(fetch), TransferError)
    assert len(server.requests) <= 12
    assert left_in(tmp_path) == []


def test_a_file_that_is_shorter_than_what_came_is_fetched_anew(fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, cut(1000), error(416), ranged(CONTENT))
    assert fetch().read_bytes() == CONTENT
    assert "Range" not in server.requests[2].headers


def test_a_weak_tag_does_not_promise_the_same_bytes(fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, Reply(200, CONTENT, [("ETag", 'W/"v1"')], sends=1000), ranged(CONTENT, etag=None))
    assert fetch().read_bytes() == CONTENT
    assert server.requests[1].headers["If-Range"] is None


@pytest.mark.parametrize("size", [len(CONTENT) - 1, len(CONTENT) + 1, 0])
@pytest.mark.row("F5")
def test_a_file_of_another_size_never_appears(size: int, fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, Reply(200, CONTENT, length=None))
    assert isinstance(failure(fetch, size=size), TransferError)
    assert left_in(tmp_path) == []


@pytest.mark.row("F5")
def test_a_body_that_never_ends_is_cut_at_the_known_size(session: Session, server: ScriptedServer) -> None:
    server.route(GET, Reply(200, b"x" * 30_000_000, length=None))
    sink = io.BytesIO()
    with pytest.raises(TransferError):
        download_into(session, f"{server.url}/file", sink, "bomb", size=1000)
    assert sink.getbuffer().nbytes < 3_000_000


@pytest.mark.parametrize("reply", [cut(1000), Reply(200, CONTENT, chunked=True, sends=5000)], ids=["length", "chunk"])
@pytest.mark.row("F5")
def test_a_cut_that_cannot_be_resumed_leaves_nothing(
    reply: Reply, fetch: Any, server: ScriptedServer, tmp_path: Path
) -> None:
    server.route(GET, reply)
    caught = failure(fetch)
    assert isinstance(caught, TransferError)
    assert str(caught) == "The download of 'report.pdf' broke and could not be resumed. Try again later."
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_address_is_said_to_be_one(status: int, fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, error(status))
    assert isinstance(failure(fetch), NotFound)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [204, 302, 304, 400, 401])
def test_an_answer_without_the_file_is_no_file(status: int, fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, Reply(status, b"" if status in (204, 304) else b"<html>not the file</html>"))
    assert isinstance(failure(fetch), ProtocolError)
    assert left_in(tmp_path) == []


@pytest.mark.row("F6")
def test_a_download_slower_than_a_kilobyte_a_second_is_given_up(server: ScriptedServer, tmp_path: Path) -> None:
    session = Session(Bearer(KEY), clock=FakeClock(tick=40.0))
    server.route(GET, Reply(200, b"x" * 2000, drip=1))
    with pytest.raises(TransferError, match="slower than 1,000 bytes a second"):
        download_to(session, f"{server.url}/file", tmp_path, "slow.txt")
    assert left_in(tmp_path) == []
    session.close()


@pytest.mark.row("F6")
def test_a_download_may_take_a_minute_and_a_second_for_every_50_kilobytes(
    fetch: Any, server: ScriptedServer, clock: FakeClock, tmp_path: Path
) -> None:
    def pass_time(done: int, total: int) -> None:
        clock.now += 25

    server.route(GET, Reply(200, b"x" * 1_500_000))
    caught = failure(fetch, size=1_500_000, report=pass_time)
    assert isinstance(caught, TransferError)
    assert str(caught) == "The download of 'report.pdf' took longer than 90 seconds, and was given up. Try again later."
    assert left_in(tmp_path) == []


HTML = [("Content-Type", "text/html; charset=utf-8")]
PAGE = b"<html>Sign in to the network</html>"


@pytest.mark.row("F12")
@pytest.mark.parametrize("size", [None, 9])
def test_a_web_page_in_the_files_place_is_no_file(
    size: int | None, fetch: Any, server: ScriptedServer, tmp_path: Path
) -> None:
    server.route(GET, Reply(200, PAGE, HTML))
    caught = failure(fetch, size=size)
    assert isinstance(caught, ProtocolError)
    assert "sends a web page instead of the file 'report.pdf'" in str(caught)
    assert left_in(tmp_path) == []
    assert len(server.requests) == 1


@pytest.mark.row("F12")
def test_a_file_of_the_right_size_that_is_called_a_web_page_is_taken_with_a_warning(
    fetch: Any, server: ScriptedServer
) -> None:
    warnings: list[str] = []
    server.route(GET, Reply(200, PAGE, HTML))
    assert fetch(size=len(PAGE), warn=warnings.append).read_bytes() == PAGE
    assert len(warnings) == 1
    assert warnings[0].endswith("calls the file 'report.pdf' a web page, but its size is right.")


@pytest.mark.row("F12")
@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM", "report"])
def test_a_file_that_may_be_a_web_page_is_one_without_a_word(name: str, fetch: Any, server: ScriptedServer) -> None:
    warnings: list[str] = []
    server.route(GET, Reply(200, PAGE, HTML))
    fetch(name, warn=warnings.append)
    assert warnings == []


@pytest.mark.row("F5")
def test_a_file_whose_length_nobody_told_is_taken_with_a_warning(fetch: Any, server: ScriptedServer) -> None:
    warnings: list[str] = []
    server.route(GET, Reply(200, CONTENT, length=None))
    assert fetch(warn=warnings.append).read_bytes() == CONTENT
    assert [warning[:50] for warning in warnings] == ["Whether the file 'report.pdf' is whole is not know"]
    server.route(GET, Reply(200, CONTENT, chunked=True))
    fetch(warn=warnings.append)
    assert len(warnings) == 1


def test_the_key_goes_to_no_storage_host_whatever_netrc_says(
    fetch: Any, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.route(GET, Reply(302, b"", [("Location", "/moved")]))
    server.route("GET /moved", cut(1000), ranged(CONTENT))
    assert fetch().read_bytes() == CONTENT
    assert [request.headers["Authorization"] for request in server.requests] == [None] * len(server.requests)


@pytest.mark.parametrize("hops", [3, 4, 31])
@pytest.mark.row("F17")
def test_a_few_redirects_are_followed_and_many_are_not(hops: int, fetch: Any, server: ScriptedServer) -> None:
    moved = Reply(302, b"", [("Location", "/file")])
    server.route(GET, *[moved] * hops, ranged(CONTENT))
    if hops == 3:
        assert fetch().read_bytes() == CONTENT
    else:
        assert isinstance(failure(fetch), ProtocolError)
    assert len(server.requests) == 4


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x"])
@pytest.mark.row("F17")
def test_a_redirect_to_something_else_is_refused(to: str, fetch: Any, server: ScriptedServer) -> None:
    server.route(GET, Reply(302, b"", [("Location", to)]))
    assert isinstance(failure(fetch), ProtocolError)
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_leaves_the_folder(name: str, fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, Reply(200, b"x"))
    assert fetch(name=name).parent == tmp_path / "out"
    assert left_in(tmp_path) == [clean_name(name)]


def test_an_existing_file_is_kept_and_a_number_added(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    server.route(GET, ranged(CONTENT))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.pdf").write_bytes(b"mine")
    assert fetch() == tmp_path / "out" / "report (2).pdf"
    assert (tmp_path / "out" / "report.pdf").read_bytes() == b"mine"


def test_an_existing_file_is_replaced_only_by_a_whole_one(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.pdf").write_bytes(b"mine")
    server.route(GET, cut(1000))
    failure(fetch, overwrite=True)
    assert (tmp_path / "out" / "report.pdf").read_bytes() == b"mine"
    server.route(GET, ranged(CONTENT))
    assert fetch(overwrite=True).read_bytes() == CONTENT


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.row("T10")
def test_a_full_disk_leaves_no_file(
    number: int, fetch: Any, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.FileIO):
        def write(self, _: Any) -> int:
            raise OSError(number, os.strerror(number))

    def full(path: Path, mode: str) -> IO[bytes]:
        return Full(str(path), mode)

    monkeypatch.setattr(Path, "open", full)
    server.route(GET, ranged(CONTENT))
    assert isinstance(failure(fetch), OutOfSpace)
    assert left_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_an_input_error(fetch: Any, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    caught = failure(fetch)
    assert isinstance(caught, InputError)
    assert (caught.fields, server.requests) == ({"output_dir": "cannot be written to"}, [])


def test_progress_is_reported_to_the_end(fetch: Any, server: ScriptedServer) -> None:
    seen: list[tuple[int, int]] = []
    server.route(GET, cut(1000), ranged(CONTENT))
    fetch(report=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_a_stream_takes_the_same_bytes(session: Session, server: ScriptedServer) -> None:
    server.route(GET, cut(1000), Reply(200, CONTENT))
    sink = io.BytesIO()
    download_into(session, f"{server.url}/file", sink, "report.pdf", size=len(CONTENT))
    assert sink.getvalue() == CONTENT


@pytest.mark.row("T15")
def test_a_signed_address_is_in_no_error(session: Session, server: ScriptedServer, tmp_path: Path) -> None:
    def refuse(request: Request) -> Reply:
        return error(400, request.query["Signature"])

    server.route(GET, refuse)
    with pytest.raises(ProtocolError) as caught:
        download_to(session, f"{server.url}/file?Signature=pl4nted", tmp_path, "a.txt")
    assert "pl4nted" not in str(caught.value.to_dict())
