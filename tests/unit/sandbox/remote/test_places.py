from __future__ import annotations

import posixpath

import pytest

from connector.sandbox.remote.places import places


@pytest.mark.parametrize(
    ("one", "folder", "names", "found"),
    [
        ("", "", ["a.png"], ["a.png"]),
        ("", "out", ["a.png", "b.png"], ["out/a.png", "out/b.png"]),
        ("", "out", ["a.png", "a.png"], ["out/a.png", "out/a (2).png"]),
        ("x/y.png", "out", ["a.png"], ["x/y.png"]),
        ("x/y.png", "", ["a.png", "b.png"], ["x/y-1.png", "x/y-2.png"]),
        ("x/%d/y.png", "", ["a.png", "b.png"], ["x/1/y.png", "x/2/y.png"]),
        ("y-%03d.png", "", ["a.png"], ["y-001.png"]),
        ("my%20document.pdf", "", ["a.pdf"], ["my%20document.pdf"]),
        ("y", "", ["a", "b"], ["y-1", "y-2"]),
    ],
)
def test_files_go_where_the_task_says(one: str, folder: str, names: list[str], found: list[str]) -> None:
    assert places(one, folder, names, posixpath.join) == found
