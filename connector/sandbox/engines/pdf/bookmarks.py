"""Bookmarks of merged files: one per file, with the file's own below it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from pikepdf import Array, Dictionary, Name, NameTree, Object, OutlineItem, Pdf, PdfError, String

_MOST_LEVELS = 15


def file_bookmark(name: str, source: Pdf, target: Pdf, first: int) -> OutlineItem:
    """The bookmark for a file whose pages begin at index `first` of `target`, with its own bookmarks below."""
    item = OutlineItem(PurePosixPath(name).stem or name, first)
    pages = {page.obj.objgen: number for number, page in enumerate(source.pages)}
    try:
        with source.open_outline(max_depth=_MOST_LEVELS) as outline:
            item.children.extend(_copied(outline.root, source, target, pages, first))
    except (PdfError, ValueError, TypeError, LookupError):
        # A broken outline is no reason to refuse the pages.
        item.children.clear()
    return item


def _copied(
    items: Iterable[OutlineItem], source: Pdf, target: Pdf, pages: dict[tuple[int, int], int], first: int
) -> list[OutlineItem]:
    copies = []
    for item in items:
        copy = OutlineItem(item.title, _moved(_place(item, source), target, pages, first))
        copy.is_closed = item.is_closed
        copy.children.extend(_copied(item.children, source, target, pages, first))
        copies.append(copy)
    return copies


def _place(item: OutlineItem, source: Pdf) -> Object | None:
    """Where a bookmark leads, as [page, how to show it ...]; None where it leads out of the file."""
    place: object = item.destination
    if place is None and item.action is not None and item.action.get(Name.S) == Name.GoTo:
        place = item.action.get(Name.D)
    if isinstance(place, (String, Name)):
        place = _named(place, source)
    if isinstance(place, Dictionary):
        place = place.get(Name.D)
    return place if isinstance(place, Array) and len(place) > 0 else None


def _named(name: Object, source: Pdf) -> Object | None:
    if isinstance(name, Name):
        return source.Root.get(Name.Dests, Dictionary()).get(str(name))
    tree = source.Root.get(Name.Names, Dictionary()).get(Name.Dests)
    return NameTree(tree).get(str(name)) if tree is not None else None


def _moved(place: Object | None, target: Pdf, pages: dict[tuple[int, int], int], first: int) -> Array | None:
    if place is None:
        return None
    number = pages.get(getattr(place[0], "objgen", (0, 0)))
    if number is None:
        return None
    how = [part for part in list(place)[1:] if not isinstance(part, Object) or isinstance(part, Name)]
    return Array([target.pages[first + number].obj, *(how or [Name.Fit])])
