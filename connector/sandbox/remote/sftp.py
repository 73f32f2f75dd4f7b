"""Folders of servers that are reached by SFTP."""

from __future__ import annotations

import io
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from connector.sandbox import guard
from connector.sandbox.engines.base import EngineError
from connector.sandbox.flow import CHUNK, CONNECT_TIMEOUT, READ_TIMEOUT, Received
from connector.sandbox.remote.base import MOST_FILES, Store

_PORT = 22


class Sftp(Store):
    """paramiko talks, over a connection to a checked address. The server's own key is not known, so it is not checked."""

    package = "paramiko"
    one, folder = "file", "path"

    def open(self) -> None:
        """Connect and sign in."""
        import paramiko

        with self._told():
            key = self._key()
            transport = paramiko.Transport(self._connection())
            self._kept.callback(transport.close)
            transport.banner_timeout = transport.auth_timeout = CONNECT_TIMEOUT
            transport.connect(username=self.text("username"), password=None if key else self.text("password"), pkey=key)
            self._client: Any = paramiko.SFTPClient.from_transport(transport)
            self._client.get_channel().settimeout(READ_TIMEOUT)

    def listed(self, folder: str) -> list[str]:
        """The files in a folder, not those in folders below it; the file itself where it is none."""
        with self._told(folder):
            if not stat.S_ISDIR(self._client.stat(folder).st_mode or 0):
                return [folder]
            entries = self._client.listdir_attr(folder)
        files = sorted(entry.filename for entry in entries if stat.S_ISREG(entry.st_mode or 0))
        return [self.inside(folder, name) for name in files[: MOST_FILES + 1]]

    def fetch(self, place: str, target: Path) -> Received:
        """Download one file."""
        with self._told(place):
            file = self._client.open(place, "rb")
            size = file.stat().st_size or 0
            file.prefetch(size)
        with file:
            self.flow.check_size(size)
            return self.flow.into(target, lambda: self._read(file))

    def send(self, source: Path, place: str) -> None:
        """Upload one file, into folders that are made where they are missing."""
        with self._told(place), source.open("rb") as file:
            self._make_folder(posixpath.dirname(place))
            self._client.putfo(file, place, source.stat().st_size, callback=lambda *_: self.flow.check())

    def inside(self, folder: str, name: str) -> str:
        """The name below the folder."""
        return posixpath.join(folder, name)

    def _read(self, file: Any) -> bytes:
        with self._told():
            return bytes(file.read(CHUNK))

    def _make_folder(self, folder: str) -> None:
        if folder in ("", "/"):
            return
        try:
            self._client.stat(folder)
        except FileNotFoundError:
            self._make_folder(posixpath.dirname(folder))
            # Another task may have made it meanwhile.
            with suppress(OSError):
                self._client.mkdir(folder)

    def _connection(self) -> Any:
        port = self.text("port", str(_PORT))
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise EngineError("INVALID_OPTION", "The port must be a number from 1 to 65535.")
        try:
            return guard.connect(
                self.text("host"), int(port), timeout=CONNECT_TIMEOUT, allow_private=self.allow_private
            )
        except EngineError as error:
            raise self.failed(error.message) from error

    def _key(self) -> Any:
        """The private key of the payload, of any of the usual kinds; a password beside it is the key's own."""
        import paramiko

        text = self.text("private_key")
        if not text:
            return None
        for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
            with suppress(paramiko.SSHException, ValueError, IndexError):
                return kind.from_private_key(io.StringIO(text), self.text("password") or None)
        raise EngineError("INVALID_OPTION", "The private_key cannot be read; it must be in the form of OpenSSH or PEM.")

    @contextmanager
    def _told(self, place: str = "") -> Iterator[None]:
        """Turn what paramiko raises into a sentence."""
        import paramiko

        try:
            yield
        except FileNotFoundError as error:
            raise self.nothing(place) from error
        except paramiko.AuthenticationException as error:
            raise self.failed("The server refused the sign-in; check the username, and the password or key.") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            host = self.text("host")[:100]
            raise self.failed(f"{host} could not be used ({_reason(error)}); check the host and the path.") from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")
