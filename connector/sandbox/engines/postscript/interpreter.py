"""Ghostscript itself: what every call of it has, and the errors that its words mean."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.common.tool import Tool, filled

GHOSTSCRIPT = Tool("Ghostscript", ("gs",), "apt-get install ghostscript", pattern=r"^([\d.]+)")
_COMMON = ("-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-q")
_UNREADABLE = re.compile(
    r"Error: /(undefined|syntaxerror|ioerror|typecheck|stackunderflow|unregistered)|No pages|Cannot find"
)


@dataclass
class Interpreter:
    """Ghostscript for one piece of work; all its calls share the work's deadline."""

    work: Work
    deadline: float

    @classmethod
    def of(cls, work: Work) -> Interpreter:
        """With the deadline counted from now."""
        return cls(work, time.monotonic() + work.timeout)

    def run(
        self, device: str, arguments: Sequence[str], files: Sequence[Path], output: Path, also: Sequence[Path] = ()
    ) -> programs.Finished:
        """Interpret the files for the device, which may read those in `also`. Raises EngineError where no output came of it.

        `output` may hold %d for one file per page.
        """
        allowed = [f"--permit-file-read={file}" for file in also]
        done = GHOSTSCRIPT.run(
            self.work,
            [*_COMMON, *allowed, f"-sDEVICE={device}", *arguments, f"-sOutputFile={output}", *files],
            deadline=self.deadline,
            reads=files,
        )
        first = Path(str(output).replace("%d", "1"))
        if done.code or not filled(first):
            raise failure(done, self.work.source)
        return done


def failure(done: programs.Finished, source: Source) -> EngineError:
    """The error that Ghostscript's words mean; it prints them on both channels."""
    said = done.stdout + done.stderr
    if re.search(r"password|Password", said):
        return EngineError("INVALID_PASSWORD", f"{source.name} is protected with a password: use pdf/decrypt first.")
    if "VMerror" in said:
        return EngineError(
            "LIMIT_EXCEEDED", f"{source.name} needs more memory than a conversion may use: split it into smaller files."
        )
    found = re.search(r"Error: /(\w+)", said)
    reason = f" ({found[1]})" if found else ""
    if _UNREADABLE.search(said):
        return EngineError(
            "OPEN_FAILED", f"{source.name} is damaged or is not a {source.format} file{reason}: export it again."
        )
    return EngineError("CONVERSION_FAILED", f"Ghostscript could not convert {source.name}{reason}: export it again.")
