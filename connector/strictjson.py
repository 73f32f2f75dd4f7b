"""JSON from strangers: what two readers could understand differently is no JSON here."""

from __future__ import annotations

import codecs
from typing import Any

from jiter import from_json


def parse(body: bytes) -> Any:
    """The value. A byte order mark before it does no harm.

    Raises ValueError for what is no UTF-8 or no JSON (RFC 8259), and for what passes elsewhere: a key that comes twice
    in one object, NaN and Infinity, half a surrogate pair, nesting deeper than 200.
    """
    # Names are kept for the next document, since all look alike; values may be secrets, and are not.
    return from_json(
        body.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys"
    )
