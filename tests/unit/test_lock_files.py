"""What npm installs is pinned, down to the bytes, and from no particular host."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT

LOCKS = [path for folder in ("connector", "tests") for path in sorted((ROOT / folder).rglob("package-lock.json"))]


def test_there_are_some() -> None:
    assert len(LOCKS) >= 4


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_every_package_is_pinned_by_its_content_and_not_by_a_host(lock: Path) -> None:
    packages = {path: about for path, about in json.loads(lock.read_text())["packages"].items() if path}
    assert not [path for path, about in packages.items() if "resolved" in about]
    bundled = {path for path, about in packages.items() if about.get("inBundle") or about.get("link")}
    assert not [path for path, about in packages.items() if "integrity" not in about and path not in bundled]
