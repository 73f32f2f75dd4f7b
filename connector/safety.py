"""File names from strangers: made harmless, placed inside the folder they are meant for, never over another file."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import unicodedata
from pathlib import Path

from connector.errors import InputError

_LONGEST = 200  # bytes in UTF-8; file systems allow 255, a part suffix and a number must still fit
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Windows' devices, under any extension. Source: Microsoft's page "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ .]*(\..*)?", re.IGNORECASE
)


def clean_name(name: str, default: str = "file") -> str:
    """A file name that every system can store: one component, no control or bidi characters, no reserved word.

    Letters of all scripts stay. At most 200 bytes, the extension is kept. Gives `default` where nothing is left.
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = _FORBIDDEN.sub("_", name).strip(" .").lstrip(".- ")
    name = _shorten(name)
    if _RESERVED.fullmatch(name):
        name = _shorten(f"_{name}")
    return name or default


def _shorten(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = _LONGEST - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension


def inside(folder: Path, name: str) -> Path:
    """The path of that (cleaned) name in the folder. Raises InputError if it would lie elsewhere."""
    root = folder.resolve()
    path = root / clean_name(name)
    if path.parent.resolve() != root:
        raise InputError(f"The file name {name!r} does not stay in the folder {folder}.")
    return path


def settle(temporary: Path, target: Path, *, overwrite: bool = False) -> Path:
    """Give a finished temporary file its name, in one step. On a clash a number is added: `report (2).pdf`.

    With `overwrite` an existing file is replaced. Both paths must lie in one folder. Gives the path taken.
    """
    if overwrite:
        temporary.replace(target)
        return target
    candidate = target
    while not _claim(temporary, candidate):
        candidate = _free(target)
    return candidate


def _free(target: Path) -> Path:
    """The name with the lowest number that is free, where none was freed in between; found in few looks among thousands."""
    below, above = 1, 2
    while os.path.lexists(_numbered(target, above)):
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        if os.path.lexists(_numbered(target, middle)):
            below = middle
        else:
            above = middle
    return _numbered(target, above)


def _numbered(target: Path, number: int) -> Path:
    return target.with_name(f"{target.stem} ({number}){target.suffix}")


def _claim(temporary: Path, target: Path) -> bool:
    """Move to a name that is free. A hard link fails where the name is taken, which a rename would not."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        return _claim_without_links(temporary, target)
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    return True


def _claim_without_links(temporary: Path, target: Path) -> bool:
    """For file systems that know no hard links: reserve the name, then move onto it."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    temporary.replace(target)
    return True
