"""DjVuLibre's programs: one for the looks of the pages, one for their text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Result, Source, Work
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.common.tool import Tool, filled

DDJVU = Tool(
    "DjVuLibre",
    ("ddjvu",),
    "apt-get install djvulibre-bin",
    asked="--help",
    pattern=r"DjVuLibre-([\d.]+)",
    accepted=(1,),
)
_MARK = b"AT&TFORM"


def to_pages(work: Work) -> Result:
    """A PDF, or by way of it a picture of each page."""
    from connector.sandbox.engines.pdf import rendering

    if work.output_format == "pdf":
        return one_file(_pdf(work, work.output()))
    whole = replace(work, options={})
    source = Source(_pdf(whole, work.folder / "pages.pdf"), work.source.name, "pdf")
    return rendering.to_images(replace(work, sources=(source,)))


def to_text(work: Work) -> Result:
    """The text that was recognised when the document was made, a form feed between two pages."""
    _check(work)
    _call(work, "djvutxt", [*_pages(work), work.source.path, work.output()], work.output())
    text = work.output().read_text("utf-8", "replace").rstrip("\f\n") + "\n"
    if not text.strip("\f\n"):
        raise EngineError(
            "CONVERSION_FAILED",
            f"{work.source.name} holds pictures of pages without their text: convert it to pdf and use pdf/ocr.",
        )
    work.output().write_text(text, "utf-8")
    return one_file(work.output())


def _pdf(work: Work, path: Path) -> Path:
    _check(work)
    quality = work.options.get("quality")
    arguments = ["-format=pdf", *([f"-quality={quality}"] if quality else []), *_pages(work)]
    _call(work, "ddjvu", [*arguments, work.source.path, path], path)
    return path


def _pages(work: Work) -> list[str]:
    written = str(work.options.get("pages") or "").replace(" ", "")
    if not written:
        return []
    if not re.fullmatch(r"\d*(-\d*)?(,\d*(-\d*)?)*", written):
        raise EngineError(
            "INVALID_OPTION",
            f"The pages {written[:80]!r} cannot be read: write them like 1-3,5,8- (the first page is 1).",
        )
    open_ended = (re.sub(r"-$", "-$", part) for part in written.split(","))
    return [
        f"{'-page' if work.output_format != 'txt' else '--page'}={','.join(re.sub('^-', '1-', part) for part in open_ended)}"
    ]


def _check(work: Work) -> None:
    with work.source.path.open("rb") as file:
        if file.read(len(_MARK)) != _MARK:
            raise EngineError("OPEN_FAILED", f"{work.source.name} is damaged or is not a DjVu file: check the file.")


def _call(work: Work, name: str, arguments: list[str | Path], path: Path) -> None:
    done = DDJVU.run(work, arguments, program=programs.on_path(name))
    if done.code or not path.exists():
        raise DDJVU.failure(done, work.source, code="OPEN_FAILED")
    if name == "ddjvu" and not filled(path):
        raise DDJVU.failure(done, work.source)
