"""No test reaches out: neither this process nor the Python processes that it starts connect anywhere but to loopback.

An audit hook sees every way there is: connect, connect_ex, datagrams, IPv6, questions to a name server, also from C. What
was tried is refused as on a machine without a network, and noted, so that the test fails even where somebody swallowed
the refusal. Only the standard library is used: `in_children/sitecustomize.py` runs this in every child before anything else.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import Any

LOG = "CONNECTOR_TESTS_NETWORK_LOG"
"""The environment variable that names the file in which attempts are noted, one a line."""

# Names that exist nowhere (RFC 2606): what tests of unreachable hosts ask for.
_RESERVED = ("invalid", "test", "example", "example.com", "example.net", "example.org")


def install() -> None:
    """Guard this process from now on, for good."""
    sys.addaudithook(_look)


def guard_children(log: Path) -> None:
    """Guard the Python processes that are started from now on, and note in `log` what anybody tries."""
    os.environ[LOG] = str(log)
    here = str(Path(__file__).with_name("in_children"))
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join([here, *(path for path in others if path and path != here)])


def attempts() -> list[str]:
    """What was tried since the last time."""
    log = Path(os.environ[LOG])
    tried = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return tried


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        one, address = arguments
        if one.family in (socket.AF_INET, socket.AF_INET6) and address and not _is_loopback(address[0]):
            _note(f"{event.partition('.')[2]} {address[0]}:{address[1]}")
            raise OSError(errno.ENETUNREACH, "Tests may reach loopback only")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        name = _text(arguments[0])
        if not (_is_number(name) or _is_loopback(name) or name == socket.gethostname()):
            if not name.rstrip(".").endswith(_RESERVED):
                _note(f"question for {name}")
            raise socket.gaierror(socket.EAI_NONAME, "Tests know no names but localhost")


def _note(what: str) -> None:
    if LOG in os.environ:
        with Path(os.environ[LOG]).open("a") as log:
            log.write(f"{what} ({' '.join(sys.argv)[:100] or sys.executable})\n")


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def _is_loopback(host: Any) -> bool:
    return _text(host) in ("", "::1", "localhost") or _text(host).startswith(("127.", "::ffff:127."))


def _is_number(host: str) -> bool:
    """Whether no name server is needed; `0x7f.1` and 2130706433 are numbers too."""
    for reads in (socket.inet_aton, lambda text: socket.inet_pton(socket.AF_INET6, text.partition("%")[0])):
        try:
            reads(host)
        except (OSError, ValueError):
            continue
        return True
    return False
