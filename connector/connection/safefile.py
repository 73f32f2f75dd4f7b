"""A JSON file that only its owner may read, and that is whole at every moment: the old content or the new one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from connector.errors import ConnectionInvalid, ConnectorError, OutOfSpace

_STRAY_AFTER = 600.0  # seconds; a save takes milliseconds, so an older temporary file belongs to a process that died


def read(path: Path) -> Any:
    """The file's content; None if there is no file.

    Raises ConnectionInvalid for a file that others may read, that is no plain file, or that holds no JSON.
    """
    try:
        # Not through a link, and without waiting for the other end of a pipe. What is checked is what is read.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        _require_private(path, os.fstat(handle))
        with os.fdopen(handle, "rb", closefd=False) as file:
            content = file.read()
    finally:
        os.close(handle)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise damaged(path, "it is not JSON") from None


def write(path: Path, value: Any) -> None:
    """Replace the file's content in one step; the folder is made if need be, for its owner only.

    Raises OutOfSpace or ConnectorError; then the old content is still there.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(temporary, json.dumps(value, ensure_ascii=False, indent=2).encode())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(path: Path, now: float) -> None:
    """Remove the temporary files that died saves of this file left more than ten minutes ago."""
    for stray in path.parent.glob(f".{path.name}.*.tmp"):
        with contextlib.suppress(OSError):
            if now - stray.lstat().st_mtime > _STRAY_AFTER:
                stray.unlink()


def damaged(path: Path, why: str) -> ConnectionInvalid:
    """The error for a file that cannot be understood; nobody overwrites it."""
    return ConnectionInvalid(
        f"The saved connections in {path} cannot be read: {why}.",
        hint="Nothing was changed. Repair the file or move it away, then connect again.",
    )


def _require_private(path: Path, about: os.stat_result) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise damaged(path, "it is no plain file")
    if about.st_uid not in (os.geteuid(), 0):
        raise damaged(path, "it belongs to another user")
    if about.st_mode & 0o077:
        raise ConnectionInvalid(
            f"The file {path} holds secrets, and others may read it.", hint=f"Make it yours alone: chmod 600 {path}"
        )
    folder = path.parent.stat()
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        raise ConnectionInvalid(
            f"The folder {path.parent} holds secrets, and others may write to it.",
            hint=f"Make it yours alone: chmod 700 {path.parent}",
        )


def _unreadable(path: Path, error: OSError) -> ConnectionInvalid:
    if error.errno == errno.ELOOP:
        return damaged(path, "it is a symbolic link, which might lead anywhere")
    return damaged(path, (error.strerror or type(error).__name__).lower())


def _write_new(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, 0o600)  # a umask may have taken even the owner's right away
        file.write(content)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """So that the new name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # some network file systems do not let folders be synced
            os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> ConnectorError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutOfSpace(
            f"The disk is full: the connection could not be saved in {path.parent}.",
            hint="Make room and try again. What was saved before is still there.",
        )
    return ConnectorError(
        f"The connection could not be saved in {path.parent}: {(error.strerror or type(error).__name__).lower()}.",
        hint="Check who may write there, or set CLOUDCONVERT_CONFIG_DIR to another folder.",
    )
