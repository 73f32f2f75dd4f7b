"""A script that starts the browser inside its network namespace: `launcher.py DOORS READ WRITE BROWSER ARGUMENT...`.

The namespace has nothing but a loopback device of its own. READ and WRITE become the pipes of the debugging protocol,
which the browser expects as 3 and 4. Beside the browser stays a porter: whenever the engine outside asks for one through
the socket DOORS, it opens a listening socket in there and hands it out, to be served as a proxy from outside. Where
there is no namespace, it does the same on ours.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1


def main(arguments: list[str]) -> None:
    """Become the browser, and leave the porter behind."""
    doors, reading, writing = map(int, arguments[:3])
    raise_loopback()
    if os.fork() == 0:
        # The browser's end shows in its pipes: nobody else may hold them.
        os.close(reading)
        os.close(writing)
        hand_out_doors(doors)
        os._exit(0)
    os.close(doors)
    # Above 9 first, so that neither is overwritten before it is copied.
    spare = [fcntl.fcntl(number, fcntl.F_DUPFD, 10) for number in (reading, writing)]
    for number, place in zip(spare, (3, 4), strict=True):
        os.dup2(number, place)
    os.closerange(5, 1024)
    os.execv(arguments[3], arguments[3:])  # noqa: S606


def hand_out_doors(number: int) -> None:
    """A listening socket for every byte that comes, until the other end is closed."""
    with socket.socket(fileno=number) as channel:
        while channel.recv(1):
            with socket.create_server(("127.0.0.1", 0)) as door:
                socket.send_fds(channel, [b"!"], [door.fileno()])


def raise_loopback() -> None:
    """Switch the loopback device on; elsewhere it is on already or may not be touched."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        try:
            flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _GET_FLAGS, request))[1]
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))
        except OSError:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
