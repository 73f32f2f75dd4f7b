"""Page ranges as people write them: `1-3,5,8-`."""

from __future__ import annotations

import re

from connector.sandbox.engines.base import EngineError, Option

PAGES = Option("pages", "string")

_PART = re.compile(r"(?:(\d+)|(\d+)?\s*-\s*(\d+)?)")


def page_numbers(text: object, count: int) -> list[int]:
    """The pages named by `text`, from 1, in the order they were written; all of them where `text` is empty.

    `3` is one page, `2-4` a range, `8-` to the end, `-3` from the start. Raises EngineError INVALID_OPTION for anything
    else and for pages that a document of `count` pages does not have.
    """
    written = str(text or "").strip()
    if not written:
        return list(range(1, count + 1))
    return [number for part in written.split(",") for number in _part(part.strip(), written, count)]


def _part(part: str, written: str, count: int) -> range:
    match = _PART.fullmatch(part)
    if match is None or part == "-":
        raise EngineError(
            "INVALID_OPTION",
            f'The pages "{written[:80]}" cannot be read. Write them like 1-3,5,8- (the first page is 1).',
        )
    single, first, last = match.groups()
    start = int(single or first or 1)
    stop = int(single or last or count)
    _check(start, stop, count)
    return range(start, stop + 1)


def _check(start: int, stop: int, count: int) -> None:
    if start < 1:
        raise EngineError("INVALID_OPTION", "There is no page 0: the first page is 1.")
    if max(start, stop) > count:
        pages = "1 page" if count == 1 else f"{count} pages"
        raise EngineError("INVALID_OPTION", f"There is no page {max(start, stop)}: the document has {pages}.")
    if stop < start:
        raise EngineError(
            "INVALID_OPTION", f"The page range {start}-{stop} runs backwards. Write the lower number first."
        )
