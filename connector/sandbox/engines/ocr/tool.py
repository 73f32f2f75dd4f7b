"""Tesseract itself: its languages, and one picture of a page at a time."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines.base import EngineError, Work
from connector.sandbox.engines.common.tool import Tool, filled

TESSERACT = Tool(
    "Tesseract", ("tesseract",), "apt-get install tesseract-ocr tesseract-ocr-osd", pattern=r"tesseract v?([\d.]+)"
)
DEFAULT_LANGUAGE = "eng"
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,30}(/[A-Za-z0-9_]{1,30})?")
_SURE_OF_ORIENTATION = 2.0
# People name languages as ISO 639-1, ISO 639-2 or ISO 639-3 do; Tesseract has one name for each.
_OTHER_NAMES = {
    "en": "eng", "de": "deu", "ger": "deu", "fr": "fra", "fre": "fra", "es": "spa", "it": "ita", "pt": "por", "nl": "nld",
    "dut": "nld", "pl": "pol", "ru": "rus", "uk": "ukr", "cs": "ces", "cze": "ces", "sv": "swe", "da": "dan", "fi": "fin",
    "no": "nor", "tr": "tur", "el": "ell", "gre": "ell", "ja": "jpn", "ko": "kor", "zh": "chi_sim", "chi": "chi_sim",
    "zho": "chi_sim", "ar": "ara", "he": "heb", "hi": "hin", "ro": "ron", "rum": "ron", "hu": "hun", "sk": "slk", "slo": "slk",
}  # fmt: skip


@dataclass
class Reader:
    """Tesseract for one piece of work; all its calls share the work's deadline. `languages` are those to look for."""

    work: Work
    languages: str
    deadline: float

    @classmethod
    def of(cls, work: Work) -> Reader:
        """With the languages of the option `language`. Raises EngineError INVALID_OPTION for one that is not installed."""
        reader = cls(work, DEFAULT_LANGUAGE, time.monotonic() + work.timeout)
        reader.languages = "+".join(reader._wanted(str(work.options.get("language") or DEFAULT_LANGUAGE)))
        return reader

    def layer(self, picture: Path, density: int) -> Path:
        """A PDF of the picture's size that holds its text and nothing to be seen."""
        self._run(picture, density, "-c", "textonly_pdf=1", "pdf")
        return self._made(picture, "pdf")

    def text(self, picture: Path, density: int | None = None) -> str:
        """The text in the picture, lines as they are."""
        self._run(picture, density, "txt")
        return self._made(picture, "txt").read_text("utf-8").replace("\f", "").strip("\n") + "\n"

    def turn(self, picture: Path) -> int:
        """By how many degrees clockwise the picture must be turned to be read; 0 where it is not sure."""
        if "osd" not in self._installed():
            self.work.warn("Pages were not turned upright: run apt-get install tesseract-ocr-osd.")
            return 0
        done = TESSERACT.run(
            self.work, [picture, "-", "--psm", "0", "-l", "osd"], reads=[picture], deadline=self.deadline
        )
        found = re.search(r"Rotate: (\d+)\s.*?Orientation confidence: ([\d.]+)", done.stdout, re.DOTALL)
        return int(found[1]) if found and float(found[2]) >= _SURE_OF_ORIENTATION else 0

    def _wanted(self, written: str) -> list[str]:
        names = [name.strip() for name in re.split(r"[,+ ]+", written) if name.strip()]
        known = self._installed()
        wanted = [name if name in known else _OTHER_NAMES.get(name.lower(), name) for name in names]
        for name in wanted:
            if not _LANGUAGE.fullmatch(name) or name not in known:
                raise EngineError("INVALID_OPTION", _missing_language(name[:40], known))
        return list(dict.fromkeys(wanted))

    def _installed(self) -> list[str]:
        done = TESSERACT.run(self.work, ["--list-langs"], deadline=self.deadline)
        return [line.strip() for line in (done.stdout or done.stderr).splitlines()[1:] if line.strip()]

    def _run(self, picture: Path, density: int | None, *configuration: str) -> None:
        resolution = ["--dpi", str(density)] if density else []
        done = TESSERACT.run(
            self.work,
            [picture, picture.with_suffix(""), "-l", self.languages, *resolution, *configuration],
            reads=[picture],
            deadline=self.deadline,
        )
        if done.code:
            raise TESSERACT.failure(done, self.work.source)

    def _made(self, picture: Path, extension: str) -> Path:
        path = picture.with_suffix(f".{extension}")
        if extension == "pdf" and not filled(path):
            raise EngineError("CONVERSION_FAILED", f"Tesseract made nothing of {self.work.source.name}.")
        return path


def _missing_language(name: str, known: list[str]) -> str:
    there = ", ".join(sorted(set(known) - {"osd", "equ"})) or "none"
    return (
        f"The language {name!r} is not installed for text recognition (installed: {there}): "
        f"run apt-get install tesseract-ocr-{name.lower().replace('_', '-')} or choose another one."
    )
