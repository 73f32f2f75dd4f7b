"""Which network addresses the server may reach for somebody else, and connections made only to those."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from connector.sandbox.engines.base import EngineError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(EngineError):
    """The address is one that the server does not reach for others."""


def is_public(text: str) -> bool:
    """Whether the address is one of the open internet, also where it is an IPv4 address inside an IPv6 one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meanings(address))


def _meanings(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    embedded: list[Address] = [address.sixtofour] if address.sixtofour else []
    embedded += address.teredo or ()
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *embedded]


def is_web_address(text: str) -> bool:
    """Whether the text is a full http or https address, without a name and password in it."""
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        return known and parts.username is None and text.isprintable()
    except ValueError:
        return False


def connect(host: str, port: int, *, timeout: float, allow_private: bool) -> socket.socket:
    """A connection to the host, only to an address that was checked. Raises EngineError or OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EngineError("DOWNLOAD_FAILED", f"The host {host} is not known; check its name.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(map(is_public, addresses)):
        raise _refused(host)
    return _first_that_answers(host, addresses, port, timeout=timeout, allow_private=allow_private)


def _first_that_answers(
    host: str, addresses: list[str], port: int, *, timeout: float, allow_private: bool
) -> socket.socket:
    failure: OSError = OSError("no address")
    for address in addresses:
        try:
            connection = socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
            continue
        # A public address of this very machine leads back to what should not be reached, too.
        if not allow_private and connection.getsockname()[0] == connection.getpeername()[0]:
            connection.close()
            raise _refused(host)
        return connection
    raise failure


def _refused(host: str) -> Refused:
    return Refused(
        "DOWNLOAD_FAILED",
        f"{host} is a private address, which the sandbox does not reach unless it is started with --allow-private-network.",
    )


class Connection(http.client.HTTPConnection):
    """An HTTP connection over a socket from `connect`; with TLS when a context is given."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        open_socket: Callable[[str, int], socket.socket],
        tls: ssl.SSLContext | None,
        timeout: float,
    ) -> None:
        super().__init__(host, port, timeout=timeout)
        self._open = open_socket
        self._tls = tls
        self.sock: Any

    def connect(self) -> None:
        """Connect to the checked address; the certificate must be for the host's name."""
        plain = self._open(self.host, self.port)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain


def connection_to(parts: SplitResult, *, timeout: float, allow_private: bool) -> Connection:
    """A connection, not made yet, to the host of an http or https address. `timeout` in seconds is for connecting."""
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    return Connection(
        str(parts.hostname),
        parts.port or (443 if tls else 80),
        open_socket=lambda host, port: connect(host, port, timeout=timeout, allow_private=allow_private),
        tls=tls,
        timeout=timeout,
    )
