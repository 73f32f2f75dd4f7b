"""JSON from strangers: what two readers could understand differently is no JSON here."""

from __future__ import annotations

import codecs
import json
from typing import Any

from jiter import from_json


def parse(body: bytes) -> Any:
    """The value. A byte order mark before it does no harm.

    Raises ValueError for what is no UTF-8 or no JSON (RFC 8259), and for what passes elsewhere: a key that comes twice
    in one object, NaN and Infinity, nesting deeper than 200.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        # Names are kept for the next document, since all look alike; values may be secrets, and are not.
        return from_json(body, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys")
    except ValueError:
        if b"\\ud" not in body.lower():
            raise
        return _with_half_pairs(body)


def _with_half_pairs(body: bytes) -> Any:
    """What jiter does not take: half a surrogate pair, which RFC 8259 allows and which a file's name can have."""
    try:
        return json.loads(body.decode(), parse_constant=_no_constant, object_pairs_hook=_each_key_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key comes twice")
    return found
