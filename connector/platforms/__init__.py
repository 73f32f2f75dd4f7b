"""The platforms that the connector can be installed into: each folder here is one, found by itself.

A folder whose `__init__` holds no Platform (`javascript`) is what several of them are built from.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TypeGuard

from connector.errors import InputError
from connector.forms import nearest
from connector.platforms.platform import Platform, Service

__all__ = ["Platform", "Service", "all_platforms", "find", "names"]


def names() -> list[str]:
    """The platforms' names in alphabetical order: those of their folders, with dashes."""
    return sorted(_found())


def all_platforms() -> dict[str, Platform]:
    """Every platform by name, in the order of their names."""
    return {name: find(name) for name in names()}


def find(name: str) -> Platform:
    """The platform of that name. Raises InputError with the nearest name."""
    if name not in names():
        raise InputError(
            f"There is no platform {name[:40]!r}.{nearest(name, names())}",
            fields={"platform": "is unknown"},
            hint=f"There are: {', '.join(names())}.",
        )
    return _found()[name]


@functools.cache
def _found() -> dict[str, Platform]:
    folders = [info.name for info in pkgutil.iter_modules(__path__) if info.ispkg]
    made = [
        thing()
        for folder in folders
        for thing in vars(importlib.import_module(f"{__name__}.{folder}")).values()
        if _is_platform(thing)
    ]
    return {platform.name: platform for platform in made}


def _is_platform(thing: object) -> TypeGuard[type[Platform]]:
    return isinstance(thing, type) and issubclass(thing, Platform) and thing is not Platform
