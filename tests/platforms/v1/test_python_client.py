"""PyPI's cloudconvert 1.0.0, unmodified but for the host, against the gateway in front of the sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RunningSandbox
from tests.support.file_server import file_server
from tests.support.v1 import V1, GatewayProcess

SCRIPT = Path(__file__).with_name("client.py")
TO_JPG = {"inputformat": "png", "outputformat": "jpg"}


@pytest.fixture
def ask(v1: V1, python_client: Path, tmp_path: Path) -> Any:
    """Lets the client do something; gives its answer."""

    def asked(do: str, source: object, target: object, **parameters: Any) -> Any:
        question = {"do": do, "host": v1.host, "key": v1.key, "source": str(source), "target": str(target)}
        return answered(python_client, {**question, "parameters": parameters})

    return asked


def answered(python_client: Path, question: dict[str, Any], **environment: str) -> Any:
    """What the client says, in a process of its own that imports the old version."""
    words = [sys.executable, "-W", "ignore", str(SCRIPT), json.dumps(question)]
    variables = {**os.environ, **environment, "PYTHONPATH": str(python_client)}
    return json.loads(subprocess.run(words, env=variables, stdout=subprocess.PIPE, timeout=120).stdout)


def test_over_https_the_host_name_is_all_that_differs(
    sandbox: RunningSandbox, python_client: Path, files: Path, tmp_path: Path
) -> None:
    certificate, key = certificate_for("localhost", tmp_path)
    options = ("--certificate", str(certificate), "--private-key", str(key))
    gateway = GatewayProcess(sandbox, tmp_path / "state", 0, *options)
    target = tmp_path / "out.jpg"
    question = {
        "do": "quickstart",
        "host": gateway.client.host.replace("127.0.0.1", "localhost"),
        "protocol": "https",
        "key": sandbox.api_key,
        "parameters": TO_JPG,
        "source": str(files / "input.png"),
        "target": str(target),
    }
    answered(python_client, question, REQUESTS_CA_BUNDLE=str(certificate))
    gateway.stop()
    assert target.read_bytes()[:2] == b"\xff\xd8"


def certificate_for(host: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-out", str(certificate)]
    if not shutil.which("openssl"):
        pytest.skip("openssl is missing; apt-get install openssl")
    subprocess.run([*words, "-keyout", str(key)], check=True, capture_output=True, timeout=60)
    return certificate, key


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
