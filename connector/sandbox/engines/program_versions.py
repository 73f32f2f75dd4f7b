"""The versions of programs, remembered on disk: asking all of them at every start would take seconds."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path


def known(program: Path, ask: Callable[[Path], str | None]) -> str | None:
    """The remembered version of this very file, else what `ask` finds out. A program that does not run is asked again."""
    key = _key(program)
    remembered = _read()
    if key in remembered:
        return remembered[key]
    version = ask(program)
    if version:
        _write({**_read(), key: version})
    return version


def cache_file() -> Path:
    """Where versions are remembered: in the user's own cache folder, so that nobody else can write it."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "cloudconvert-connector" / "program-versions.json"


def _key(program: Path) -> str:
    file = program.resolve()
    return f"{file}|{file.stat().st_mtime_ns}"


def _read() -> dict[str, str]:
    try:
        content = json.loads(cache_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(versions: dict[str, str]) -> None:
    """Replace the file in one step. Without a writable cache folder nothing is remembered, which only costs time."""
    file = cache_file()
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(versions, indent=1), "utf-8")
        draft.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
