"""The gateway in a process of its own, and the official clients of API v1."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from tests.conftest import ROOT, RunningSandbox
from tests.support import installing, node
from tests.support.samples import sample
from tests.support.v1 import V1, GatewayProcess

PACKAGE, VERSION = "cloudconvert", "1.0.0"
"""The last version that speaks v1; the test environment itself has a later one, for v2."""

_SHA256 = "bffd9ed57458a143bafad0aac8e8019961cc326b18f962eab1432fb47bb4a036"
_CACHE = ROOT / ".cache" / "pypi"


@pytest.fixture(scope="session")
def v1(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[V1]:
    """What clients are pointed at."""
    gateway = GatewayProcess(sandbox, tmp_path_factory.mktemp("v1") / "state")
    yield gateway.client
    gateway.stop()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files to convert."""
    folder = tmp_path_factory.mktemp("files")
    for name, kind in [("input.png", "png"), ("input.pdf", "pdf"), ("broken.png", "txt")]:
        (folder / name).write_bytes(sample(kind))
    return folder


@pytest.fixture(scope="session")
def python_client() -> Path:
    """The folder to import the Python client from: its published archive, unpacked and nothing more."""
    target = _CACHE / f"{PACKAGE}-{VERSION}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(target.with_suffix(".lock")):
        if not (target / PACKAGE).is_dir():
            with tarfile.open(_archive(target.parent)) as archive:
                archive.extractall(target.parent, filter="data")
    return target


def _archive(folder: Path) -> Path:
    path = folder / f"{PACKAGE}-{VERSION}.tar.gz"
    if not path.exists():
        if os.environ.get(node.NO_INSTALL):
            pytest.skip(f"{PACKAGE} {VERSION} is not installed, and nothing may be installed now")
        words = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", PACKAGE, "-d", str(folder)]
        words.append(f"{PACKAGE}=={VERSION}")
        environment = installing.environment()
        result = subprocess.run(words, capture_output=True, text=True, timeout=300, env=environment)
        if result.returncode:
            pytest.skip(f"pip cannot download {PACKAGE} {VERSION}: {result.stderr.strip()[-300:]}")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == _SHA256
    return path


@pytest.fixture(scope="session")
def node_client() -> node.Script:
    """The Node client behind a script that asks it."""
    modules = node.packages("v1")
    return node.Script(Path(__file__).with_name("client.js"), NODE_PATH=str(modules))
