"""Where an engine puts its files when the operation may have no output format."""

from __future__ import annotations

from pathlib import Path

from connector.sandbox.engines.base import OutputFile, Result, Work


def output_path(work: Work, number: int = 1) -> Path:
    """Like `Work.output`; an operation without an output format keeps the input's."""
    return work.folder / f"output-{number}.{work.output_format or work.source.format}"


def one_file(path: Path) -> Result:
    """The result of work that made just this file."""
    return Result(files=[OutputFile(path)])
