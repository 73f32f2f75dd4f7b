"""The folder that Node-RED works in: our nodes, the flows to begin with, and where the sandbox is this time."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from connector.platforms.node_red.package import NAME
from connector.playground.flows import CONNECTION, flows

KEY_VARIABLE = "CLOUDCONVERT_SANDBOX_KEY"
"""The environment variable of Node-RED's process through which its connection gets the sandbox's key."""

_PICTURE = "node-red-picture"
_PICTURE_FILES = ("package.json", "picture.js", "picture.html")


@dataclass(frozen=True)
class Place:
    """Where the sandbox is, and its key."""

    base_url: str
    sync_url: str
    api_key: str


def prepare(user: Path, package: Mapping[str, bytes], place: Place, url: str) -> None:
    """Put the nodes into the folder, and the flows: the examples at first, later what the person has made of them.

    A connection keeps its credential in Node-RED's encrypted file. What is written there first names an environment
    variable, which is what Node-RED offers for keys that change with every start.
    """
    _write(user / "node_modules" / NAME, package)
    _write(user / "node_modules" / _PICTURE, {name: _picture(name) for name in _PICTURE_FILES})
    addresses = {"page": url, "base_url": place.base_url, "sync_url": place.sync_url}
    kept, known = user / "flows.json", user / "addresses.json"
    if kept.is_file():
        kept.write_text(moved(kept.read_text("utf-8"), json.loads(known.read_text("utf-8")), addresses), "utf-8")
    else:
        kept.write_text(json.dumps(flows(url, place.base_url, place.sync_url), indent=2), "utf-8")
        (user / "flows_cred.json").write_text(json.dumps({CONNECTION: {"api_key": f"${{{KEY_VARIABLE}}}"}}), "utf-8")
    known.write_text(json.dumps(addresses), "utf-8")


def moved(text: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The flows with this start's addresses in the place of the last one's, wherever a person has put them."""
    roots = {before[name]: address for name, address in now.items()}
    either = "|".join(map(re.escape, roots))
    return re.sub(rf"({either})(?!\d)", lambda found: roots[found[1]], text)


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _picture(name: str) -> bytes:
    return files(__package__).joinpath("picture", name).read_bytes()
