"""LibreOffice itself: one profile, one file in, files out; one that stays up where it can be talked to, else one for each call."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source

INSTALL = "apt-get install libreoffice-writer libreoffice-calc libreoffice-impress libreoffice-draw python3-uno fonts-liberation"
# No macros, no links to other files and addresses, no looking for updates, whatever the document says.
_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "DisableActiveContent": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "2"},
}
MEMORY = 8 * programs.GIGABYTE


def find() -> Path | None:
    """soffice, or libreoffice, on PATH."""
    return programs.on_path("soffice", "libreoffice")


def arguments(folder: Path) -> list[str]:
    """What every LibreOffice is started with; its profile lies in the folder."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_registry(), "utf-8")
    return [
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nofirststartwizard",
        f"-env:UserInstallation={profile.as_uri()}",
    ]


@dataclass
class Office:
    """A LibreOffice to convert with."""

    folder: Path
    timeout: float

    def convert(self, source: Source, wanted: str, export: str, opened_by: str | None = None) -> list[Path]:
        """The files that came out, in the order of their names. Raises EngineError."""
        from connector.sandbox.engines.office import server

        out, deadline = self.folder / "converted", time.monotonic() + self.timeout
        if server.python():
            files = server.convert(source, wanted, export, opened_by, out, deadline)
        else:
            files = self._once(source, wanted, export, opened_by, out, deadline)
        if not files:
            raise nothing_made(source)
        return files

    def _once(
        self, source: Source, wanted: str, export: str, opened_by: str | None, out: Path, deadline: float
    ) -> list[Path]:
        path = find()
        if path is None:
            raise EngineError("ENGINE_NOT_INSTALLED", f"LibreOffice is not installed: run {INSTALL}")
        program = programs.Program(path, "LibreOffice", memory=MEMORY)
        opening = [f"--infilter={opened_by}"] if opened_by else []
        call: list[str | Path] = [
            *arguments(self.folder),
            *opening,
            "--convert-to",
            f"{wanted}:{export}",
            "--outdir",
            out,
            source.path,
        ]
        done = program.run(call, folder=self.folder, deadline=deadline, reads=[source.path])
        files = sorted(file for file in out.glob("*") if file.stat().st_size) if out.exists() else []
        if not files:
            raise _failure(done, source)
        return files


def nothing_made(source: Source) -> EngineError:
    """The error for a document that opens but does not come out."""
    return EngineError(
        "CONVERSION_FAILED", f"LibreOffice made no file of {source.name}: save it in a newer format and try again."
    )


def _registry() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        f' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )


def _failure(done: programs.Finished, source: Source) -> EngineError:
    """It ends with 0 also where it could do nothing, so only what is missing tells."""
    if "could not be loaded" in done.stderr + done.stdout:
        return EngineError(
            "OPEN_FAILED", f"LibreOffice cannot open {source.name}: it is damaged or is not a {source.format} file."
        )
    if done.code in (137, -9, 134, -6, 139, -11, 77):
        return EngineError(
            "CONVERSION_FAILED",
            f"LibreOffice broke down over {source.name}: it is damaged or too large; save it anew and try again.",
        )
    return nothing_made(source)
