"""The answer of `GET /v2/operations` and `/v2/convert/formats`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from connector.sandbox import formats
from connector.sandbox.answers import to_json
from connector.sandbox.engines.base import Option
from connector.sandbox.operations import Offer, Operations

FILTERS = ("operation", "input_format", "output_format", "engine", "engine_version")


class Listing:
    """The operations as clients see them. The answer to the plain question is made once."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def answer(self, filters: Mapping[str, str], *, alternatives: bool, include: frozenset[str]) -> bytes:
        """The JSON body for these filters (exact matches) and includes (`options`, `engine_versions`)."""
        if not filters and not alternatives and not include:
            return await self._plain()
        offers = await self._operations.listed(alternatives=alternatives)
        entries = (_entry(offer, version, include) for offer, version in offers if _matches(offer, version, filters))
        return to_json({"data": list(entries)})

    async def _plain(self) -> bytes:
        if "plain" not in self._kept:
            offers = await self._operations.listed()
            self._kept["plain"] = to_json({"data": [_entry(offer, version, frozenset()) for offer, version in offers]})
        return self._kept["plain"]

    @cached_property
    def _kept(self) -> dict[str, bytes]:
        return {}


def _matches(offer: Offer, version: str, filters: Mapping[str, str]) -> bool:
    facts = {
        "operation": offer.operation,
        "input_format": offer.input_format,
        "output_format": offer.output_format,
        "engine": offer.engine.name,
        "engine_version": version,
    }
    return all(facts[name] == value for name, value in filters.items())


def _entry(offer: Offer, version: str, include: frozenset[str]) -> dict[str, object]:
    entry: dict[str, object] = {
        "operation": offer.operation,
        "input_format": offer.input_format,
        "output_format": offer.output_format,
        "engine": offer.engine.name,
        "credits": offer.conversion.credits,
        "meta": {"group": formats.group_of(offer.input_format or offer.output_format)},
    }
    if "options" in include:
        entry["options"] = [_option(option) for option in offer.conversion.options]
    if "engine_versions" in include:
        entry["engine_versions"] = [
            {"version": version, "default": True, "latest": True, "deprecated": False, "experimental": False}
        ]
    return entry


def _option(option: Option) -> dict[str, object]:
    shown: dict[str, object] = {"name": option.name, "type": option.type, "default": option.default}
    return shown | {"possible_values": list(option.possible_values)} if option.possible_values else shown
