"""A spread of the pairs of formats that the engines declare, and the way to a sample of each input format."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

from connector.sandbox import formats
from connector.sandbox.engines import discover
from tests.support.hostile.damaged import mp4
from tests.support.samples import sample

PIP = ("archivetool", "ffmpeg", "pandoc", "pdfium", "pillow", "qpdf", "sheets", "typst")
"""Engines that come with pip alone; the others are programs of the system."""
LEAST, MOST = 3, 5
"""How many pairs the spread has of each engine at least, and of each program of the system at most."""
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><circle cx="24" cy="24" r="16" fill="red"/></svg>'
)
BASES: dict[str, Callable[[], bytes]] = {
    "png": lambda: sample("png"),
    "wav": lambda: sample("wav"),
    "mp4": mp4,
    "zip": lambda: sample("zip"),
    "csv": lambda: sample("csv"),
    "md": lambda: sample("md"),
    "docx": lambda: sample("docx"),
    "html": lambda: sample("html"),
    "txt": lambda: sample("txt"),
    "pdf": lambda: sample("pdf"),
    "svg": lambda: _SVG,
    "gz": lambda: gzip.compress(b"hello"),
    "bz2": lambda: bz2.compress(b"hello"),
    "xz": lambda: lzma.compress(b"hello"),
}
"""Samples that are made here; every other input format is made of one of them by the sandbox itself."""
_KIN = {
    "image": ("png", "pdf"), "audio": ("wav",), "video": ("mp4",), "archive": ("zip", "gz", "bz2", "xz"), "spreadsheet": ("csv",),
    "presentation": ("md",), "document": ("docx", "md", "html", "txt"), "ebook": ("md",), "vector": ("svg",),
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One pair that one engine declares."""

    engine: str
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}-{self.target}-{self.engine}"


@cache
def declared() -> tuple[Pair, ...]:
    """Every pair of every engine, in an order that looks like chance and is always the same."""
    pairs = {
        Pair(engine.name, *pair)
        for engine in discover()
        for conversion in engine.conversions
        if conversion.operation == "convert"
        for pair in product(conversion.inputs, conversion.outputs)
    }
    return tuple(sorted(pairs, key=lambda pair: hashlib.sha256(str(pair).encode()).digest()))


@cache
def ways() -> dict[str, tuple[str, ...]]:
    """For each input format that a sample can be made of: the formats on the way to it, from a base to itself."""
    found: dict[str, tuple[str, ...]] = {base: (base,) for base in BASES}
    steps = {(pair.source, pair.target) for pair in declared() if pair.source != pair.target}
    for _ in range(2):
        reached = {
            target: (*way, target)
            for (source, target), way in ((step, found.get(step[0])) for step in sorted(steps))
            if way and target not in found and way[0] in _KIN[formats.group_of(target)]
        }
        found.update(reached)
    return found


@cache
def spread() -> tuple[Pair, ...]:
    """Every output format once by an engine of pip, others by programs of the system, and a few pairs of every engine."""
    usable = [pair for pair in declared() if _is_usable(pair)]
    chosen = _each_output(pair for pair in usable if pair.engine in PIP)
    there = {pair.target for pair in chosen}
    new = _each_output(pair for pair in usable if pair.engine not in PIP and pair.target not in there)
    for engine in sorted({pair.engine for pair in usable}):
        chosen += [pair for pair in new if pair.engine == engine][:MOST]
        own = [pair for pair in usable if pair.engine == engine and pair not in chosen]
        chosen += own[: max(0, LEAST - sum(pair.engine == engine for pair in chosen))]
    return tuple(sorted(chosen, key=str))


def _is_usable(pair: Pair) -> bool:
    """Whether there is a sample of its input, and it is not one of two spellings of the same."""
    names = {formats.canonical(pair.source), formats.canonical(pair.target)}
    return pair.source in ways() and len(names) == 2 and pair.target not in formats.ALIASES


def _each_output(pairs: Iterable[Pair]) -> list[Pair]:
    """One pair for every output format, by the engine and from the input that were chosen least so far."""
    engines: Counter[str] = Counter()
    inputs: Counter[str] = Counter()
    by_target: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_target.setdefault(pair.target, []).append(pair)
    chosen = []
    for target in sorted(by_target):
        best = min(by_target[target], key=lambda pair: (inputs[pair.source], engines[pair.engine]))
        engines[best.engine] += 1
        inputs[best.source] += 1
        chosen.append(best)
    return chosen
