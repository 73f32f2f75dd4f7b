"""What archives of strangers may not do: leave their folder, link, or become enormous."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from connector.sandbox.engines.base import EngineError

MOST_MEMBERS = 10_000
MOST_BYTES = 2 * 1024**3
SUSPICIOUS_BYTES = 100 * 1024**2
HIGHEST_RATIO = 100
LONGEST_READ = 32 * 1024**2

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)


@dataclass
class Budget:
    """Counts what comes out of one archive of `packed` bytes. Every method raises EngineError LIMIT_EXCEEDED."""

    name: str
    packed: int
    members: int = 0
    unpacked: int = 0

    def add_member(self, declared: int = 0) -> None:
        """One more member, of that many bytes by its own account."""
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise self.too_many()
        self.check(self.unpacked + declared)

    def add_bytes(self, count: int) -> None:
        """So many bytes more came out."""
        self.unpacked += count
        self.check(self.unpacked)

    def check(self, total: int) -> None:
        """Refuse an archive that unpacks to that many bytes in all."""
        if total > MOST_BYTES:
            raise self.refused("would unpack to more than 2 GB")
        if total > SUSPICIOUS_BYTES and total > HIGHEST_RATIO * max(1, self.packed):
            raise self.refused(f"would unpack to more than {HIGHEST_RATIO} times its size, like an archive bomb")

    def too_many(self) -> EngineError:
        """The error for more members than allowed."""
        return self.refused(f"holds more than {MOST_MEMBERS:,} files")

    def refused(self, what: str) -> EngineError:
        """The error that says what is wrong with the archive."""
        return EngineError(
            "LIMIT_EXCEEDED", f'The archive "{self.name}" {what}, so it was refused. Split it into smaller ones.'
        )


def member_path(written: str, archive: str) -> str:
    """The path of a member with clean parts and `/` between them.

    Raises EngineError OPEN_FAILED for absolute paths and such that lead outside.
    """
    path = written.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in parts:
        raise EngineError(
            "OPEN_FAILED", f'The archive "{archive}" holds a path that leads outside of it, so it was refused.'
        )
    return "/".join(clean_part(part) for part in parts) or "file"


def refuse_link(archive: str) -> EngineError:
    """The error for members that are links or devices."""
    return EngineError(
        "OPEN_FAILED",
        f'The archive "{archive}" holds links or special files, so it was refused. Pack it again without them.',
    )


def clean_name(name: str) -> str:
    """The last part of a file name a person gave, safe on every system; `file` where nothing is left."""
    return clean_part(re.split(r"[/\\]", name)[-1].lstrip(". -"))


def clean_part(part: str) -> str:
    """One part of a path, safe on every system: no control or bidi characters, no reserved names, at most 200 bytes."""
    text = "".join(
        char for char in unicodedata.normalize("NFC", part) if unicodedata.category(char) not in ("Cc", "Cs")
    )
    text = _BIDI.sub("", text)
    text = _FORBIDDEN.sub("_", text).lstrip(" -").rstrip(" .")
    text = "" if set(text) <= {"."} else text
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    return _shortened(text) or "file"


def split_name(name: str) -> tuple[str, str]:
    """Stem and extension; `tar.gz` and its kind are one extension."""
    match = re.fullmatch(r"(.+?)((?:\.tar)?\.[^./]{1,20})", name)
    return (match.group(1), match.group(2)) if match else (name, "")


class Names:
    """Gives every name once: the second `a.txt` becomes `a (2).txt`, also where only capitals differ."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def unique(self, path: str) -> str:
        """`path`, or its first free variant."""
        key = path.casefold()
        number = self._last.get(key, 0) + 1
        candidate = path if number == 1 else _numbered(path, number)
        while candidate.casefold() in self._taken:
            number += 1
            candidate = _numbered(path, number)
        self._last[key] = number
        self._taken.add(candidate.casefold())
        return candidate


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, extension = split_name(name)
    return f"{folder}{slash}{stem} ({number}){extension}"


def _shortened(text: str, most: int = 200) -> str:
    if len(text.encode()) <= most:
        return text
    stem, extension = split_name(text)
    room = most - len(extension.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + extension
