"""RAR archives, for those who own the program that makes them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.archivetool import ARCHIVES
from connector.sandbox.engines.base import Conversion, Engine, EngineError, Result, Work
from connector.sandbox.engines.common.outputs import one_file


class Rar(Engine):
    """RARLAB's `rar`, from Debian's non-free section: no free program writes this format."""

    name = "rar"
    stands_for = ("archivetool",)
    label = "RAR (not free)"
    install = "apt-get install rar"
    conversions = (
        Conversion((), ("rar",), "archive", joins=True, rank=20),
        Conversion(ARCHIVES, ("rar",), rank=20),
    )

    def version(self) -> str | None:
        """What `rar` says of itself, None where there is none."""
        return programs.version(programs.on_path("rar"), "-iver", r"RAR\s+(\d[\d.]*)")

    def run(self, work: Work) -> Result:
        """Lay the members out under their names and let `rar` pack that folder."""
        from connector.sandbox.engines.archives.jobs import members_for

        stage = work.folder / "stage"
        stage.mkdir()
        for member in members_for(work):
            place = stage / member.path
            place.parent.mkdir(parents=True, exist_ok=True)
            if member.file.is_dir():
                place.mkdir(exist_ok=True)
            else:
                shutil.copy2(member.file, place)
        _pack(work, stage)
        return one_file(work.output())


def _pack(work: Work, stage: Path) -> None:
    path = programs.on_path("rar")
    if path is None:
        raise EngineError(
            "ENGINE_NOT_INSTALLED",
            f"RAR archives need a program that is missing here: `{Rar.install}` (not free), or choose zip or 7z.",
        )
    program = programs.Program(path, Rar.label)
    done = program.run(
        ["a", "-idq", "-y", "-r", "-ep1", work.output(), f"{stage}/*"],
        folder=work.folder,
        deadline=time.monotonic() + work.timeout,
    )
    if done.code != 0 or not work.output().exists():
        raise EngineError(
            "CONVERSION_FAILED", f"The files could not be packed as RAR: {done.complaint()}. Choose zip or 7z instead."
        )
