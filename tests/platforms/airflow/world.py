"""A real Airflow for the tests: in an environment of its own, with a home of its own, at a running sandbox."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import filelock
import pytest

from tests.conftest import ROOT, RunningSandbox
from tests.support import installing
from tests.support.node import NO_INSTALL

HERE = Path(__file__).parent
_PINS = HERE / "requirements.txt"
_MARK = "RESULT"


def environment() -> Path:
    """The folder of programs with Airflow and this connector; skips the test where it cannot be installed."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = hashlib.sha256(f"{_PINS.read_text()}{ours}{sys.version}".encode()).hexdigest()[:12]
    place = ROOT / ".cache" / f"airflow-{wanted}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(place.with_suffix(".lock")):
        if not (place / "installed").is_file():
            _install(place)
            (place / "installed").touch()
    return place / "bin"


def _install(place: Path) -> None:
    if os.environ.get(NO_INSTALL):
        pytest.skip("Airflow is not installed, and nothing may be installed now")
    pip = [place / "bin" / "python", "-m", "pip", "install", "-q", "--no-compile", "--no-deps"]
    for words in ([sys.executable, "-m", "venv", place], [*pip, "-r", _PINS], [*pip, "-e", ROOT]):
        done = subprocess.run(words, capture_output=True, text=True, timeout=900, env=installing.environment())
        if done.returncode:
            pytest.skip(f"Airflow cannot be installed: {(done.stderr or done.stdout).strip()[-300:]}")
    check = [place / "bin" / "python", "-m", "pip", "check"]
    done = subprocess.run(check, capture_output=True, text=True, timeout=900, env=installing.environment())
    assert done.returncode == 0, f"{_PINS.name} lacks something: {done.stdout.strip()[-300:]}"


class Airflow:
    """Its commands. `folder` holds the home, the pictures and the results."""

    def __init__(self, programs: Path, folder: Path, sandbox: RunningSandbox) -> None:
        self.programs, self.folder = programs, folder
        self.connection: dict[str, Any] = {
            "conn_type": "cloudconvert",
            "password": sandbox.api_key,
            "extra": {"environment": "custom", "base_url": sandbox.base_url, "sync_url": sandbox.sync_url},
        }
        self.pictures, self.results = folder / "pictures", folder / "results"
        for made in (self.pictures, self.results):
            made.mkdir()
        self.run("airflow", "db", "migrate")

    def run(self, program: str, *words: str | Path) -> str:
        """What a program of the environment prints; it must go well."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))}
        settings = {
            "AIRFLOW_HOME": self.folder / "home",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": HERE / "dags",
            "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AIRFLOW_CONN_CLOUDCONVERT_DEFAULT": json.dumps(self.connection),
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "TRIAL_PICTURES": self.pictures,
            "TRIAL_RESULTS": self.results,
        }
        environment = own | {name: str(value) for name, value in settings.items()}
        done = subprocess.run(
            [self.programs / program, *words], capture_output=True, text=True, timeout=300, env=environment, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def script(self, name: str, *words: str | Path) -> Any:
        """What a script of this folder found out."""
        return json.loads(self.run("python", HERE / name, *words).rpartition(_MARK)[2])
