"""Where the files of an export go."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from connector.sandbox import naming

# Not "%20d": that is a space in somebody's URL.
_PLACE_HOLDER = re.compile(r"%(?:0\d{1,2})?d")


def places(one: str, folder: str, names: Sequence[str], inside: Callable[[str, str], str]) -> list[str]:
    """A place for each of the names: by `one`, else in `folder`, else by the name alone.

    Several files of one place are numbered: where it has a printf placeholder such as `%02d`, else before the extension.
    """
    if not one:
        return [inside(folder, name) if folder else name for name in naming.distinct(names)]
    numbers = range(1, len(names) + 1)
    if _PLACE_HOLDER.search(one):
        return [_filled(one, number) for number in numbers]
    start, slash, last = one.rpartition("/")
    return [one] if len(names) == 1 else [start + slash + naming.insert(last, f"-{number}") for number in numbers]


def _filled(pattern: str, number: int) -> str:
    return _PLACE_HOLDER.sub(lambda found: found[0] % number, pattern)
