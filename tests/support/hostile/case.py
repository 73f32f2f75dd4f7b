"""One hostile thing to do, and the bait that it is after."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Ends = Literal["error", "either", "finished"]

PICTURE_COLOR = (3, 201, 77)


@dataclass(frozen=True)
class Bait:
    """What must not be had: the text and the picture of files outside, an address inside, a path to write to."""

    folder: Path
    url: str
    word: str = field(default_factory=lambda: f"bait{secrets.token_hex(8)}")

    @property
    def text(self) -> Path:
        """A file that holds the word."""
        return self.folder / "secret.txt"

    @property
    def picture(self) -> Path:
        """A picture in one rare colour."""
        return self.folder / "secret.png"

    @property
    def target(self) -> Path:
        """A path at which nothing may ever appear."""
        return self.folder / "owned"

    def lay(self) -> Bait:
        """Write the files."""
        from PIL import Image

        self.folder.mkdir(parents=True)
        self.text.write_text(f"{self.word}\n")
        Image.new("RGB", (64, 64), PICTURE_COLOR).save(self.picture)
        return self


@dataclass(frozen=True)
class Case:
    """A file of that display name goes through `task`, which then ends in one of the ways of `ends`.

    `content` makes the file when there is bait, `codes` are the error codes that fit. A `slow` one is a variant of
    another, for the long run.
    """

    name: str
    file: str
    content: Callable[[Bait], bytes]
    task: dict[str, Any]
    ends: Ends = "error"
    codes: tuple[str, ...] = ("OPEN_FAILED", "CONVERSION_FAILED")
    slow: bool = False


def convert(output_format: str, engine: str | None = None, **more: Any) -> dict[str, Any]:
    """A convert task without its input."""
    chosen = {"engine": engine} if engine else {}
    return {"operation": "convert", "output_format": output_format, "timeout": 55, **chosen, **more}


def always(content: bytes) -> Callable[[Bait], bytes]:
    """A content that needs no bait."""
    return lambda _bait: content


def later(make: Callable[[], bytes]) -> Callable[[Bait], bytes]:
    """A content that takes a while to make."""
    return lambda _bait: make()


def filled(template: str) -> Callable[[Bait], bytes]:
    """A text in which BAIT_URL, BAIT_TEXT, BAIT_PICTURE and BAIT_TARGET are filled in."""
    return lambda bait: fill(template, bait).encode()


def fill(template: str, bait: Bait) -> str:
    """The text with addresses and paths of the bait."""
    values = {"URL": bait.url, "TEXT": bait.text, "PICTURE": bait.picture, "TARGET": bait.target}
    for name, value in values.items():
        template = template.replace(f"BAIT_{name}", str(value))
    return template
