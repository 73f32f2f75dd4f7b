"""Signatures on the addresses of files and on upload forms, so that no token is needed there."""

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
        """The folder's own secret, made at the first start; only its owner may read it."""
        file = folder / "secret"
        if not file.exists():
            draft = folder / f"secret.{os.getpid()}"
            draft.touch(0o600)
            draft.write_text(secrets.token_hex(32))
            draft.replace(file)
        return cls(file.read_text().encode())

    def sign(self, *parts: object) -> str:
        """The signature over these parts, in hexadecimal."""
        message = "\n".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def fits(self, signature: str, *parts: object) -> bool:
        """Whether the signature is the one over these parts, compared in constant time."""
        return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), self.sign(*parts).encode())
