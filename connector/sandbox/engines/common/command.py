"""The `command` operation: a person's own arguments for a program, held to the folders /input/ and /output/.

Input files lie at `/input/{task name}/{file name}`; whatever is written to /output/ becomes a file of the task.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path, PurePosixPath

from connector.sandbox.engines.base import EngineError, Option, OutputFile, Result, Work
from connector.sandbox.engines.programs import Finished

LONGEST = 20_000
OPTIONS = (Option("arguments", "string"), Option("capture_output", "boolean", default=False))
# A path that begins anywhere in an argument: behind a quote, a colon, an equals sign ... but not the / of 16/9 or iw/2.
_PATH = re.compile(r"(^|[^\w)\]}.])/(?![*\s])|(^|[^\w.])\.\.(/|$)|^~|://")
_GLOB = frozenset("*?[%")


def words(text: str, *programs: str) -> list[str]:
    """The arguments one by one, without the program's own name in front. Raises EngineError INVALID_OPTION."""
    if len(text) > LONGEST:
        raise refused(f"they are longer than {LONGEST} characters")
    try:
        found = shlex.split(text)
    except ValueError as error:
        raise refused("a quotation mark is not closed") from error
    if found and found[0] in programs:
        found = found[1:]
    if not found:
        raise refused("they are empty")
    if "\0" in text:
        raise refused("they hold a zero byte")
    return found


def refused(reason: str) -> EngineError:
    """The error that says why the arguments were refused."""
    return EngineError("INVALID_OPTION", f"The arguments were refused: {reason}.")


def leads_outside(word: str) -> bool:
    """Whether a word names a path that is not plainly one of ours."""
    return bool(_PATH.search(re.sub(r"[\\'\"]", "", word)))


def is_ours(path: str) -> bool:
    """Whether a path lies under /input/ or /output/."""
    return bool(re.match(r"/(input|output)/", path)) and ".." not in PurePosixPath(path).parts


def real_output(path: str, work: Work) -> Path:
    """The place of an output, in a folder that is there."""
    place = work.folder / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def real_input(path: str, work: Work) -> Path:
    """The place of an input, laid out with links the first time that its folder is named.

    A source's name may begin with its task's name and a slash; without it, it lies in every folder. Raises EngineError
    INVALID_OPTION for files that are not there; patterns like frame-%03d.png are left to the program.
    """
    task, _, name = path.removeprefix("/input/").partition("/")
    folder = work.folder / "input" / task
    if not folder.exists():
        _lay_out(folder, task, work)
    if not _GLOB & set(name) and not (folder / name).is_symlink():
        known = ", ".join(sorted({source.name for source in work.sources})) or "none"
        raise refused(f"there is no {path} (input files: {known})")
    return folder / name


def _lay_out(folder: Path, task: str, work: Work) -> None:
    folder.mkdir(parents=True)
    for source in work.sources:
        owner, _, plain = source.name.rpartition("/")
        if owner not in ("", task):
            continue
        place = folder / PurePosixPath(plain).name
        if place.is_symlink():
            raise refused(f"two input files are called {plain}: give them different names")
        place.symlink_to(source.path)


def result(work: Work, done: Finished) -> Result:
    """The files in /output/ and, with `capture_output`, what was printed. Raises EngineError where there is neither."""
    capture = bool(work.options.get("capture_output"))
    files = sorted(path for path in (work.folder / "output").rglob("*") if path.is_file() and not path.is_symlink())
    if not files and not capture:
        raise EngineError(
            "CONVERSION_FAILED", "The command wrote no file: give an output path like /output/result.mp4."
        )
    text = "\n".join(filter(None, (done.stdout, done.stderr))).replace(f"{work.folder}/", "/")
    return Result([OutputFile(path, path.name) for path in files], output=text if capture else None)
