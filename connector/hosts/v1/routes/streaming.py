"""An answer whose body comes piece by piece."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connector.errors import ConnectorError
from connector.hosts.v1.downloading import Chunks
from connector.redact import redact

log = logging.getLogger("connector.v1")


class Streamed(Response):
    """Sends the chunks, and stops when the client hangs up before the last.

    Starlette's own answer stops at the very moment of hanging up: also for a client that has everything and does not
    wait to be told so, and then its download would not count.
    """

    def __init__(self, chunks: Chunks, headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers)
        if "Content-Length" not in headers:
            del self.headers["Content-Length"]
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        gone = asyncio.ensure_future(_hung_up(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with contextlib.aclosing(self._chunks) as chunks:
                async for chunk in chunks:
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except ConnectorError as error:
            log.warning("A download breaks off: %s", redact(error.message))  # the server cuts the connection
        finally:
            gone.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
