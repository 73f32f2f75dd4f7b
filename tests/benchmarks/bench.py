"""What the measures work with: servers, connections and files, made when they are first asked for."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from connector import Connection
from tests.benchmarks.measure import LeftOut
from tests.benchmarks.processes import Helper
from tests.conftest import RunningSandbox

KEY = "a-key-of-the-benchmarks"


@dataclass(frozen=True)
class Roots:
    """Where a server is, and the key for it."""

    base_url: str
    sync_url: str
    api_key: str = KEY

    def connect(self) -> Connection:
        """A connection of ours."""
        return Connection.api_key(self.api_key, base_url=self.base_url, sync_url=self.sync_url)

    def environment(self) -> dict[str, str]:
        """The environment in which the command finds it."""
        own = {"API_KEY": self.api_key, "BASE_URL": self.base_url, "SYNC_URL": self.sync_url}
        return {**os.environ, **{f"CLOUDCONVERT_{name}": value for name, value in own.items()}}


class Bench:
    """One run of the suite. Close it at the end."""

    def __init__(self, *, quick: bool = False) -> None:
        self.quick = quick
        self._end = ExitStack()

    def close(self) -> None:
        """End all that was started."""
        self._end.close()

    def rounds(self, full: int, quick: int) -> int:
        """How many rounds to run."""
        return quick if self.quick else full

    @cached_property
    def folder(self) -> Path:
        """A folder in memory where there is one, so that the disk is not measured."""
        memory = Path("/dev/shm")
        parent = memory if memory.is_dir() and shutil.disk_usage(memory).free > 4 << 30 else None
        folder = Path(tempfile.mkdtemp(prefix="benchmarks-", dir=parent))
        self._end.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def recording(self, delay: float = 0.0) -> Roots:
        """A fresh recording server, whose jobs end `delay` seconds after their last upload."""
        server = self.beside(Helper.module("servers.recording", delay))
        return Roots(**server.read())

    @cached_property
    def canned(self) -> Roots:
        """The recording server that most measures share."""
        return self.recording()

    @cached_property
    def sandbox(self) -> RunningSandbox:
        """A sandbox as people start it, that has converted something already."""
        return self.new_sandbox()

    def new_sandbox(self, *options: str) -> RunningSandbox:
        """One with options of its own."""
        running = RunningSandbox(*options)
        self._end.callback(running.stop)
        return running

    def beside(self, helper: Helper) -> Helper:
        """A helper that ends with the suite."""
        self._end.callback(helper.close)
        return helper

    def connect(self, roots: Roots | RunningSandbox) -> Connection:
        """A connection of ours, closed with the suite."""
        return self._end.enter_context(roots.connect())

    def photos(self, count: int) -> list[Path]:
        """Pictures of 20 kB, each under a name of its own."""
        folder = self.folder / "photos"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"photo-{number}.png" for number in range(count)]
        for path in paths:
            if not path.exists():
                path.write_bytes(self._photo)
        return paths

    @cached_property
    def _photo(self) -> bytes:
        return picture(82, 82)

    def sparse(self, size: int) -> Path:
        """A file of that many bytes that takes no room."""
        path = self.folder / f"{size}.bin"
        with path.open("wb") as file:
            file.truncate(size)
        return path


def picture(width: int, height: int) -> bytes:
    """A PNG of noise, about 3 bytes for each point, the same each time."""
    import io

    from PIL import Image

    noise = random.Random(7).randbytes(width * height * 3)
    content = io.BytesIO()
    Image.frombytes("RGB", (width, height), noise).save(content, "png", compress_level=1)
    return content.getvalue()


def program(name: str) -> str:
    """The path of a program. Raises LeftOut where it is missing."""
    found = shutil.which(name)
    if found is None:
        raise LeftOut(f"{name} is missing")
    return found
