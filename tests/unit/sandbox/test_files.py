from __future__ import annotations

from pathlib import Path

import pytest

from connector.sandbox.files import Files
from connector.sandbox.signing import Signer


def test_a_written_file_lies_under_its_number(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.write("task", 1, b"abc") == 3
    assert files.path("task", 1).read_bytes() == b"abc"
    assert [file.name for file in (tmp_path / "files/task").iterdir()] == ["1"]


def test_a_link_is_never_kept(tmp_path: Path) -> None:
    files = Files(tmp_path)
    draft = files.draft("task")
    draft.symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match="regular"):
        files.keep(draft, "task", 1)


def test_a_shared_file_survives_the_end_of_the_other(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write("one", 1, b"abc")
    files.share(files.path("one", 1), files.path("two", 4))
    files.remove("one")
    assert files.path("two", 4).read_bytes() == b"abc"


def test_a_workspace_is_empty_and_goes_away(tmp_path: Path) -> None:
    with Files(tmp_path).workspace() as space:
        assert list(space.outputs.iterdir()) == []
        (space.outputs / "x").write_text("x")
    assert list((tmp_path / "work").iterdir()) == []


def test_leftovers_of_a_killed_server_are_removed(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write("known", 1, b"abc")
    files.write("stranger", 1, b"abc")
    files.draft("known").write_bytes(b"half")
    (tmp_path / "work/old").mkdir()
    files.remove_strangers({"known"})
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "files",
        "files/known",
        "files/known/1",
        "work",
    ]


def test_signatures_are_kept_over_restarts_and_cover_every_part(tmp_path: Path) -> None:
    signature = Signer.of_folder(tmp_path).sign("file", "t", 1, 99)
    again = Signer.of_folder(tmp_path)
    assert again.fits(signature, "file", "t", "1", "99")
    assert not again.fits(signature, "file", "t", "1", "98")
    assert not again.fits("é", "file", "t", "1", "99")
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
