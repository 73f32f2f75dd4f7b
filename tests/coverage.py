"""How much of the code the tests reach: `python -m tests.coverage` for the critical files, `--all` for the connector.

The critical files (tests/critical.py) must be taken at every branch by their own unit tests. Of the rest, without the
converters, 95 % must be taken by the whole suite, which `--all` runs; further words go to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.critical import CRITICAL, ROOT

BAR = 95
_NO_SETTINGS = f"--rcfile={os.devnull}"  # those in pyproject.toml are for the whole suite
_SETTINGS = "--rcfile=pyproject.toml"


def critical() -> bool:
    """Whether the unit tests of the critical files take every branch of them."""
    tests = [test for tests in CRITICAL.values() for test in tests]
    ran = _run(
        "run",
        _NO_SETTINGS,
        "--branch",
        f"--include={','.join(CRITICAL)}",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *tests,
    )
    return ran and _run("report", _NO_SETTINGS, "--show-missing", "--skip-covered", "--fail-under=100")


def everything(words: Sequence[str]) -> bool:
    """Whether the suite takes enough of the connector, in all processes that it starts."""
    _run("erase", _SETTINGS)
    cover = (
        "--cov=connector",
        "--cov-config=pyproject.toml",
        "--cov-report=term:skip-covered",
        f"--cov-fail-under={BAR}",
    )
    words = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *cover, *words)
    return subprocess.run([sys.executable, *words], cwd=ROOT, check=False).returncode == 0


def _run(*words: str) -> bool:
    # Its own data file, so that two runs do not mix.
    environment = {**os.environ, "COVERAGE_FILE": str(ROOT / ".coverage")}
    return (
        subprocess.run([sys.executable, "-m", "coverage", *words], cwd=ROOT, env=environment, check=False).returncode
        == 0
    )


if __name__ == "__main__":
    rest = sys.argv[1:]
    sys.exit(not (everything([word for word in rest if word != "--all"]) if "--all" in rest else critical()))
