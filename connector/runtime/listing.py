"""Runs a Listing recipe: items as they are needed, page after page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, repeat
from typing import Any

from connector.api.endpoints import Api
from connector.forms import Fields
from connector.recipe import Listing
from connector.runtime.call_request import list_query
from connector.runtime.outputs import plan_of
from connector.runtime.record import Record


class Items(Iterator[Record]):
    """The items of a list. Pages are fetched while it is read; it can be read once."""

    def __init__(self, items: Iterator[Record]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Record]:
        return self._items

    def __next__(self) -> Record:
        return next(self._items)


def run_listing(api: Api, recipe: Listing, form: Mapping[str, Any], outputs: type[Fields] | None) -> Items:
    """At most `limit` items, all of them where it is 0."""
    limit = form.get(recipe.limit) or None
    pages = api.pages(recipe.path, list_query(recipe, form), paged=recipe.paged)
    things = islice(pages, limit)
    return Items(map(plan_of(outputs).fill, things, repeat(form)) if outputs else map(Record, things))
