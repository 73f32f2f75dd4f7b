"""PyPI's cloudconvert 1.0.0, unmodified but for the host, against the gateway in front of the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.file_server import file_server
from tests.support.v1 import V1

SCRIPT = Path(__file__).with_name("client.py")
TO_JPG = {"inputformat": "png", "outputformat": "jpg"}


@pytest.fixture
def ask(v1: V1, python_client: Path, tmp_path: Path) -> Any:
    """Lets the client do something; gives its answer."""

    def asked(do: str, source: object, target: object, **parameters: Any) -> Any:
        question = {"do": do, "host": v1.host, "key": v1.key, "source": str(source), "target": str(target)}
        words = [sys.executable, "-W", "ignore", str(SCRIPT), json.dumps({**question, "parameters": parameters})]
        environment = {**os.environ, "PYTHONPATH": str(python_client)}
        return json.loads(subprocess.run(words, env=environment, stdout=subprocess.PIPE, timeout=120).stdout)

    return asked


def test_quickstart(ask: Any, files: Path, tmp_path: Path) -> None:
    options = {"quality": 75, "resize": None}
    answer = ask("quickstart", files / "input.png", tmp_path / "out.jpg", **TO_JPG, converteroptions=options)["result"]
    assert answer["output"]["filename"] == "input.jpg"
    assert answer["converter"]["options"] == {"quality": "75"}
    assert (tmp_path / "out.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_download_of_multiple_output_files(ask: Any, files: Path, tmp_path: Path) -> None:
    options = {"page_range": "1-2"}
    parameters = {"inputformat": "pdf", "outputformat": "jpg", "converteroptions": options}
    answer = ask("download_all", files / "input.pdf", tmp_path, **parameters)["result"]
    assert answer["files"] == ["input-1.jpg", "input-2.jpg"]
    assert [(tmp_path / name).read_bytes()[:2] for name in answer["files"]] == [b"\xff\xd8"] * 2


def test_by_address_and_deleted(ask: Any, tmp_path: Path) -> None:
    with file_server() as origin:
        answer = ask("by_url", f"{origin}/photo.png", tmp_path / "out.jpg", **TO_JPG)["result"]
    assert answer == {"after the deletion": "Process not found"}
    assert (tmp_path / "out.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_a_broken_file_is_its_conversion_failed(ask: Any, files: Path, tmp_path: Path) -> None:
    error = ask("quickstart", files / "broken.png", tmp_path / "out.jpg", **TO_JPG)["error"]
    assert (error["type"], "is not a picture" in error["message"]) == ("ConversionFailed", True)


def test_wrong_parameters_are_its_bad_request(ask: Any, files: Path, tmp_path: Path) -> None:
    error = ask("quickstart", files / "input.png", tmp_path / "out.jpg", inputformat="png")["error"]
    assert error == {"type": "BadRequest", "message": "The parameter 'outputformat' is missing."}
