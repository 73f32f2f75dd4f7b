"""`manifests`: write the files that install the connector into platforms, or check the ones that were committed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from connector.connection.hosts import Addresses, addresses
from connector.errors import InputError
from connector.platforms import Platform, Service, all_platforms, find
from connector.service import LIVE, REGIONS, SANDBOX

_ROOT = Path(__file__).resolve().parents[2]

FOLDER = _ROOT / "manifests" if (_ROOT / "pyproject.toml").is_file() else Path("manifests")
"""Where the committed files are, in a copy of the repository; elsewhere a folder below the current one."""

_SHOWN = 200  # lines of the diff

_names = click.argument("platforms", nargs=-1, metavar="[PLATFORM]...")
_base_url = click.option("--base-url", help="The API that the files lead to: a region, the sandbox, or your own.")
_folder = click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    help="The folder that holds a folder for each platform; by default the repository's manifests/.",
)


@click.group("manifests")
def command() -> None:
    """Write or check the files that install the connector into PLATFORMs (all of them by default)."""


@command.command()
@_names
@_base_url
@_folder
def write(platforms: tuple[str, ...], base_url: str | None, folder: Path) -> None:
    """Write the files, and remove those that are no longer made."""
    for platform in _chosen(platforms):
        files = platform.files(service_at(base_url))
        count = _write(folder / platform.name, files)
        click.echo(f"{platform.label}: {len(files)} files in {folder / platform.name}, {count} changed.")


@command.command()
@_names
@_base_url
@_folder
def check(platforms: tuple[str, ...], base_url: str | None, folder: Path) -> int:
    """Compare the files with what would be written now; print the differences and exit with 1 if there are any."""
    found = [
        line
        for platform in _chosen(platforms)
        for line in differences(platform.name, _read(folder / platform.name), platform.files(service_at(base_url)))
    ]
    for line in found[:_SHOWN]:
        click.echo(line)
    if len(found) > _SHOWN:
        click.echo(f"... and {len(found) - _SHOWN} more lines.")
    if found:
        click.echo("Write them again with: cloudconvert-connector manifests write", err=True)
    return 1 if found else 0


def service_at(base_url: str | None = None) -> Service:
    """The service that an address means: the live one by default; one of CloudConvert's own, or another. Raises InputError."""
    url = (base_url or LIVE).rstrip("/").removesuffix("/v2")
    regions = {LIVE.replace("://", f"://{region}."): region for region in REGIONS}
    if url == SANDBOX:
        known = addresses("sandbox")
    elif url == LIVE or url in regions:
        known = addresses("live", regions.get(url, "automatic"))
    else:
        known = addresses("custom", base_url=url)
    return _service(known)


def _service(known: Addresses) -> Service:
    return Service(known.api, known.sync, known.authorize, known.token)


def _chosen(names: Sequence[str]) -> list[Platform]:
    return [find(name) for name in names] or list(all_platforms().values())


def _write(folder: Path, files: Mapping[str, bytes]) -> int:
    old = _read(folder)
    for path in old.keys() - files.keys():
        (folder / path).unlink()
    changed = {path: content for path, content in files.items() if old.get(path) != content}
    try:
        for path, content in changed.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except OSError as error:
        raise InputError(f"The files cannot be written to {folder}: {error.strerror}.") from error
    return len(changed) + len(old.keys() - files.keys())


def _read(folder: Path) -> dict[str, bytes]:
    """The files below the folder. Hidden ones are a person's own, such as the key of a platform in `.secrets`."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    ours = {relative: path for relative, path in found.items() if not any(p.startswith(".") for p in relative.parts)}
    return {relative.as_posix(): path.read_bytes() for relative, path in ours.items()}


def differences(platform: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of a unified diff from the `old` files to the `new` ones; one line for a binary file."""
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        name = f"{platform}/{path}"
        lines, now = _lines(before), _lines(after)
        if lines is None or now is None:
            yield f"The binary file {name} {'is missing' if before is None else 'is not needed' if after is None else 'differs'}."
        else:
            yield from difflib.unified_diff(lines, now, f"committed/{name}", f"now/{name}", lineterm="", n=2)


def _lines(content: bytes | None) -> list[str] | None:
    try:
        return (content or b"").decode().splitlines()
    except UnicodeDecodeError:
        return None
