"""Files to upload: from a path, bytes or a stream, always seekable and of known length."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from connector.errors import InputError
from connector.files import LocalFile, RemoteFile


class Pipe(io.RawIOBase):
    """A stream that cannot be rewound."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        taken, self.left = self.left[: len(buffer)], self.left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


class OnlyRead:
    """The least that a stream can be."""

    def __init__(self, content: bytes) -> None:
        self.read = io.BytesIO(content).read


def content(file: LocalFile) -> tuple[int, bytes]:
    with file.open() as stream:
        return LocalFile.length(stream), stream.read()


def test_a_path_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"hello")
    assert content(LocalFile("a.txt", path=tmp_path / "a.txt")) == (5, b"hello")


def test_a_path_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"hello")
    with LocalFile("a.txt", path=tmp_path / "a.txt").open() as stream:
        pass
    assert stream.closed


@pytest.mark.parametrize("size", [0, 5])
def test_bytes_are_a_stream(size: int) -> None:
    assert content(LocalFile("a.txt", data=b"x" * size)) == (size, b"x" * size)


def test_a_stream_begins_at_its_beginning_and_stays_open() -> None:
    stream = io.BytesIO(b"hello")
    stream.seek(3)
    assert content(LocalFile("a.txt", stream=stream)) == (5, b"hello")
    assert not stream.closed


@pytest.mark.parametrize("kind", [Pipe, OnlyRead])
def test_a_stream_that_cannot_be_rewound_is_copied(kind: type[Pipe]) -> None:
    assert content(LocalFile("a.txt", stream=kind(b"x" * 3_000_000))) == (3_000_000, b"x" * 3_000_000)  # type: ignore[arg-type]


def test_a_file_that_went_away_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt cannot be read: No such file"):
        content(LocalFile("gone.txt", path=tmp_path / "gone.txt"))


def test_a_closed_stream_is_an_input_error() -> None:
    stream = io.BytesIO(b"hello")
    stream.close()
    with pytest.raises(InputError, match=r"'a\.txt' cannot be read"):
        content(LocalFile("a.txt", stream=stream))


def test_a_file_without_content_is_an_input_error() -> None:
    with pytest.raises(InputError, match="has no content"):
        content(LocalFile("a.txt"))


def test_trouble_of_the_reader_is_not_taken_for_the_files() -> None:
    def read() -> None:
        with LocalFile("a.txt", stream=io.BytesIO(b"x")).open():
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        read()


def test_content_and_headers_stay_out_of_the_repr() -> None:
    files = LocalFile("a", data=b"private"), RemoteFile("https://example.com/a", {"X-Key": "private"})
    assert "private" not in repr(files)
