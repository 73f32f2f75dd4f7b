"""A server that answers `GET /v2/operations` as the service does: filters, alternatives, include."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.api.endpoints import Api
from connector.catalogue import Catalogue
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, data

OPERATIONS = "GET /v2/operations"


def row(source: str | None, target: str | None, engine: str, *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One entry of the list, of operation convert unless told otherwise."""
    entry = {"operation": "convert", "input_format": source, "output_format": target, "engine": engine, "credits": 1}
    return {**entry, "options": list(options), "engine_versions": [{"version": "1.0", "default": True}], **more}


QUALITY = {"name": "quality", "type": "integer", "default": None}
STRIP = {"name": "strip", "type": "boolean", "default": False}
FIT = {"name": "fit", "type": "enum", "default": "max", "possible_values": ["max", "crop", "scale"]}
ROWS = [
    row("png", "jpg", "imagemagick", QUALITY, STRIP, FIT),
    row("png", "jpg", "graphicsmagick", QUALITY, alternative=True),
    row("png", "webp", "imagemagick", STRIP),
    row("svg", "png", "inkscape", {"name": "pixel_density", "type": "integer"}),
    row(None, "zip", "archivetool", {"name": "level", "type": "enum", "possible_values": [1, 9]}, operation="archive"),
]


def operations(request: Request) -> Reply:
    """What the service answers to such a request."""
    query = request.query
    names = ("operation", "input_format", "output_format")
    fitting = [one for one in ROWS if all(one[name] == query.get(f"filter[{name}]", one[name]) for name in names)]
    rows = [one for one in fitting if "alternatives" in query or "alternative" not in one]
    shown = query.get("include", "").split(",")
    hidden = {"alternative", "options", "engine_versions"} - set(shown)
    return data([{key: value for key, value in one.items() if key not in hidden} for one in rows])


@pytest.fixture(autouse=True)
def _listing(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDCONVERT_CACHE_DIR", raising=False)
    server.route(OPERATIONS, operations)


@pytest.fixture
def catalogue(api: Api) -> Catalogue:
    """A catalogue of the scripted server, without a disk (the server is on this machine)."""
    return Catalogue(api)


class Processes:
    """Catalogues as several processes would have them: each with an API of its own, with one folder between them."""

    def __init__(self, server: ScriptedServer, clock: FakeClock, folder: Path) -> None:
        self._server, self._clock, self.folder = server, clock, folder
        self._connections: list[Connection] = []

    def start(self) -> Catalogue:
        """The catalogue of one more process."""
        self._connections.append(Connection.api_key("key-of-the-tests", base_url=self._server.url, clock=self._clock))
        return Catalogue(self._connections[-1].api, self.folder)

    def end(self) -> None:
        """Close all their connections."""
        for connection in self._connections:
            connection.close()


@pytest.fixture
def processes(server: ScriptedServer, clock: FakeClock, tmp_path: Path) -> Iterator[Processes]:
    """Processes that share a folder of kept answers."""
    some = Processes(server, clock, tmp_path / "cache")
    yield some
    some.end()
