"""Runs modules by the command and kills each between the answer to its create and the note about it.

`python -m tests.support.killed FOLDER`: each `FOLDER/<module>.json` is a form. One process imports everything and forks.
Prints how each ended, by module.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from connector.cli import main
from connector.scenario.entries import Run


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run_and_die(form: Path) -> int:
    """How the process ended: the negative number of the signal."""
    child = os.fork()
    if child == 0:
        Run.created = die  # type: ignore[method-assign]
        try:
            main(["run", form.stem, "--input", str(form)])
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    print(json.dumps({form.stem: run_and_die(form) for form in sorted(Path(sys.argv[1]).glob("*.json"))}))  # noqa: T201
