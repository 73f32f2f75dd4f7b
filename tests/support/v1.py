"""A client of API v1 that hides nothing, and the gateway in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.conftest import ROOT, RunningSandbox

TIMEOUT = 60


class V1:
    """Speaks to a gateway at `base_url` with a key."""

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url, self.key = base_url, key
        self.host = urlsplit(base_url).netloc

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """A request with the key, redirects not followed."""
        headers = {"Authorization": f"Bearer {self.key}", **how.pop("headers", {})}
        url = f"http:{path}" if path.startswith("//") else self.base_url + path
        return requests.request(method, url, headers=headers, timeout=TIMEOUT, allow_redirects=False, **how)

    def create(self, inputformat: str = "png", outputformat: str = "jpg", **more: Any) -> str:
        """A new process; gives its URL, protocol-relative as v1 has it."""
        given = {"inputformat": inputformat, "outputformat": outputformat, **more}
        return str(self.ask("POST", "/process", json=given).json()["url"])

    def start(self, url: str, **given: Any) -> dict[str, Any]:
        """Start a process; gives the answer, which must be a good one."""
        answer = self.ask("POST", url, json=given)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def converted(self, content: bytes, name: str, outputformat: str = "jpg", **given: Any) -> dict[str, Any]:
        """The status of a process that has converted this upload."""
        url = self.create(name.rpartition(".")[2], outputformat, mode=given.get("mode", "convert"))
        upload = self.start(url, input="upload", outputformat=outputformat, **given)["upload"]["url"]
        assert self.ask("PUT", f"{upload}/{name}", data=content).status_code == 200
        return dict(self.ask("GET", f"{url}?wait").json())


class GatewayProcess:
    """`v1-gateway` as people start it, in front of a sandbox; its state lies in the folder."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, port: int = 0, *options: str) -> None:
        words = ["v1-gateway", "--port", str(port), "--state", str(folder), "--allow-private-network", *options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "connector.cli", *words],
            cwd=ROOT,
            env=sandbox.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout
        self.client = V1(json.loads(self.process.stdout.readline())["base_url"], sandbox.api_key)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        self.process.send_signal(how)
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(timeout=30)


def until(what: Any, seconds: float = 20.0) -> Any:
    """The first true value that `what()` gives."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found
