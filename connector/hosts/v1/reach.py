"""Calls to addresses that clients named: only to the open internet, unless private networks are allowed.

The name is resolved once, every address is checked, and the connection is made to one of those: what the name means a
moment later does not matter. Redirects are not followed, and no proxy of the environment is used.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError
from urllib3.util.connection import create_connection

from connector.errors import InputError
from connector.version import __version__

_TIMEOUT = (10.0, 20.0)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach:
    """Makes the calls. Can be used by several threads."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._http = requests.Session()
        self._http.trust_env = False  # .netrc would sign the call, and a proxy would resolve the name by itself
        self._http.headers["User-Agent"] = f"cloudconvert-connector/{__version__}"
        if not allow_private:
            for scheme in ("http://", "https://"):
                self._http.mount(scheme, _Guarded())

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self, url: str, parameter: str) -> None:
        """Raise InputError, naming the parameter, for an address that is not reached. A name that is unknown now passes."""
        if self._allow_private:
            return
        parts = urlsplit(url)
        try:
            _checked(str(parts.hostname), parts.port or 80)
        except OSError:
            return
        except InputError as error:
            raise InputError(error.message, fields={parameter: "is a private address"}) from error

    def call(self, url: str, body: str | None = None) -> int:
        """GET the address, or POST the JSON body to it; gives the answer's status.

        Raises InputError for an address that is not reached, requests.RequestException where there is no answer.
        """
        method, headers = ("GET", {}) if body is None else ("POST", {"Content-Type": "application/json"})
        data = None if body is None else body.encode()
        with self._http.request(
            method, url, data=data, headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True
        ) as response:
            return response.status_code


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, also where it is an IPv4 address inside an IPv6 one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meanings(address))


def _meanings(address: _Address) -> Sequence[_Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inside = (address.sixtofour, *(address.teredo or ()))
    return [address, *(one for one in inside if one)]


def _checked(host: str, port: int) -> list[str]:
    """The addresses of the host. Raises OSError where there are none, InputError where one is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(map(is_public, addresses)):
        raise _private(host)
    return addresses


def _private(host: str) -> InputError:
    return InputError(
        f"{host} is a private address, which the gateway does not reach unless it is started with --allow-private-network."
    )


class _Pinned(HTTPConnection):
    """Connects to an address that was checked."""

    def _new_conn(self) -> socket.socket:
        try:
            addresses = _checked(self.host, self.port)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        made = self._first_that_answers(addresses)
        # A public address of this very machine leads back to what should not be reached, too.
        if made.getsockname()[0] == made.getpeername()[0]:
            made.close()
            raise _private(self.host)
        return made

    def _first_that_answers(self, addresses: Sequence[str]) -> socket.socket:
        failure = OSError("no address")
        for address in addresses:
            try:
                return create_connection((address, self.port), self.timeout, socket_options=self.socket_options)
            except OSError as error:
                failure = error
        raise failure


class _PinnedTls(_Pinned, HTTPSConnection):
    """The same with TLS: the certificate must be for the host's name."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedTls


class _Guarded(HTTPAdapter):
    """Sends requests over such connections."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
