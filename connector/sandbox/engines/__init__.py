"""The engines, found by looking: every module in this folder that holds an `Engine` subclass brings one."""

from __future__ import annotations

import importlib
import inspect
import logging
import pkgutil
from types import ModuleType

from connector.sandbox.engines.base import Engine

logger = logging.getLogger("connector.sandbox")


def discover() -> list[Engine]:
    """One instance of every engine, installed or not, in the order of the modules' names.

    An engine file that cannot be imported is logged and left out: the others still work.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [engine for name in names for engine in _engines_in(f"{__name__}.{name}")]


def load(address: str) -> Engine:
    """The engine that `address_of` named, in a worker process."""
    module, _, name = address.partition(":")
    engine = getattr(importlib.import_module(module), name)()
    if not isinstance(engine, Engine):
        raise TypeError(f"{address} is no engine")
    return engine


def address_of(engine: Engine) -> str:
    """Where the engine's class can be imported from: `package.module:Class`."""
    return f"{type(engine).__module__}:{type(engine).__qualname__}"


def _engines_in(name: str) -> list[Engine]:
    try:
        module = importlib.import_module(name)
    except Exception:
        logger.exception("the engine file %s cannot be used and is left out", name)
        return []
    return [kind() for kind in vars(module).values() if _is_engine_of(module, kind)]


def _is_engine_of(module: ModuleType, kind: object) -> bool:
    return (
        inspect.isclass(kind)
        and issubclass(kind, Engine)
        and not inspect.isabstract(kind)
        and kind.__module__ == module.__name__
    )
