"""The addresses that answers carry: of jobs and tasks, of upload forms, and of files to download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from connector.sandbox.conductor import KEEP_SECONDS, UPLOAD_SECONDS
from connector.sandbox.flow import MAX_SIZE
from connector.sandbox.records import File, Task
from connector.sandbox.signing import Signer

UPLOAD_PATH = "/storage/tasks"
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_FILE = re.compile(
    r"/storage/tasks/(?P<task>[0-9a-f-]{36})/(?P<number>\d+)/[^/?#]*\?Expires=(?P<expires>\d+)&Signature=(?P<signature>[0-9a-f]+)"
)


@dataclass(frozen=True)
class Ports:
    """The ports of the two roots."""

    base: int
    sync: int


def home(host: str, port: int) -> str:
    """The root for clients on this machine; a server on all interfaces is reached by loopback too."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - not bound here
    return f"http://{name}:{port}"


def root(scheme: str, host: str, local: tuple[str, int], ports: Ports) -> str:
    """The root that links start with: the host that the client used, with the port of the root that does not block."""
    ours = f"[{local[0]}]" if ":" in local[0] else local[0]
    name = host if _HOST.fullmatch(host) else f"{ours}:{local[1]}"
    if name.endswith(f":{ports.sync}"):
        name = f"{name.rpartition(':')[0]}:{ports.base}"
    return f"{scheme}://{name}"


@dataclass(frozen=True)
class Addresses:
    """Builds URLs under one root."""

    root: str
    signer: Signer

    def of(self, kind: str, identity: str) -> str:
        """The address of one thing: `kind` is "jobs", "tasks", "users" or "webhooks"."""
        return f"{self.root}/v2/{kind}/{identity}"

    def of_file(self, task: Task, file: File) -> str:
        """The address at which a file can be had without a token, until 24 hours after its task ended."""
        expires = int((task.ended_at or task.created_at) + KEEP_SECONDS)
        signature = self.signer.sign("file", task.id, file.number, expires)
        return f"{self.root}/storage/tasks/{task.id}/{file.number}/{quote(file.name, safe='')}?Expires={expires}&Signature={signature}"

    def is_own_file(self, url: str) -> bool:
        """Whether the URL is one that `of_file` made: a job may import what another one exported."""
        found = _FILE.fullmatch(url.removeprefix(self.root)) if url.startswith(self.root) else None
        return found is not None and self.signer.fits(
            found["signature"], "file", *found.group("task", "number", "expires")
        )

    def upload_form(self, task: Task) -> dict[str, object]:
        """Where and with what fields the file of an import/upload is posted."""
        expires = int(task.created_at + UPLOAD_SECONDS)
        signature = self.signer.sign("upload", task.id, expires)
        parameters = {
            "key": f"{task.id}/${{filename}}",
            "expires": expires,
            "max_file_count": 1,
            "max_file_size": MAX_SIZE,
            "signature": signature,
        }
        return {"url": self.root + UPLOAD_PATH, "parameters": parameters}
