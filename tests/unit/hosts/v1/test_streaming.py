"""When a download counts: a client may hang up as soon as it has everything, but not before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from connector.hosts.v1.routes.streaming import Streamed


@pytest.mark.parametrize(("hangs_up_after", "counts"), [(3, True), (2, False), (0, False)])
def test_only_what_was_handed_over_whole_counts(hangs_up_after: int, counts: bool) -> None:
    sent: list[bytes] = []
    whole: list[bool] = []

    async def chunks() -> AsyncGenerator[bytes, None]:
        for chunk in (b"a", b"b", b"c"):
            yield chunk
        whole.append(True)

    async def serve() -> None:
        hung_up = asyncio.Event()

        async def receive() -> Any:
            await hung_up.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))
            if len([body for body in sent if body]) >= hangs_up_after:
                hung_up.set()
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        await Streamed(chunks(), {})({"type": "http"}, receive, send)

    asyncio.run(serve())
    assert (bool(whole), b"".join(sent)) == (counts, b"abc"[: hangs_up_after if not counts else 3])
