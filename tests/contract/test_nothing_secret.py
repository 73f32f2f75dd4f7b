"""Nothing that is committed holds a secret: neither what was recorded nor what platforms install."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.cli.manifests import FOLDER as MANIFESTS
from tests.support.cassettes import FOLDER as CASSETTES
from tests.support.cassettes import KEY

# "Bearer " may stand in a manifest before the place where the platform puts the key.
ANYWHERE = (
    rb"eyJ[\w-]{10,}\.|\b[0-9a-f]{40,}\b|temp_url_sig=\w|Signature=(?!REMOVED)\w|(?i:X-Amz)-[A-Za-z]+=|" + KEY.encode()
)
SECRET = {
    CASSETTES: re.compile(ANYWHERE + rb"|Bearer "),
    MANIFESTS: re.compile(ANYWHERE + rb"|Bearer [\w.~+/-]{16,}"),
}


def texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every file in an archive, by name."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
                for member in archive.namelist():
                    yield f"{path.name}/{member}", archive.read(member)
        elif path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


@pytest.mark.row("T15")
@pytest.mark.parametrize("folder", SECRET, ids=lambda folder: folder.name)
def test_nothing_secret_is_in_it(folder: Path) -> None:
    found = dict(texts(folder))
    assert len(found) > 50
    assert [name for name, content in found.items() if SECRET[folder].search(content)] == []


@pytest.mark.parametrize(
    "planted",
    [
        b"Authorization: Bearer " + b"k" * 20,
        b'"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiIx"',
        b"key " + b"0a" * 20,
        b"https://storage.example/x?temp_url_sig=abc",
        b"https://s3.example/x?X-Amz-Signature=abc",
    ],
)
@pytest.mark.parametrize("folder", SECRET, ids=lambda folder: folder.name)
def test_a_secret_would_be_found(folder: Path, planted: bytes) -> None:
    assert SECRET[folder].search(planted)
