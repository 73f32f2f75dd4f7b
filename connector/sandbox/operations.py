"""What can be done, derived from what the engines declare: the choice for a task, and the lists that clients read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from connector.sandbox import formats
from connector.sandbox.detection import Detection
from connector.sandbox.engines.base import Conversion, Engine, EngineError

Key = tuple[str, str | None, str | None]

BY_WAY_OF_PDF = ("thumbnail",)
"""Operations that do with every document what they do with a PDF of it."""


@dataclass(frozen=True)
class Offer:
    """One engine's way to do one operation for one pair of formats (None: it has none, or takes any)."""

    operation: str
    input_format: str | None
    output_format: str | None
    engine: Engine
    conversion: Conversion


class Operations:
    """All offers of all engines, installed or not."""

    def __init__(self, engines: Sequence[Engine], detection: Detection) -> None:
        self._detection = detection
        self._offers: dict[Key, list[Offer]] = defaultdict(list)
        for offer in sorted(_offers(engines), key=lambda offer: offer.conversion.rank):
            self._offers[offer.operation, offer.input_format, offer.output_format].append(offer)
        self.names = frozenset(operation for operation, _, _ in self._offers)
        """The operations that some engine declares."""
        self._joiners: dict[str, list[Offer]] = defaultdict(list)
        for (operation, _, _), offers in self._offers.items():
            self._joiners[operation] += [offer for offer in offers if offer.conversion.joins]

    def joiner(self, operation: str, output_format: str | None) -> Offer | None:
        """An offer that makes one output of all inputs of this operation, installed or not; None where there is none."""
        outputs = _spellings(output_format)
        return next((offer for offer in self._joiners.get(operation, ()) if offer.output_format in outputs), None)

    def detour(self, operation: str, input_format: str, output_format: str | None) -> Offer | None:
        """An offer that takes PDF, for an input that nothing else takes and that can become PDF; None where none is needed."""
        if operation not in BY_WAY_OF_PDF or self._matching(operation, input_format, output_format):
            return None
        can_become = self._matching("convert", input_format, "pdf")
        return next(iter(self._matching(operation, "pdf", output_format)), None) if can_become else None

    async def choose(
        self, operation: str, input_format: str | None, output_format: str | None, engine: str | None = None
    ) -> tuple[Offer, str]:
        """The best installed offer and its engine's version; of the named engine where one is asked for.

        Raises EngineError INVALID_CONVERSION_TYPE, ENGINE_NOT_INSTALLED or INVALID_OPTION with a sentence for the person.
        """
        if operation not in self.names:
            raise EngineError("OPERATION_NOT_AVAILABLE", f"The local sandbox cannot do {operation} yet.")
        offers = self._matching(operation, input_format, output_format)
        if not offers:
            await self._detection.known()
            raise EngineError("INVALID_CONVERSION_TYPE", self._refusal(operation, input_format, output_format))
        wanted = [offer for offer in offers if engine in (None, offer.engine.name)]
        # Where the named engine is not installed, one that does its work will do.
        wanted += [offer for offer in offers if engine in offer.engine.stands_for]
        if not wanted:
            raise EngineError("INVALID_OPTION", f"The engine {engine} cannot do this; use one of: {_names(offers)}.")
        for offer in wanted:
            if version := await self._detection.version(offer.engine):
                return offer, version
        raise EngineError(
            "ENGINE_NOT_INSTALLED", _how_to_install(operation, input_format, output_format, wanted[0].engine)
        )

    async def listed(self, *, alternatives: bool = False) -> list[tuple[Offer, str]]:
        """The offers of installed engines with their versions; only the best of each pair unless `alternatives`."""
        await self._detection.known()
        found = []
        for offers in self._offers.values():
            there = [(offer, version) for offer in offers if (version := self._detection.now(offer.engine))]
            found += there if alternatives else there[:1]
        return found

    def _matching(self, operation: str, input_format: str | None, output_format: str | None) -> list[Offer]:
        inputs, outputs = _spellings(input_format), _spellings(output_format)
        found = [offer for pair in product(inputs, outputs) for offer in self._offers.get((operation, *pair), ())]
        if not found and output_format is None:
            found = self._without_output_format(operation, inputs)
        return sorted(found, key=lambda offer: offer.conversion.rank)

    def _without_output_format(self, operation: str, inputs: Sequence[str | None]) -> list[Offer]:
        """Offers for a task that names no output format: the input's own format first (optimize), else the first there is."""
        found = [
            offer
            for key, offers in self._offers.items()
            if key[:2] in {(operation, one) for one in inputs}
            for offer in offers
        ]
        same = [offer for offer in found if offer.output_format in inputs]
        return same or [offer for offer in found if offer.output_format == found[0].output_format]

    def _refusal(self, operation: str, input_format: str | None, output_format: str | None) -> str:
        pairs = [
            key[1:] for key, offers in self._offers.items() if key[0] == operation and any(map(self._is_there, offers))
        ]
        outputs = sorted({output for source, output in pairs if source in _spellings(input_format) and output})
        if input_format is not None and outputs:
            by = "" if operation == "convert" else f" by {operation}"
            return f"{input_format} cannot become {output_format}{by}; it can become: {', '.join(outputs)}."
        inputs = sorted({source for source, output in pairs if source and output in (*_spellings(output_format), None)})
        if inputs:
            return f"{operation} cannot take {_format_word(input_format)} here; it takes: {', '.join(inputs)}."
        return f"{operation} cannot take {_format_word(input_format)} here, and nothing that is installed gives {output_format or 'an output'}."

    def _is_there(self, offer: Offer) -> bool:
        return self._detection.now(offer.engine) is not None


def _offers(engines: Iterable[Engine]) -> Iterable[Offer]:
    for engine in engines:
        for conversion in engine.conversions:
            for pair in product(conversion.inputs or (None,), conversion.outputs or (None,)):
                yield Offer(conversion.operation, *pair, engine, conversion)


def _spellings(name: str | None) -> tuple[str | None, ...]:
    """The format as it is written, under its usual name, and "any"."""
    return tuple(dict.fromkeys((name.lower(), formats.canonical(name), None))) if name else (None,)


def _names(offers: Sequence[Offer]) -> str:
    return ", ".join(dict.fromkeys(offer.engine.name for offer in offers))


def _format_word(name: str | None) -> str:
    return name or "a file without an extension (give its input_format)"


def _how_to_install(operation: str, input_format: str | None, output_format: str | None, engine: Engine) -> str:
    what = f"{input_format} to {output_format}" if input_format and output_format else operation
    return f"{what} needs {engine.label}, which is not installed here; install it with `{engine.install}` and start the sandbox again."
