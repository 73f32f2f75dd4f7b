"""What Zapier keeps files in, on loopback: files that come in have an address here, and files that go out are put here."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from urllib.parse import quote

from tests.support.scripted_server import Reply, Request, ScriptedServer


@dataclass(frozen=True)
class Stored:
    """A file."""

    name: str
    data: bytes


class Storage(ScriptedServer):
    """Used as a context manager. `files` holds everything by its address; `rpc` is what the run time asks where to put files."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, Stored] = {}
        self._numbers = itertools.count(1)

    @property
    def rpc(self) -> str:
        """The address of the procedure calls."""
        return f"{self.url}/rpc"

    def put(self, name: str, data: bytes) -> str:
        """The address of a new file, which does not say its name."""
        address = f"{self.url}/files/{next(self._numbers)}"
        self.files[address] = Stored(name, data)
        return address

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        if request.path == "/rpc":
            call = request.json()
            assert call["method"] == "get_presigned_upload_post_data"
            key = f"files/{next(self._numbers)}"
            place = {"url": f"{self.url}/", "fields": {"key": key}}
            return Reply(200, {"id": call["id"], "result": place}, [("Content-Type", "application/json")])
        if request.method == "POST":
            form = request.form()
            named = re.search(r'filename="?([^";]+)', form["Content-Disposition"][1].decode())
            assert named
            self.files[f"{self.url}/{form['key'][1].decode()}"] = Stored(named[1], form["file"][1])
            return Reply(204)
        file = self.files.get(self.url + request.path)
        if file is None:
            return Reply(404)
        return Reply(200, file.data, [("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file.name)}")])
