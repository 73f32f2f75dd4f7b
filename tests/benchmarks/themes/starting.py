"""How long it takes to start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.measure import Row, at_most, measure
from tests.benchmarks.processes import ROOT
from tests.benchmarks.timing import Work, side_by_side

_ROUNDS = (21, 7)
_COMMAND = Path(sys.executable).with_name("cloudconvert-connector")


@measure("import")
def importing(bench: Bench) -> Iterator[Row]:
    """Importing the package, and importing what runs modules with it."""
    samples = side_by_side(
        bench.rounds(*_ROUNDS),
        package=_python("import connector"),
        run=_python("from connector import Connection, run"),
        floor=_python("import requests, marshmallow"),
    )
    bar = at_most(1.5, "x", "`import requests, marshmallow`")
    yield bar.row("`import connector`", samples.ratio("package", "floor"), samples.milliseconds())
    yield bar.row("`from connector import Connection, run`", samples.ratio("run", "floor"))


@measure("help")
def helping(bench: Bench) -> Iterator[Row]:
    """The command's help."""
    samples = side_by_side(
        bench.rounds(*_ROUNDS), ours=_command(str(_COMMAND), "--help"), floor=_python("import click")
    )
    over = samples.more("ours", "floor") - samples.median("floor")
    bar = at_most(150, "ms", 'more than 2 x `python -c "import click"`')
    yield bar.row("`cloudconvert-connector --help`", over * 1000, samples.milliseconds())


def _python(code: str) -> Work:
    return _command(sys.executable, "-c", code)


def _command(*words: str) -> Work:
    return lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, timeout=60)
