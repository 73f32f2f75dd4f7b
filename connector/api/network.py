"""What lies between us and a server: how long to wait, how much to read, and the sentence for what goes wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from connector.api.answers import Answer
from connector.api.clock import Deadline
from connector.errors import ConnectorError, InputError, NetworkError, NoAnswer
from connector.redact import redact

CONNECT_TIMEOUT = 10.0
"""Seconds until a connection must stand."""

READ_TIMEOUT = 30.0
"""Seconds that a server may be silent."""

BLOCK = 1 << 18
"""Bytes read and sent at once. Uploads spend their time in system calls with the 16 kB of the default."""


def read_bounded(response: requests.Response, limit: int, deadline: Deadline, what: str) -> bytes:
    """The decoded body, at most `limit` bytes, before the deadline, however slowly it drips."""
    chunks: list[bytes] = []
    size = 0
    # read1 returns what has arrived; read(n) would wait for n bytes and never look at the deadline.
    while chunk := response.raw.read1(BLOCK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise _too_large(response, what, limit)
        chunks.append(chunk)
        if deadline.left() <= 0:
            raise NoAnswer(f"The answer to {what} took longer than {deadline.seconds:.0f} seconds. Try again later.")
    expected = response.headers.get("Content-Length")
    if (
        expected
        and expected.isdigit()
        and "Content-Encoding" not in response.headers
        and size < int(expected)
        and response.request.method != "HEAD"
    ):
        raise NoAnswer(f"The answer to {what} broke off after {size} of {expected} bytes. Try again later.")
    return b"".join(chunks)


def _too_large(response: requests.Response, what: str, limit: int) -> ConnectorError:
    host = urlsplit(response.url).netloc
    return Answer(what, host, response.status_code, response.headers, b"").broken(f"is larger than {limit >> 20} MB")


_NEVER_SENT = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidJSONError,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


def network_error(error: Exception, host: str, what: str) -> ConnectorError:
    """The sentence for an exception of requests or urllib3. NoAnswer where the server may have seen the request.

    To be raised `from None`: the exception's own text holds addresses with signatures, and a traceback would show it.
    """
    detail = redact(f"{type(error).__name__}: {error}")[:300]
    if isinstance(error, _NEVER_SENT):
        return InputError(f"The request {what} cannot be sent: {redact(str(error))[:150]}.", detail=detail)
    # Any other trouble with TLS may come after the request was sent.
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NetworkError(
            f"The certificate of {host} is not trusted.",
            hint="Check the address, the clock of this machine, and any proxy in between.",
            detail=detail,
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return NetworkError(
            f"The proxy on the way to {host} does not let the request through.",
            hint="Check the proxy's address and sign-in.",
            detail=detail,
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NetworkError(
            f"{host} could not be reached within {CONNECT_TIMEOUT:.0f} seconds.",
            hint="Check the network and the base URL.",
            detail=detail,
        )
    if isinstance(error, requests.exceptions.ReadTimeout):
        return NoAnswer(f"{host} did not answer {what} in time. Try again later.", detail=detail)
    if isinstance(error, requests.exceptions.ConnectionError) and _never_connected(error):
        return NetworkError(f"{host} cannot be reached.", hint="Check the network and the base URL.", detail=detail)
    return NoAnswer(f"The connection to {host} broke during {what}. Try again later.", detail=detail)


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
