"""How exchanges are recorded and replayed: without secrets, and without depending on a server when replayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vcr

from connector.files import LocalFile
from connector.module import Module
from tests.support.file_server import at
from tests.support.samples import sample

FOLDER = Path(__file__).resolve().parent.parent.parent / "cassettes"
BASE_URL = "http://127.0.0.1:8780"
SYNC_URL = "http://127.0.0.1:8781"
FILES_URL = "http://127.0.0.1:8782"
KEY = "recorded-key"

_SECRET = re.compile(
    rb"((?:[Ss]ignature|AWSAccessKeyId|X-Amz-[A-Za-z]+|Credential|Policy)\W{1,5})([A-Za-z0-9+/%=_.-]{12,})"
)
_LONG_HEX = re.compile(rb"\b[0-9a-f]{40,}\b")


def forms(module: type[Module], origin: str = FILES_URL) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is recorded of a module: each of its examples, and the first once more with its file uploaded."""
    for number, example in enumerate(module.examples, 1):
        yield f"example-{number}", {**at(origin, dict(example)), **_with_download(module)}
    files = [name for name, field in module.Input.all().items() if field.kind == "file" and name in module.examples[0]]
    if files:
        address = str(module.examples[0][files[0]])
        name = address.rpartition("/")[2]
        upload = LocalFile(name, data=sample(name.rpartition(".")[2]))
        yield "upload", {**dict(module.examples[0]), files[0]: upload, **_with_download(module)}


def _with_download(module: type[Module]) -> Mapping[str, Any]:
    return {"download": True} if "download" in module.Input.all() else {}


@contextmanager
def cassette(module: str, name: str, mode: str) -> Iterator[Any]:
    """Record (`mode="all"`) or replay (`mode="none"`) what happens in the context."""
    machine = vcr.VCR(
        match_on=["method", "scheme", "host", "port", "path"],
        filter_headers=["Authorization", "User-Agent", "Cookie"],
        before_record_request=_clean_request,
        before_record_response=_clean_response,
        decode_compressed_response=True,
    )
    with machine.use_cassette(
        str(FOLDER / module / f"{name}.yaml"), record_mode=mode, allow_playback_repeats=False
    ) as tape:
        yield tape


def _clean(text: bytes) -> bytes:
    return _LONG_HEX.sub(b"REMOVED", _SECRET.sub(rb"\1REMOVED", text))


def _clean_request(request: Any) -> Any:
    request.uri = _clean(request.uri.encode()).decode()
    body = request.body
    if hasattr(body, "read"):
        request.body = b"(a streamed upload form)"
    elif body:
        request.body = _clean(body.encode() if isinstance(body, str) else body)
    return request


def _clean_response(response: Any) -> Any:
    headers = {name: values for name, values in response["headers"].items() if name.lower() in _KEPT}
    body = response["body"]["string"]
    is_text = any(
        "json" in value or "xml" in value for value in headers.get("content-type", headers.get("Content-Type", []))
    )
    return {**response, "headers": headers, "body": {"string": _clean(body) if is_text else body}}


_KEPT = {
    "content-type",
    "content-disposition",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "accept-ranges",
}
