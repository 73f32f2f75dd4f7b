"""A server with TLS whose certificate is made on the spot, with whatever is to be wrong with it."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\nConnection: close\r\n\r\n{"data": {"id": "1"}}'


@contextlib.contextmanager
def tls_server(folder: Path, *, days: int = 1, name: str = "IP:127.0.0.1") -> Iterator[tuple[str, Path]]:
    """Its address and its certificate, which is good for so many days and for that name."""
    certificate, key = _certificate(folder, days, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", certificate
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _certificate(folder: Path, days: int, name: str) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificates of this test, is not installed")
    (folder / "names").write_text(f"subjectAltName={name}")
    for words in (
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem -subj /CN=test",
        f"x509 -req -in request.pem -signkey key.pem -days {days} -extfile names -out certificate.pem",
    ):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            with contextlib.suppress(OSError), context.wrap_socket(client, server_side=True) as secured:
                secured.recv(1 << 16)
                secured.sendall(ANSWER)
