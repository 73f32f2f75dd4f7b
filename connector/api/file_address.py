"""Where a file may be fetched from. The address comes from an answer or a redirect, so it is a stranger's."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

from connector.errors import ProtocolError

REDIRECTS = 3
"""How often a download may be sent elsewhere."""


def require_fit(url: str, name: str, *, https_only: bool) -> None:
    """Raises ProtocolError where there is no address, or where an API that speaks https names one that does not."""
    if not url.startswith(("http://", "https://")):
        raise ProtocolError(f"The file {name!r} has no address that it could be downloaded from.")
    if https_only and not url.startswith("https://"):
        raise ProtocolError(f"The file {name!r} is offered at an address that is not https: {urlsplit(url).netloc}.")


def redirected(url: str, location: str, *, by_name_only: bool) -> str:
    """The address that a redirect leads to. Raises ProtocolError where it must not be followed.

    Never from https to http, never to a link-local address (where clouds keep their secrets), and not from a public host
    into a private network. With `by_name_only` (a proxy looks names up) only addresses that are written out are checked.
    """
    target = urljoin(url, location)
    host = urlsplit(url).netloc
    if not target.startswith(("http://", "https://")) or (url.startswith("https:") and target.startswith("http:")):
        raise ProtocolError(f"{host} redirects a download to an address that is not https.")
    addresses = _addresses(target, by_name_only)
    if any(address.is_link_local for address in addresses) or (
        any(not address.is_global for address in addresses)
        and all(address.is_global for address in _addresses(url, by_name_only))
    ):
        raise ProtocolError(f"{host} redirects a download into a private network ({urlsplit(target).hostname}).")
    return target


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _addresses(url: str, by_name_only: bool) -> list[_Address]:
    """The addresses of a URL's host; none where it cannot be found out, in which case nothing can be fetched either."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        found = [host] if by_name_only else [str(info[4][0]) for info in socket.getaddrinfo(host, port)]
        return [_plain(ipaddress.ip_address(address.partition("%")[0])) for address in found]
    except (OSError, ValueError):
        return []


def _plain(address: _Address) -> _Address:
    return getattr(address, "ipv4_mapped", None) or address
