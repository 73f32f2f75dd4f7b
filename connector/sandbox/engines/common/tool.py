"""A program that an engine is made of: found on PATH by what it says it is, and run with limits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source, Work


@dataclass(frozen=True)
class Tool:
    """A program under one of `names`; `asked` makes it tell its version, which `pattern` picks out.

    `accepted` are the exit codes with which it tells its version. `memory` limits its address space in bytes.
    """

    label: str
    names: tuple[str, ...]
    install: str
    asked: str = "--version"
    pattern: str = r"([\d.]+)"
    memory: int = 2 * programs.GIGABYTE
    file_size: int = 8 * programs.GIGABYTE
    accepted: tuple[int, ...] = (0,)

    def find(self) -> Path | None:
        """The first program of these names that is what it is taken for: others may share a name like `convert`."""
        return next((path for path, _ in self._candidates()), None)

    def version(self) -> str | None:
        """What it says about itself, None where it is not installed."""
        return next((version for _, version in self._candidates()), None)

    def run(
        self,
        work: Work,
        arguments: Sequence[str | Path],
        *,
        reads: Sequence[Path] | None = None,
        deadline: float | None = None,
        environment: dict[str, str] | None = None,
        program: Path | None = None,
    ) -> programs.Finished:
        """Run it in the work's folder, with sight of the sources or `reads`; `program` is a sibling of it.

        Raises EngineError ENGINE_NOT_INSTALLED or TIMEOUT.
        """
        path = program or self.find()
        if path is None:
            raise EngineError("ENGINE_NOT_INSTALLED", f"{self.label} is not installed: run {self.install}")
        started = programs.Program(path, self.label, memory=self.memory, file_size=self.file_size)
        return started.run(
            arguments,
            folder=work.folder,
            deadline=deadline or time.monotonic() + work.timeout,
            reads=[source.path for source in work.sources] if reads is None else reads,
            environment=environment,
        )

    def failure(self, done: programs.Finished, source: Source, *, code: str = "CONVERSION_FAILED") -> EngineError:
        """The error for a run that gave no usable file."""
        if done.code in (-9, -6, -11, 134, 137, 139):
            return EngineError(
                "CONVERSION_FAILED",
                f"{self.label} broke down over {source.name}: it is damaged or too large; save it anew and try again.",
            )
        return EngineError(code, f"{self.label} could not convert {source.name}: {done.complaint()}.")

    def _candidates(self) -> list[tuple[Path, str]]:
        paths = [path for path in map(programs.on_path, self.names) if path]
        found = ((path, programs.version(path, self.asked, self.pattern, self.accepted)) for path in paths)
        return [(path, version) for path, version in found if version]


def filled(path: Path) -> bool:
    """Whether a program wrote something there."""
    return path.is_file() and path.stat().st_size > 0
