"""How exchanges are recorded and replayed: without secrets, and without depending on a server when replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vcr
from vcr.stubs import VCRHTTPResponse

from connector.module import Module
from connector.recipe import Webhook
from connector.redact import redact_values
from tests.support.file_server import at
from tests.support.world import uploaded

FOLDER = Path(__file__).resolve().parent.parent.parent / "cassettes"
BASE_URL = "http://127.0.0.1:8780"
SYNC_URL = "http://127.0.0.1:8781"
FILES_URL = "http://127.0.0.1:8782"
KEY = "recorded-key"

_SECRET = re.compile(
    rb"((?:[Ss]ignature|AWSAccessKeyId|X-Amz-[A-Za-z]+|Credential|Policy|temp_url_sig|[?&]s)\W{1,5})([A-Za-z0-9+/%=_.-]{12,})"
)
_LONG_HEX = re.compile(rb"\b[0-9a-f]{40,}\b")


def forms(module: type[Module], origin: str = FILES_URL) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is recorded of a module: each of its examples, and the first once more with its file uploaded."""
    if isinstance(module.recipe, Webhook):
        return  # it waits for others to speak
    more = {"download": True} if "download" in module.Input.all() else {}
    for number, example in enumerate(module.examples, 1):
        yield f"example-{number}", {**at(origin, dict(example)), **more}
    upload = uploaded(module, module.examples[0], origin)
    if upload:
        yield "upload", {**upload, **more}


@contextmanager
def cassette(module: str, name: str, mode: str, aliases: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Record (`mode="all"`) or replay (`mode="none"`) what happens in the context.

    `aliases` are ids that stand for others in what is written: the example's for those of the server.
    """

    def clean(text: bytes) -> bytes:
        for real, alias in (aliases or {}).items():
            text = text.replace(real.encode(), alias.encode())
        text = redact_values(text.decode("latin-1")).encode("latin-1")
        return _LONG_HEX.sub(b"REMOVED", _SECRET.sub(rb"\1REMOVED", text))

    machine = vcr.VCR(
        match_on=["method", "path"],
        filter_headers=["Authorization", "User-Agent", "Cookie"],
        before_record_request=lambda request: _clean_request(request, clean),
        before_record_response=lambda response: _clean_response(response, clean),
        decode_compressed_response=True,
    )
    with machine.use_cassette(
        str(FOLDER / module / f"{name}.yaml"), record_mode=mode, allow_playback_repeats=False
    ) as tape:
        yield tape


def _clean_request(request: Any, clean: Callable[[bytes], bytes]) -> Any:
    request.uri = clean(request.uri.encode()).decode()
    body = request.body
    if hasattr(body, "read"):
        request._was_file = False  # else the stand-in for the stream is pickled as a stream
        request.body = b"(a streamed upload form)"
    elif body:
        request.body = clean(body.encode() if isinstance(body, str) else body)
    return request


def _clean_response(response: Any, clean: Callable[[bytes], bytes]) -> Any:
    headers = {name.lower(): values for name, values in response["headers"].items() if name.lower() in _KEPT}
    body = response["body"]["string"]
    kinds = " ".join(headers.get("content-type", []))
    body = _fewer_operations(body) if "json" in kinds and len(body) > 100_000 else body
    return {
        **response,
        "headers": headers,
        "body": {"string": clean(body) if "json" in kinds or "xml" in kinds else body},
    }


def _fewer_operations(body: bytes) -> bytes:
    """The list of operations without most of its formats: thousands of rows would show nothing more."""
    document = json.loads(body)
    rows = [row for row in document["data"] if {row.get("input_format"), row.get("output_format")} <= _SHOWN]
    return json.dumps({**document, "data": rows}).encode()


_SHOWN = {None, "png", "jpg", "pdf", "docx", "md", "zip"}


def _read1(self: Any, amount: int = -1, decode_content: bool | None = None) -> bytes:
    """As urllib3's responses have it: vcrpy's stand-in does not know `decode_content`."""
    content: bytes = self._content.read1(amount)
    return content


VCRHTTPResponse.read1 = _read1

_KEPT = {
    "content-type",
    "content-disposition",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "accept-ranges",
}
