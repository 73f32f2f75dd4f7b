"""The registry: every file of this folder that declares a module is found by itself."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import get_args

from connector.errors import InputError
from connector.forms import nearest
from connector.module import Group, Module


@functools.cache
def all_modules() -> dict[str, type[Module]]:
    """Every module by name, ordered by group and then as people look for them: by label."""
    found = [
        module
        for info in pkgutil.iter_modules(__path__)
        if not info.ispkg
        for module in _declared_in(f"{__name__}.{info.name}")
    ]
    order = get_args(Group)
    return {module.name(): module for module in sorted(found, key=lambda m: (order.index(m.group), m.label))}


def _declared_in(path: str) -> list[type[Module]]:
    file = importlib.import_module(path)
    return [
        thing
        for thing in vars(file).values()
        if isinstance(thing, type) and issubclass(thing, Module) and thing.__module__ == path
    ]


def find(name: str) -> type[Module]:
    """The module of that name; capitals, dashes and underscores do not matter. Raises InputError with the nearest name."""
    modules = all_modules()
    if name in modules:
        return modules[name]
    plain = {_plain(known): module for known, module in modules.items()}
    if _plain(name) not in plain:
        raise InputError(
            f"There is no module {name[:60]!r}.{nearest(name, list(modules))}",
            fields={"module": "is unknown"},
            hint="List them with: cloudconvert-connector modules",
        )
    return plain[_plain(name)]


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()
