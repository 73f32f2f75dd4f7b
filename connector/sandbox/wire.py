"""The HTTP protocol on the wire: uvicorn's, with answers in one send and refusals in the service's shape."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connector.sandbox.answers import to_json
from connector.sandbox.problems import ApiError

MAX_HEAD = 64 * 1024
FIRST_REQUEST_SECONDS = 60.0
_FLUSH_AT = 64 * 1024


class OneSend:
    """A transport that gathers what is written in one turn of the loop, so that head and body leave together."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pending: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send the data now when it is much, else at the end of this turn of the loop."""
        if not self._pending:
            asyncio.get_running_loop().call_soon(self.flush)
        self._pending.append(data)
        self._size += len(data)
        if self._size >= _FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Send what was gathered."""
        if self._pending and not self._transport.is_closing():
            self._transport.write(b"".join(self._pending))
        self._pending.clear()
        self._size = 0

    def close(self) -> None:
        """Send what was gathered, then close."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """One connection of a client."""

    _head_size = 0
    _in_head = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wrap the transport; a client that never asks is let go after a while."""
        super().connection_made(cast("asyncio.Transport", OneSend(cast("asyncio.Transport", transport))))
        self.timeout_keep_alive_task = self.loop.call_later(FIRST_REQUEST_SECONDS, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        """Refuse a request whose head does not end; uvicorn itself would gather it without limit."""
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > MAX_HEAD and not self.transport.is_closing():
            self._refuse(431, "HEADERS_TOO_LARGE", "The request's headers are larger than the sandbox takes.")

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """The head ended in time."""
        self._in_head, self._head_size = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next is a head again."""
        super().on_message_complete()
        self._in_head = True

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, "INVALID_REQUEST", msg)

    def _refuse(self, status: int, code: str, message: str) -> None:
        body = to_json(ApiError(status, code, message).body())
        head = f"HTTP/1.1 {status} \r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode() + body)
        self.transport.close()
