"""Files of an item come to their names once, although the worker may die before it has noted that they are there.

They are downloaded into a hidden folder of the item's own, and linked from there to their names. Until the item is noted
as done the hidden links stay: by them the next worker knows which files are the dead one's, takes them away and begins
anew. A file system that has no hard links gets the files moved; there such a death leaves a second copy, `a (2).pdf`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from connector.runtime import Record
from connector.safety import settle

HIDDEN = ".cloudconvert-bulk"


class Place:
    """The folder that the files of an item go to; `private` is the item's own, inside it."""

    def __init__(self, folder: Path, tag: str, *, overwrite: bool) -> None:
        self.folder = folder
        self.private = folder / HIDDEN / tag
        self._overwrite = overwrite

    def open(self) -> Path:
        """The item's own folder, empty: what an earlier try has left is taken away, also where it was linked to."""
        self.clear()
        while True:
            with contextlib.suppress(FileNotFoundError):  # somebody has just taken the folder above for empty
                self.private.mkdir(parents=True, exist_ok=True)
                return self.private

    def clear(self) -> None:
        """Take away what an earlier try has left."""
        if not self.private.is_dir():
            return
        mine = {(status.st_dev, status.st_ino) for status in map(os.stat, self.private.iterdir())}
        with os.scandir(self.folder) as found:
            placed = [entry.path for entry in found if _inode(entry) in mine]
        for path in placed:
            Path(path).unlink(missing_ok=True)
        self.forget()

    def give_names(self, outputs: Record) -> None:
        """Link the files to names in the folder that are free, and write those into the outputs."""
        for file in outputs.get("files") or []:
            file["path"] = str(self._named(Path(file["path"])))

    def _named(self, private: Path) -> Path:
        waiting = self.folder / f".{self.private.name}.{private.name[:80]}"
        with contextlib.suppress(FileNotFoundError):
            waiting.unlink()
        try:
            os.link(private, waiting)
        except OSError:
            private.replace(waiting)
        return settle(waiting, self.folder / private.name, overwrite=self._overwrite)

    def forget(self) -> None:
        """The item is done: what it was known by is no longer needed."""
        shutil.rmtree(self.private, ignore_errors=True)
        with contextlib.suppress(OSError):  # others still have something there
            self.private.parent.rmdir()


def _inode(entry: os.DirEntry[str]) -> tuple[int, int] | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return status.st_dev, status.st_ino
