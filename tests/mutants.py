"""Whether the unit tests of the critical files notice when a line is changed: `python -m tests.mutants [FILE...]`.

mutmut makes about a thousand changed versions of the files in tests/critical.py, one small change each, and runs the unit
tests of the changed function against every one, in a copy of the project. Fails where fewer than 90 % are noticed;
prints those that were not. It needs `pip install ".[mutants]"`, and some ten minutes on two cores.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.critical import CRITICAL, ROOT

BAR = 90
_COPIED = ("connector", "tests", "pyproject.toml", "README.md", "LICENSE")
_NOTICED = ("killed", "timeout", "segfault", "suspicious")


def main(files: Sequence[str]) -> bool:
    """Whether enough of the mutants of these files were noticed."""
    if shutil.which("mutmut", path=str(Path(sys.executable).parent)) is None:
        sys.stderr.write('mutmut is missing; pip install ".[mutants]"\n')
        return False
    with tempfile.TemporaryDirectory(prefix="connector-mutants-") as name:
        folder = Path(name)
        _copy(folder, files)
        _mutmut(folder, "run", quiet=True)
        _mutmut(folder, "results")
        _mutmut(folder, "export-cicd-stats", quiet=True)
        counts = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text())
    noticed, every = sum(counts[kind] for kind in _NOTICED), counts["total"]
    share = 100 * noticed / every
    sys.stdout.write(f"{noticed} of {every} mutants were noticed: {share:.1f} %, and {BAR} % are needed.\n")
    return share >= BAR


def _copy(folder: Path, files: Sequence[str]) -> None:
    for name in _COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, target)
    tests = list(dict.fromkeys(test for file in files for test in CRITICAL[file]))
    settings = {"source_paths": ["connector"], "only_mutate": list(files), "also_copy": [*_COPIED]}
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    chosen = f"pytest_add_cli_args_test_selection = {json.dumps(tests)}"
    with (folder / "pyproject.toml").open("a") as file:
        file.write("\n".join(["", "[tool.mutmut]", *lines, chosen, ""]))


def _mutmut(folder: Path, *words: str, quiet: bool = False) -> None:
    out = subprocess.DEVNULL if quiet else None
    subprocess.run([sys.executable, "-m", "mutmut", *words], cwd=folder, stdout=out, check=True)


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:] or list(CRITICAL)))
