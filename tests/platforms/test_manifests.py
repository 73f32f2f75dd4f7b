"""The committed files of every platform are what the declarations give, on every machine and in every run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli.manifests import FOLDER, command, differences, service_at
from connector.errors import InputError
from connector.platforms import find, names
from connector.service import LIVE, SANDBOX
from tests.conftest import ROOT

_DIGEST = """
import hashlib, sys
from connector.cli.manifests import service_at
from connector.platforms import find
files = find(sys.argv[1]).files(service_at())
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""
PLATFORMS = names()


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_committed_files_are_fresh(name: str) -> None:
    result = CliRunner().invoke(command, ["check", name], standalone_mode=False)
    assert (result.return_value, result.output) == (0, "")


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
@pytest.mark.parametrize("name", PLATFORMS)
def test_the_same_bytes_under_every_hash_seed(name: str, seed: str) -> None:
    run = [sys.executable, "-c", _DIGEST, name]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    printed = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    files = find(name).files(service_at())
    assert printed.strip() == hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_has_a_readme_that_says_how_to_install_and_remove(name: str) -> None:
    text = find(name).files(service_at())["README.md"].decode().lower()
    assert "install" in text
    assert "remove" in text


def test_a_changed_file_a_missing_one_and_one_too_many_are_shown(tmp_path: Path) -> None:
    runner = CliRunner()
    runner.invoke(command, ["write", "fusion", "--output", str(tmp_path)], catch_exceptions=False)
    base = tmp_path / "fusion" / "general" / "base.iml.json"
    base.write_text(base.read_text().replace(LIVE, SANDBOX))
    (tmp_path / "fusion" / "icon.png").unlink()
    (tmp_path / "fusion" / "more.txt").write_text("x\n")
    result = runner.invoke(command, ["check", "fusion", "--output", str(tmp_path)], standalone_mode=False)
    assert result.return_value == 1
    assert f'-  "baseUrl": "{SANDBOX}/v2",' in result.output
    assert "The binary file fusion/icon.png is missing." in result.output
    assert "-x" in result.output


def test_writing_again_takes_away_what_is_no_longer_made_but_nothing_of_the_persons(tmp_path: Path) -> None:
    (tmp_path / "fusion" / ".secrets").mkdir(parents=True)
    (tmp_path / "fusion" / ".secrets" / "apikey").write_text("mine")
    (tmp_path / "fusion" / "old.json").write_text("{}")
    result = CliRunner().invoke(command, ["write", "fusion", "--output", str(tmp_path)], catch_exceptions=False)
    assert not (tmp_path / "fusion" / "old.json").exists()
    assert (tmp_path / "fusion" / ".secrets" / "apikey").read_text() == "mine"
    assert "changed." in result.output


def test_another_base_url_leads_everywhere() -> None:
    files = find("fusion").files(service_at("http://127.0.0.1:8780/v2"))
    assert not [path for path, content in files.items() if b"api.cloudconvert.com" in content and path != "README.md"]


@pytest.mark.parametrize(
    ("url", "authorize"),
    [
        (None, "https://cloudconvert.com/oauth/authorize"),
        ("https://eu-central.api.cloudconvert.com/v2", "https://cloudconvert.com/oauth/authorize"),
        (SANDBOX, "https://sandbox.cloudconvert.com/oauth/authorize"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/oauth/authorize"),
    ],
)
def test_oauth_lies_where_the_api_is(url: str | None, authorize: str) -> None:
    assert service_at(url).authorize_url == authorize


def test_nothing_differs_from_itself() -> None:
    files = find("fusion").files(service_at())
    assert list(differences("fusion", files, files)) == []
    assert FOLDER.parent == ROOT


def test_an_unknown_platform_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'fusion'"):
        find("fushion")
