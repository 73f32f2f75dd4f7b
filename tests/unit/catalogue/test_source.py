"""The catalogue: what it asks, what it keeps, and what it knows when nobody answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector import Connection
from connector.api.endpoints import Api
from connector.catalogue import Catalogue, snapshot
from connector.catalogue.cache import default_folder
from connector.errors import ConnectionInvalid
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.unit.catalogue.conftest import OPERATIONS, Processes, operations

DAY = 24 * 3600.0


def test_lists_for_dialogs_come_from_one_request(catalogue: Catalogue, server: ScriptedServer) -> None:
    assert catalogue.operations().items == ("archive", "convert")
    assert catalogue.input_formats("convert").items == ("png", "svg")
    assert catalogue.output_formats("convert", "PNG").items == ("jpg", "webp")
    assert catalogue.output_formats("convert").items == ("jpg", "png", "webp")
    assert catalogue.output_formats("archive", "png").items == ("zip",)
    assert [request.query for request in server.asked(OPERATIONS)] == [{}]


def test_engines_are_asked_for_with_alternatives(catalogue: Catalogue, server: ScriptedServer) -> None:
    assert catalogue.engines("convert", "png", "jpg").items == ("imagemagick", "graphicsmagick")
    assert [version.version for version in catalogue.engine_versions("convert", "png", "jpg", "imagemagick").items] == [
        "1.0"
    ]
    (request,) = server.asked(OPERATIONS)
    assert (request.query["alternatives"], request.query["include"]) == ("true", "options,engine_versions")


def test_options_are_those_of_the_chosen_engine(catalogue: Catalogue) -> None:
    default = catalogue.options("convert", "png", "jpg")
    assert [option.name for option in default.items] == ["quality", "strip", "fit"]
    chosen = catalogue.options("convert", "png", "jpg", "graphicsmagick")
    assert [option.name for option in chosen.items] == ["quality"]
    assert (chosen.origin, chosen.as_of, chosen.certain) == ("service", "2023-11-14", True)


def test_a_documented_range_is_added_and_marked(catalogue: Catalogue) -> None:
    quality = catalogue.options("convert", "png", "jpg").items[0]
    assert (quality.minimum, quality.maximum, quality.assumed_range) == (1, 100, True)


def test_options_are_found_for_an_operation_that_takes_any_format(catalogue: Catalogue) -> None:
    assert [option.name for option in catalogue.options("archive", "png", "zip").items] == ["level"]


def test_without_an_input_format_all_inputs_count(catalogue: Catalogue) -> None:
    assert [option.name for option in catalogue.options("convert", None, "png").items] == ["pixel_density"]


def test_an_answer_is_kept_in_memory_for_every_catalogue_of_the_api(
    api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    Catalogue(api).operations()
    clock.now += DAY - 1
    assert Catalogue(api).operations().certain is False
    assert len(server.asked(OPERATIONS)) == 1
    clock.now += 2
    assert Catalogue(api).operations().certain is True
    assert len(server.asked(OPERATIONS)) == 2


def test_an_answer_is_kept_on_disk_for_the_next_process(processes: Processes, server: ScriptedServer) -> None:
    assert processes.start().options("convert", "png", "webp").origin == "service"
    again = processes.start().options("convert", "png", "webp")
    assert ([option.name for option in again.items], again.origin) == (["strip"], "cache")
    assert len(server.asked(OPERATIONS)) == 1
    assert [path.suffix for path in processes.folder.iterdir()] == [".json"]


def test_an_old_answer_is_asked_for_again(processes: Processes, server: ScriptedServer, clock: FakeClock) -> None:
    processes.start().operations()
    clock.now += DAY + 1
    assert processes.start().operations().origin == "service"
    assert len(server.asked(OPERATIONS)) == 2


def test_an_answer_from_the_future_is_asked_for_again(processes: Processes, clock: FakeClock) -> None:
    processes.start().operations()
    clock.now -= 3600
    assert processes.start().operations().origin == "service"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"rows": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_a_damaged_file_is_a_miss(processes: Processes, content: bytes) -> None:
    processes.start().operations()
    (path,) = processes.folder.iterdir()
    path.write_bytes(content)
    assert processes.start().operations().origin == "service"
    assert json.loads(path.read_bytes())["rows"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("base_url", "https://elsewhere.example"), ("question", "x"), ("at", "NaN"), ("at", 1e300), ("at", None)],
)
def test_an_answer_to_something_else_is_a_miss(processes: Processes, key: str, value: object) -> None:
    processes.start().operations()
    (path,) = processes.folder.iterdir()
    path.write_text(json.dumps({**json.loads(path.read_bytes()), key: value}))
    assert processes.start().operations().origin == "service"


def test_a_folder_that_cannot_be_made_means_no_cache(api: Api, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Catalogue(api, tmp_path / "file" / "cache").operations().origin == "service"


def test_servers_do_not_share_answers(processes: Processes, clock: FakeClock) -> None:
    processes.start().operations()
    with ScriptedServer() as other, Connection.api_key("another-key", base_url=other.url, clock=clock) as connection:
        other.route(OPERATIONS, data([{"operation": "merge"}]))
        assert Catalogue(connection.api, processes.folder).operations().items == ("merge",)


@pytest.mark.parametrize(
    "reply",
    [
        error(503),
        error(429),
        error(404),
        Reply(200, b"<html>Sign in</html>"),
        data({"a": 1}),
        data([]),
        data([7]),
    ],
)
def test_without_the_service_an_expired_answer_is_used(
    processes: Processes, server: ScriptedServer, clock: FakeClock, reply: Reply
) -> None:
    processes.start().operations()
    clock.now += 10 * DAY
    server.route(OPERATIONS, reply)
    known = processes.start().operations()
    assert (known.items, known.origin, known.as_of, known.certain) == (
        ("archive", "convert"),
        "cache",
        "2023-11-14",
        False,
    )


def test_without_service_and_cache_the_snapshot_is_used(catalogue: Catalogue, server: ScriptedServer) -> None:
    server.route(OPERATIONS, error(500))
    known = catalogue.options("convert", "jpg", "png")
    assert (known.origin, known.certain) == ("snapshot", False)
    assert "quality" in [option.name for option in known.items]
    assert "pdf" in catalogue.output_formats("convert", "docx").items


def test_a_host_that_cannot_be_reached_is_no_error(clock: FakeClock) -> None:
    with Connection.api_key("key-of-the-tests", base_url="http://127.0.0.1:9", clock=clock) as connection:
        known = Catalogue(connection.api).output_formats("convert", "docx")
    assert (known.origin, known.as_of) == ("snapshot", snapshot.DATE)
    assert "pdf" in known.items


def test_a_silent_service_is_left_alone_for_a_minute(
    catalogue: Catalogue, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(OPERATIONS, error(500), error(500), operations)
    assert catalogue.operations().origin == "snapshot"
    assert catalogue.options("convert", "png", "jpg").origin == "snapshot"
    assert len(server.asked(OPERATIONS)) == 2
    clock.now += 61
    assert catalogue.operations().origin == "service"


def test_a_refused_key_is_an_error(catalogue: Catalogue, server: ScriptedServer) -> None:
    server.route(OPERATIONS, error(401))
    with pytest.raises(ConnectionInvalid):
        catalogue.operations()


def test_answers_of_a_server_on_this_machine_are_kept_only_where_that_was_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert default_folder("http://127.0.0.1:8780") is None
    assert default_folder("http://localhost:8780") is None
    folder = default_folder("https://api.cloudconvert.com")
    assert folder
    assert "cloudconvert-connector" in str(folder)
    monkeypatch.setenv("CLOUDCONVERT_CACHE_DIR", str(tmp_path))
    assert default_folder("http://127.0.0.1:8780") == tmp_path
