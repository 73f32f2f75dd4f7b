"""What is installed and what is missing: every engine with its version, its formats and what it alone brings."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

from connector.sandbox.engines import discover
from connector.sandbox.engines.base import Engine
from connector.sandbox.engines.isolation import Isolation, isolation

Pair = tuple[str, str]

ISOLATION: dict[Isolation, str] = {
    "bubblewrap": "Programs see only their own files and have no network (bubblewrap).",
    "namespaces": "Programs see only their own files and have no network (kernel namespaces).",
    "network only": "Programs have no network, but see the files that this user sees: apt-get install bubblewrap",
    "none": "Programs see the files and the network that this user has: convert no files of strangers here.",
}


@dataclass(frozen=True)
class Entry:
    """One engine. `version` is None where it is missing.

    `operations` are those besides convert. `inputs`, `outputs` and `pairs` are of convert: its formats, and how many
    pairs of them it has. `alone` are the pairs that no other engine that is there has.
    """

    name: str
    label: str
    version: str | None
    install: str
    stands_for: tuple[str, ...]
    operations: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    pairs: int
    alone: int


@dataclass(frozen=True)
class Inventory:
    """`pairs` are the pairs of convert that work here, `isolation` is a key of ISOLATION."""

    isolation: Isolation
    pairs: int
    engines: tuple[Entry, ...]


def inventory(engines: Sequence[Engine] | None = None) -> Inventory:
    """Ask every engine; the programs among them are started, all at once, to tell their versions."""
    engines = discover() if engines is None else engines
    with ThreadPoolExecutor(8) as threads:
        versions = list(threads.map(lambda engine: engine.version(), engines))
    pairs = [_pairs(engine) for engine in engines]
    there = [found for found, version in zip(pairs, versions, strict=True) if version]
    entries = (
        _entry(engine, version, found, _of_the_others(found, there))
        for engine, version, found in zip(engines, versions, pairs, strict=True)
    )
    ordered = sorted(entries, key=lambda entry: (entry.version is None, entry.label.lower()))
    return Inventory(isolation(), len(set().union(*there)), tuple(ordered))


def _pairs(engine: Engine) -> set[Pair]:
    conversions = (one for one in engine.conversions if one.operation == "convert")
    return {pair for one in conversions for pair in product(one.inputs, one.outputs)}


def _of_the_others(own: set[Pair], there: Sequence[set[Pair]]) -> set[Pair]:
    return set().union(*(found for found in there if found is not own))


def _entry(engine: Engine, version: str | None, pairs: set[Pair], others: set[Pair]) -> Entry:
    return Entry(
        engine.name,
        engine.label,
        version,
        engine.install,
        engine.stands_for,
        tuple(dict.fromkeys(one.operation for one in engine.conversions if one.operation != "convert")),
        tuple(sorted({given for given, _ in pairs})),
        tuple(sorted({wanted for _, wanted in pairs})),
        len(pairs),
        len(pairs - others),
    )
