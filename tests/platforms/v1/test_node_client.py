"""npm's cloudconvert 1.1.2, unmodified but for the host, against the gateway in front of the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.file_server import file_server
from tests.support.node import Script
from tests.support.v1 import V1

TO_JPG = {"inputformat": "png", "outputformat": "jpg"}


@pytest.fixture
def ask(v1: V1, node_client: Script) -> Any:
    """Lets the client do something; gives its answer."""

    def asked(do: str, **question: Any) -> Any:
        return node_client.ask(**{"do": do, "host": v1.host, "key": v1.key, **question})

    return asked


def test_a_file_is_piped_through(ask: Any, files: Path, tmp_path: Path) -> None:
    parameters = {**TO_JPG, "converteroptions": {"quality": 75}}
    answer = ask("pipe", input=str(files / "input.png"), output=str(tmp_path / "out.jpg"), parameters=parameters)
    assert answer == {"result": {"step": "finished"}}
    assert (tmp_path / "out.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_a_stream_without_a_name_is_piped_through(ask: Any, tmp_path: Path) -> None:
    parameters = {"inputformat": "md", "outputformat": "html"}
    assert ask("pipeText", text="# Title\n", output=str(tmp_path / "out.html"), parameters=parameters) == {"result": {}}
    assert "<h1" in (tmp_path / "out.html").read_text()


def test_the_manual_way(ask: Any, files: Path, tmp_path: Path) -> None:
    create = {"inputformat": "png", "outputformat": "pdf"}  # as in its README, whose start says jpg
    start = {"outputformat": "jpg", "converteroptions": {"quality": 51}, "input": "upload"}
    paths = {"input": str(files / "input.png"), "output": str(tmp_path / "out.jpg")}
    answer = ask("manual", **paths, create=create, start=start)["result"]
    assert answer["finished"]["converter"] == {
        "mode": "convert",
        "format": "jpg",
        "type": "pillow",
        "options": {"quality": 51},
    }
    assert answer["finished"]["output"]["filename"] == "input.jpg"
    assert answer["deleted"]["message"] == "Process deleted"
    assert (tmp_path / "out.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_multiple_output_files_are_downloaded(ask: Any, files: Path, tmp_path: Path) -> None:
    parameters = {"inputformat": "pdf", "outputformat": "jpg", "converteroptions": {"page_range": "1-2"}}
    answer = ask("downloadAll", input=str(files / "input.pdf"), output=str(tmp_path), parameters=parameters)
    assert answer["result"]["files"] == ["input-1.jpg", "input-2.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["input-1.jpg", "input-2.jpg"]


def test_the_output_is_downloaded_before_the_end(ask: Any, tmp_path: Path) -> None:
    with file_server() as origin:
        start = {"outputformat": "jpg", "input": "download", "file": f"{origin}/photo.png"}
        answer = ask("early", output=str(tmp_path / "out.jpg"), create=TO_JPG, start=start)
    assert answer == {"result": {"step": "input"}}
    assert (tmp_path / "out.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_its_errors_have_the_codes_that_its_readme_names(ask: Any, files: Path, tmp_path: Path) -> None:
    paths = {"input": str(files / "broken.png"), "output": str(tmp_path / "out.jpg")}
    failed = ask("manual", **paths, create=TO_JPG, start={"input": "upload", "outputformat": "jpg"})["error"]
    assert (failed["code"], "is not a picture" in failed["message"]) == (422, True)
    wrong = ask("post", path="/process", body={"inputformat": "png"})["error"]
    assert (wrong["code"], wrong["message"]) == (400, "The parameter 'outputformat' is missing.")
    assert ask("post", key=None, path="/process", body=TO_JPG)["error"]["code"] == 401


def test_conversion_types_are_an_array_for_everybody(ask: Any) -> None:
    query = {"inputformat": "pdf", "outputformat": "jpg"}
    assert [kind["inputformat"] for kind in ask("get", key=None, path="/conversiontypes", query=query)["result"]] == [
        "pdf"
    ]
