"""Node-RED is installed whole or not at all, once, and goes away again."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.errors import InputError, LimitReached, TemporaryError
from connector.playground.installation import alone, installed, is_installed, remove, version
from connector.playground.node import Node
from tests.unit.playground.test_node import script

WORKS = "mkdir -p node_modules/node-red node_modules/@scope/other; echo $@ > node_modules/words"


def npm(folder: Path, text: str) -> Node:
    """A Node.js whose npm is this shell script."""
    return Node("node", (str(script(folder / "npm", text)),))


def test_it_is_installed_once_without_running_scripts(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    target = tmp_path / "playground"
    _, modules = installed(target, npm(tmp_path, WORKS), lambda *how_far: seen.append(how_far))
    assert {"ci", "--ignore-scripts"} <= set((modules / "words").read_text().split())
    assert (modules.parent / "package-lock.json").is_file()
    done, total = seen[-1]
    assert done == total > 200
    assert is_installed(target)
    assert installed(target, npm(tmp_path, "exit 1"))[1] == modules


def test_a_failure_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    said = "echo 'npm error code ENOTFOUND' >&2; echo 'npm error request to the registry failed' >&2; exit 1"
    with pytest.raises(TemporaryError) as raised:
        installed(tmp_path / "playground", npm(tmp_path, f"{WORKS}; {said}"))
    assert str(raised.value) == "Node-RED could not be installed: request to the registry failed."
    assert "registry" in raised.value.hint
    assert not is_installed(tmp_path / "playground")
    assert [path.name for path in (tmp_path / "playground").iterdir() if path.is_dir()] == []


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with pytest.raises(LimitReached, match="the disk is full"):
        installed(tmp_path / "playground", npm(tmp_path, "echo 'npm error code ENOSPC' >&2; exit 1"))


def test_an_older_version_and_a_broken_off_installation_are_cleaned_up(tmp_path: Path) -> None:
    for name in ("node-red-old", "installing-half"):
        (tmp_path / "playground" / name).mkdir(parents=True)
    installed(tmp_path / "playground", npm(tmp_path, WORKS))
    assert len([path for path in (tmp_path / "playground").iterdir() if path.is_dir()]) == 1


def test_removing_takes_everything_but_not_from_a_running_one(tmp_path: Path) -> None:
    folder = tmp_path / "playground"
    assert not remove(folder)
    installed(folder, npm(tmp_path, WORKS))
    with alone(folder), pytest.raises(InputError, match="running already"):
        remove(folder)
    assert remove(folder)
    assert not folder.exists()


def test_the_version_is_that_of_the_lock_file() -> None:
    assert version().count(".") == 2
