"""`v1-translate` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The connector's command."""
    return Command(monkeypatch, capsys)


def payload(folder: Path, **more: object) -> str:
    """A file with what a program of that time sent."""
    path = folder / "payload.json"
    path.write_text(json.dumps({"inputformat": "docx", "outputformat": "pdf", "input": "upload", **more}))
    return str(path)


def test_it_prints_the_job_and_what_is_lost(command: Command, tmp_path: Path) -> None:
    told = command(
        "v1-translate", payload(tmp_path, converteroptions={"page_range": "1-2", "templating": {}}, save=True)
    )
    assert told.code == 0
    assert told.document["job"]["tasks"]["convert"]["pages"] == "1-2"
    assert told.document["lost"] == ["The option 'templating' has no counterpart in API v2 and is left out."]


def test_secrets_are_masked(command: Command, tmp_path: Path) -> None:
    s3 = {"accesskeyid": "AKIA0123456789", "secretaccesskey": "very-secret-indeed", "bucket": "b"}
    told = command("v1-translate", payload(tmp_path, output={"s3": s3}))
    assert "very-secret-indeed" not in told.out
    assert told.document["job"]["tasks"]["export"]["bucket"] == "b"


def test_a_mistake_in_the_payload_is_one_sentence(command: Command, tmp_path: Path) -> None:
    told = command("v1-translate", payload(tmp_path, preset="AduhH6"))
    assert (told.code, told.err.splitlines()[0]) == (
        2,
        "Error: The parameter 'preset' cannot be used: presets are gone with API v1; send what the preset holds as converteroptions.",
    )


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_payload_that_is_no_object_is_refused(command: Command, tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content)
    assert command("v1-translate", str(tmp_path / "p.json")).code == 2


def test_a_key_that_is_not_set_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    told = command("v1-gateway", "--key-env", "NO_SUCH_KEY")
    assert (told.code, "NO_SUCH_KEY holds no key" in told.err) == (2, True)


def test_the_sandbox_of_a_call_leaves_no_state(command: Command, tmp_path: Path) -> None:
    told = command("v1-gateway", "--sandbox", "--state", str(tmp_path))
    assert (told.code, "--sandbox goes without" in told.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--certificate", "c.pem"), "Give both --certificate and --private-key."),
        (("--certificate", "none.pem", "--private-key", "none.pem"), "cannot be used: No such file or directory."),
    ],
)
def test_a_certificate_that_cannot_be_used_is_told(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "key-0123456789")
    told = command("v1-gateway", "--port", "0", "--state", str(tmp_path), *options)
    assert (told.code, said in told.err) == (2, True)
