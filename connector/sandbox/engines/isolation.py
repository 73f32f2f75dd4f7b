"""What keeps a program away from the network and from other files than its own: the best way that this system allows."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Literal

Isolation = Literal["bubblewrap", "namespaces", "network only", "none"]

# What programs need to start; everything else but the work folder and the inputs is out of their sight.
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/var/lib/libreoffice", "/var/cache/fontconfig"),
    *(
        "/etc/alternatives",
        "/etc/chromium",
        "/etc/chromium.d",
        "/etc/fonts",
        "/etc/ghostscript",
        "/etc/ImageMagick-6",
        "/etc/ImageMagick-7",
    ),
    *("/etc/ld.so.cache", "/etc/libreoffice", "/etc/localtime"),
)
_SYSTEM_FOLDERS = ("/usr/", "/bin/", "/sbin/", "/lib/", "/opt/")
_PROCESSES = ("-p", "-f", "--kill-child")
_BUBBLE = (
    *("--die-with-parent", "--unshare-net", "--unshare-pid", "--unshare-ipc"),
    *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),  # noqa: S108 - a fresh one of its own
)
# What bubblewrap does, by the mount program: for systems that have it not. $1 is the new root, $2 the work folder, then
# the paths to show, "--" and the command.
_VIEW = """\
set -e
root=$1 folder=$2
shift 2
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir "$root/proc" "$root/dev" "$root/tmp"
show() {
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root${1%/*}"; : > "$root$1"; fi
  mount --bind -o "$2" "$1" "$root$1" 2>/dev/null || mount --bind "$1" "$root$1"
}
while [ "$1" != -- ]; do
  if [ -L "$1" ] && [ -d "$1" ]; then mkdir -p "$root${1%/*}"; cp -P "$1" "$root$1"; elif [ -e "$1" ]; then show "$1" ro; fi
  shift
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
show "$folder" rw
shift
exec chroot "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
"""

Wrap = Callable[[Sequence[str], Path, Sequence[Path]], list[str]]


def isolation() -> Isolation:
    """The way in force here. "network only" hides no files, "none" nothing at all."""
    return _best()[0]


def isolated(command: Sequence[str], *, folder: Path, reads: Sequence[Path] = ()) -> list[str]:
    """The command as it is started without network and, where possible, with sight of `folder` and `reads` only."""
    needed = (Path(command[0]).resolve().parent, *reads)
    return _best()[1](command, folder, [path for path in needed if not str(path).startswith(_SYSTEM_FOLDERS)])


@cache
def network_namespace() -> tuple[str, ...]:
    """The words in front of a command that shall have no network but sees all files; () where that cannot be had."""
    ways = (("unshare", "-n", "--"), ("unshare", "-cn", "--"), ("unshare", "-rn", "--"))
    return next((way for way in ways if _works([*way, "true"])), ())


@cache
def _best() -> tuple[Isolation, Wrap]:
    ways: list[tuple[Isolation, Wrap]] = [
        ("bubblewrap", _bubble),
        ("namespaces", partial(_view, ("unshare", "-n", "-m", *_PROCESSES))),
        ("namespaces", partial(_view, ("unshare", "-rn", "-m", *_PROCESSES))),
        ("network only", partial(_prefixed, ("unshare", "-n", "--mount-proc", *_PROCESSES, "--"))),
        ("network only", partial(_prefixed, network_namespace())),
    ]
    with tempfile.TemporaryDirectory() as folder:
        return next(
            (way for way in ways if way[1] != partial(_prefixed, ()) and _works(way[1](["true"], Path(folder), []))),
            ("none", partial(_prefixed, ())),
        )


def _bubble(command: Sequence[str], folder: Path, reads: Sequence[Path]) -> list[str]:
    system = [part for path in _SYSTEM for part in ("--ro-bind-try", path, path)]
    inputs = [part for path in reads for part in ("--ro-bind-try", str(path), str(path))]
    return [
        "bwrap",
        *system,
        *_BUBBLE,
        *inputs,
        "--bind",
        str(folder),
        str(folder),
        "--chdir",
        str(folder),
        "--",
        *command,
    ]


def _view(unshare: Sequence[str], command: Sequence[str], folder: Path, reads: Sequence[Path]) -> list[str]:
    root = folder / ".root"
    root.mkdir(exist_ok=True)
    return [
        *unshare,
        "--",
        "/bin/sh",
        "-c",
        _VIEW,
        "sh",
        str(root),
        str(folder),
        *_SYSTEM,
        *map(str, reads),
        "--",
        *command,
    ]


def _prefixed(prefix: Sequence[str], command: Sequence[str], _folder: Path, _reads: Sequence[Path]) -> list[str]:
    return [*prefix, *command]


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603 - our own words
    except (OSError, subprocess.TimeoutExpired):
        return False
