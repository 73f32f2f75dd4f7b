"""Runs an engine on files as the server would: the declared options' defaults are filled in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from connector.sandbox.engines.base import Conversion, Engine, EngineError, Result, Source, Work

_COMPOUND = ("tar.gz", "tar.bz2", "tar.xz", "tar.bz")


@dataclass
class Done:
    """What an engine did: its result, its warnings, and where its files lie."""

    result: Result
    warnings: list[str]

    @property
    def paths(self) -> list[Path]:
        return [file.path for file in self.result.files]

    @property
    def path(self) -> Path:
        assert len(self.paths) == 1
        return self.paths[0]

    @property
    def metadata(self) -> dict[str, object]:
        assert self.result.metadata is not None
        return self.result.metadata


def run(
    engine: Engine,
    operation: str,
    files: Path | list[Path],
    output: str | None = None,
    names: tuple[str, ...] = (),
    **options: object,
) -> Done:
    """Let `engine` work on `files` in a new folder beside the first of them."""
    paths = files if isinstance(files, list) else [files]
    sources = tuple(
        Source(path, name, format_of(path))
        for path, name in zip(paths, names or [path.name for path in paths], strict=True)
    )
    declared = declaration(engine, operation, sources[0].format, output)
    known = {option.name: option.default for option in declared.options if option.default is not None}
    assert options.keys() <= {option.name for option in declared.options}
    work = Work(operation, sources, output, known | options, Path(mkdtemp(dir=paths[0].parent)), 60)
    result = engine.run(work)
    assert all(file.path.is_relative_to(work.folder) for file in result.files)
    return Done(result, work.warnings)


def refused(
    engine: Engine, operation: str, files: Path | list[Path], output: str | None = None, **options: object
) -> EngineError:
    """The error that the work ends with; its sentence never names a folder of this machine."""
    with pytest.raises(EngineError) as caught:
        run(engine, operation, files, output, **options)
    first = files[0] if isinstance(files, list) else files
    assert str(first.parent) not in caught.value.message
    assert caught.value.message.endswith((".", ")."))
    return caught.value


def declaration(engine: Engine, operation: str, input_format: str, output: str | None) -> Conversion:
    """The declaration under which the server would choose this engine."""
    for conversion in engine.conversions:
        fits = not conversion.inputs or input_format in conversion.inputs
        if (
            conversion.operation == operation
            and fits
            and (output in conversion.outputs or (output is None and not conversion.outputs))
        ):
            return conversion
    raise AssertionError(f"{engine.name} does not declare {operation} {input_format} -> {output}")


def format_of(path: Path) -> str:
    """The extension, compound ones whole."""
    return next((kind for kind in _COMPOUND if path.name.endswith(f".{kind}")), path.suffix.lstrip("."))
