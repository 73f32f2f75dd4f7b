"""One request to a webhook: to a checked address only, without following redirects, with limits on time."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import socket
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from connector.sandbox import guard

CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 20.0
SIGNATURE_HEADER = "CloudConvert-Signature"
_AS_IT_IS = "%/:?#[]@!$&'()*+,;=~"


@dataclass
class Post:
    """Sends a JSON body. `stop()` ends it from another thread."""

    url: str
    body: bytes
    secret: str
    allow_private: bool = False
    _connection: guard.Connection | None = field(default=None, repr=False)

    def run(self) -> int:
        """Send it; the status of the answer. Raises guard.Refused, EngineError, OSError, HTTPException or ValueError."""
        parts = urlsplit(self.url)
        target = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_AS_IT_IS)
        made = guard.connection_to(parts, timeout=CONNECT_TIMEOUT, allow_private=self.allow_private)
        with closing(made) as connection:
            connection.connect()
            self._connection = connection
            connection.sock.settimeout(ANSWER_TIMEOUT)
            connection.request("POST", target, self.body, self._headers())
            with closing(connection.getresponse()) as response:
                return response.status

    def stop(self) -> None:
        """Give up now; `run` then fails soon."""
        if self._connection and self._connection.sock:
            with contextlib.suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "CloudConvert-Sandbox",
            SIGNATURE_HEADER: signature(self.secret, self.body),
        }


def signature(secret: str, body: bytes) -> str:
    """What a receiver compares: the HMAC-SHA256 of the raw body, in lower-case hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
