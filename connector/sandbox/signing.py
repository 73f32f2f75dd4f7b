"""The secrets of a data folder, and signatures on the addresses of files and on forms, where no token is needed."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path


class Signer:
    """Signs with the secret of one data folder."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of_folder(cls, folder: Path) -> Signer:
        """The folder's own secret."""
        return cls(kept_secret(folder / "secret").encode())

    def sign(self, *parts: object) -> str:
        """The signature over these parts, in hexadecimal."""
        message = "\n".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def fits(self, signature: str, *parts: object) -> bool:
        """Whether the signature is the one over these parts, compared in constant time."""
        return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), self.sign(*parts).encode())


def kept_secret(file: Path) -> str:
    """The secret in a file, made at the first start; only its owner may read it."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(0o600)
        draft.write_text(secrets.token_hex(32))
        draft.replace(file)
    return file.read_text()
