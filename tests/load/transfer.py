"""Sends a file of so many bytes up and down again: `python -m tests.load.transfer BASE_URL KEY BYTES FOLDER`."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

from connector import Connection
from connector.api.download import download_to
from connector.api.upload import upload
from connector.files import LocalFile
from tests.load.measuring import peak

_MARK = 64 << 20


def main(base_url: str, key: str, size: int, folder: Path) -> None:
    """Prints seconds, digests and the growth of memory."""
    source = sparse(folder / "large.bin", size)
    with Connection.api_key(key, base_url=base_url) as connection:
        api = connection.api
        api.me()
        tasks = {"in": {"operation": "import/upload"}, "out": {"operation": "export/url", "input": "in"}}
        job = api.create_job({"tasks": tasks, "tag": "large"}, None)
        before = peak()
        began = time.perf_counter()
        upload(api, next(task for task in job["tasks"] if task["name"] == "in"), LocalFile("large.bin", path=source))
        up = time.perf_counter() - began
        while (job := api.job(job["id"]))["status"] != "finished":
            time.sleep(0.05)
        file = next(task for task in job["tasks"] if task["name"] == "out")["result"]["files"][0]
        began = time.perf_counter()
        target = download_to(api.session, file["url"], folder / "down", "large.bin", size=file["size"])
        down = time.perf_counter() - began
        growth = peak() - before
    same = digest(source) == digest(target)
    sys.stdout.write(json.dumps({"up": up, "down": down, "growth": growth, "same": same}))


def sparse(path: Path, size: int) -> Path:
    """A file that takes no room, with marks by which a piece at the wrong place is found out."""
    with path.open("wb") as file:
        file.truncate(size)
        for start in range(0, size, _MARK):
            file.seek(start)
            file.write(f"at {start}".encode())
    return path


def digest(path: Path) -> str:
    """The SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
