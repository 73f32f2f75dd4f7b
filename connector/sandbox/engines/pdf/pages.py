"""Whole pages: merged, split, extracted and turned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pikepdf import OutlineItem, Pdf

from connector.sandbox.engines.base import EngineError, OutputFile, Result, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.common.pages import page_numbers
from connector.sandbox.engines.pdf.bookmarks import file_bookmark
from connector.sandbox.engines.pdf.opening import opened, save

_ROTATION = re.compile(r"([+-]?)\s*(\d{1,3})")


def merge(work: Work) -> Result:
    """All sources one after the other; forms, links and bookmarks are kept."""
    bookmarks: list[OutlineItem] = []
    with ExitStack() as files, Pdf.new() as target:
        for source in work.sources:
            pdf = files.enter_context(opened(source))
            first = len(target.pages)
            target.add_pages_from(pdf)
            bookmarks.append(file_bookmark(source.name, pdf, target, first))
        with target.open_outline() as outline:
            outline.root[:] = bookmarks  # newer releases of pikepdf have copied the files' own ones already
        save(target, work.output())
    return one_file(work.output())


def split(work: Work) -> Result:
    """One file per page."""
    result = Result()
    with opened(work.source) as pdf:
        for number in range(1, len(pdf.pages) + 1):
            _take(pdf, [number], output_path(work, number))
            result.files.append(OutputFile(output_path(work, number)))
    return result


def extract(work: Work) -> Result:
    """The pages in `pages`, in that order, as one file; all where it is empty."""
    with opened(work.source, work.options.get("password")) as pdf:
        numbers = page_numbers(work.options.get("pages"), len(pdf.pages))
        if numbers == list(range(1, len(pdf.pages) + 1)):
            save(pdf, output_path(work))
        else:
            _take(pdf, numbers, output_path(work))
    return one_file(output_path(work))


def rotate(work: Work) -> Result:
    """Turn the pages in `pages` clockwise: `+90` and `-90` further than they are, `90` to exactly there."""
    relative, degrees = _rotation(str(work.options.get("rotation", "+90")))
    with opened(work.source) as pdf:
        for number in page_numbers(work.options.get("pages"), len(pdf.pages)):
            pdf.pages[number - 1].rotate(degrees, relative=relative)
        save(pdf, output_path(work))
    return one_file(output_path(work))


def _take(pdf: Pdf, numbers: Sequence[int], path: Path) -> None:
    with Pdf.new() as target:
        target.add_pages_from(pdf, [number - 1 for number in numbers])
        # Pages often share one list of all fonts and pictures of the document.
        target.remove_unreferenced_resources()
        for key, value in pdf.docinfo.items():
            target.docinfo[key] = str(value)
        save(target, path)


def _rotation(text: str) -> tuple[bool, int]:
    match = _ROTATION.fullmatch(text.strip())
    if match is None or int(match.group(2)) % 90:
        raise EngineError(
            "INVALID_OPTION",
            f'The rotation "{text[:20]}" is not possible. Use +90, -90, 180 or another multiple of 90.',
        )
    degrees = int(match.group(2)) % 360
    return bool(match.group(1)), -degrees if match.group(1) == "-" else degrees
