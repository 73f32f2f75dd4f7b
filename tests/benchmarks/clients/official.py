"""CloudConvert's official client for Python, as its own documentation uses it."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

from tests.benchmarks.clients.floor import tasks
from tests.benchmarks.measure import LeftOut


class Official:
    """The client, set to a server. It opens a new connection for every request."""

    def __init__(self, roots: Any) -> None:
        try:
            import cloudconvert
        except ImportError:
            raise LeftOut("the official Python client is missing: pip install cloudconvert") from None
        warnings.simplefilter("ignore", ResourceWarning)
        self._client = cloudconvert
        self._roots = roots

    def aim(self) -> None:
        """Its settings are global: set them before each measure."""
        self._client.set_config(
            api_key=self._roots.api_key, endpoint=self._roots.base_url, sync_endpoint=self._roots.sync_url
        )

    def me(self) -> Any:
        """The account; the client has no class for it, but the request."""
        return self._client.default_client().get("v2/users/me")["data"]

    def convert(self, source: Path, folder: Path) -> Path:
        """Create, upload, wait, download."""
        job = self._client.Job.create(payload={"tasks": tasks(), "tag": "official"})
        if not self._client.Task.upload(file_name=str(source), task=job["tasks"][0]):
            raise RuntimeError("The official client could not upload.")
        job = self._client.Job.wait(id=job["id"])
        found = next(task for task in job["tasks"] if task["name"] == "export")["result"]["files"][0]
        with contextlib.redirect_stdout(io.StringIO()):  # it prints
            saved = self._client.download(filename=str(folder / found["filename"]), url=found["url"])
        return Path(saved)
