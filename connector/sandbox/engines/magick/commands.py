"""The `command` operation with ImageMagick and GraphicsMagick: a person's own arguments, held to /input/ and /output/."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connector.sandbox.engines.base import Result, Source, Work
from connector.sandbox.engines.common import command
from connector.sandbox.engines.common.tool import Tool
from connector.sandbox.engines.magick.tool import CONVERT, DANGEROUS, GRAPHICSMAGICK, IDENTIFY, call, failure

_PREFIX = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?=/)")
# Anywhere in a word, because drawing instructions name pictures too.
_DANGEROUS_PREFIX = re.compile(rf"(?i)(^|[^\w])({'|'.join(DANGEROUS)}):")
_REFUSED_OPTIONS = (
    "-authenticate", "-display", "-limit", "-process", "-read-mask", "-remote", "-script", "-tile-cache", "-window",
    "-write-mask", "-debug", "-log", "-list",
)  # fmt: skip
_GM_COMMANDS = ("convert", "identify", "composite", "montage", "compare")
_NO_FILE = re.compile(r"(info|json|null|txt|histogram|-|[a-z]+:-)[:\-]*", re.IGNORECASE)


def imagemagick(work: Work) -> Result:
    """`convert` or `identify`."""
    name = str(work.options.get("command") or "convert")
    words = command.words(_text(work), "convert", "identify", "magick")
    return _run(work, IDENTIFY if name == "identify" else CONVERT, words, writing=name != "identify")


def graphicsmagick(work: Work) -> Result:
    """`gm` with one of its commands."""
    words = command.words(_text(work), "gm")
    if words[0] not in _GM_COMMANDS:
        raise command.refused(f"gm takes one of these commands first: {', '.join(_GM_COMMANDS)}")
    return _run(work, GRAPHICSMAGICK, words, writing=words[0] != "identify", opening=1)


def _run(work: Work, tool: Tool, words: Sequence[str], *, writing: bool, opening: int = 0) -> Result:
    (work.folder / "output").mkdir()
    arguments = [*words[:opening]]
    for position, word in enumerate(words[opening:], start=opening):
        written = writing and (position == len(words) - 1 or words[position - 1] == "-write")
        arguments.append(_real(word, work, written=written))
    done = call(tool, work, arguments)
    if done.code:
        raise failure(tool, done, work.sources[0] if work.sources else _nothing())
    return command.result(work, done)


def _real(word: str, work: Work, *, written: bool) -> str:
    """The word with real paths. Raises EngineError INVALID_OPTION for what could reach elsewhere."""
    _check(word)
    prefix, path = _split(word)
    if command.is_ours(path):
        if path.startswith("/output/"):
            return f"{prefix}{command.real_output(path, work)}"
        if written:
            raise command.refused(
                f"{word[:80]} is an input and cannot be written: end with a path like /output/result.png"
            )
        plain, frames = _without_frames(path)
        return f"{prefix}{command.real_input(plain, work)}{frames}"
    if written and not _NO_FILE.fullmatch(word):
        raise command.refused("the last word must be a path like /output/result.png")
    if command.leads_outside(word):
        raise command.refused(f"{word[:80]!r} names a file or address outside of /input/ and /output/")
    return word


def _check(word: str) -> None:
    plain = re.sub(r"[\\'\"]", "", word)
    if word.lower().split(" ")[0] in _REFUSED_OPTIONS:
        raise command.refused(f"{word[:80]} may not be used here")
    if plain.lstrip().startswith("@") or re.search(r":\s*@", plain):
        raise command.refused("a word that begins with @ would be read as the name of a file")
    if _DANGEROUS_PREFIX.search(plain):
        raise command.refused(f"{word[:80]!r} names a format that may not be used here")
    if plain.startswith("|") or "|" in plain.split(":")[-1][:1]:
        raise command.refused("a word may not begin with |")


def _split(word: str) -> tuple[str, str]:
    found = _PREFIX.match(word)
    return (word[: found.end()], word[found.end() :]) if found else ("", word)


def _without_frames(path: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)(\[[\d,\-x+%]+\])?", path)
    return (found[1], found[2] or "") if found else (path, "")


def _text(work: Work) -> str:
    return str(work.options.get("arguments") or "")


def _nothing() -> Source:
    from pathlib import Path

    return Source(Path(), "The command", "")
