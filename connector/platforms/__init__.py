"""The platforms that the connector can be installed into: each folder here is one, found by itself."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from connector.errors import InputError
from connector.forms import nearest
from connector.platforms.platform import Platform, Service

__all__ = ["Platform", "Service", "all_platforms", "find", "names"]


def names() -> list[str]:
    """The platforms' names, which are those of their folders, in alphabetical order."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.ispkg)


def all_platforms() -> dict[str, Platform]:
    """Every platform by name, in the order of their names."""
    return {name: find(name) for name in names()}


@functools.cache
def find(name: str) -> Platform:
    """The platform of that name. Raises InputError with the nearest name."""
    if name not in names():
        raise InputError(
            f"There is no platform {name[:40]!r}.{nearest(name, names())}",
            fields={"platform": "is unknown"},
            hint=f"There are: {', '.join(names())}.",
        )
    folder = importlib.import_module(f"{__name__}.{name}")
    made: Platform = next(thing() for thing in vars(folder).values() if _is_platform(thing))
    return made


def _is_platform(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Platform) and thing is not Platform
