"""A person signs in by OAuth2: the command, a browser (driven here by HTTP) and the sandbox's consent page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, RunningSandbox
from tests.support.consent import press

LIFETIME = "2"  # seconds; shorter than the margin before which a token is refreshed


@pytest.fixture
def service() -> Iterator[RunningSandbox]:
    running = RunningSandbox(
        "--oauth-client", "app:s3cret-of-app:http://127.0.0.1/callback", "--access-token-lifetime", LIFETIME
    )
    yield running
    running.stop()


def command(words: list[str], folder: Path, **more: Any) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "CLOUDCONVERT_CONFIG_DIR": str(folder),
        "APP_SECRET": "s3cret-of-app",
        "BROWSER": "true",
    }
    line = [sys.executable, "-m", "connector.cli", *words]
    return subprocess.Popen(
        line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


def connect_words(service: RunningSandbox) -> list[str]:
    return [
        *(
            "connect",
            "--name",
            "mine",
            "--kind",
            "oauth2",
            "--base-url",
            service.base_url,
            "--sync-url",
            service.sync_url,
        ),
        *("--authorize-url", f"{service.base_url}/oauth/authorize", "--token-url", f"{service.base_url}/oauth/token"),
        *("--client-id", "app", "--client-secret-env", "APP_SECRET", "--port", "0"),
        *("--module", "GetMyInfo", "--module", "ConvertFile"),
    ]


def address_told(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        if line.startswith("http"):
            return line.strip()
    raise AssertionError("no address was told")


def test_a_person_signs_in_and_stays_signed_in(service: RunningSandbox, tmp_path: Path) -> None:
    process = command(connect_words(service), tmp_path)
    assert press("allow", address_told(process)).status_code == 200
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    report = json.loads(out)
    assert report["account"]["email"]
    assert set(report["missing"]) >= {"webhook.read", "webhook.write"}
    assert "NewJobEvent" in report["modules"]
    time.sleep(float(LIFETIME) + 0.1)  # the first access token has really run out
    again = command(["run", "GetMyInfo", "--connection", "mine"], tmp_path)
    out, err = again.communicate(timeout=30)
    assert again.returncode == 0, err
    assert json.loads(out)["email"]


def test_a_person_who_denies_is_not_connected(service: RunningSandbox, tmp_path: Path) -> None:
    process = command(connect_words(service), tmp_path)
    press("deny", address_told(process))
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    listed = command(["connections", "list"], tmp_path)
    assert json.loads(listed.communicate(timeout=30)[0]) == []
