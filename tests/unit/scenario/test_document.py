from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connector.errors import InputError
from connector.scenario.document import read

Write = Callable[[str], Path]


def test_every_value_has_its_line(write: Write) -> None:
    document = read(write("name: a\nsteps:\n  - id: one\n    parameters:\n      x: 1\n"))
    assert document.line(("steps", 0, "parameters", "x")) == 5
    assert document.line(("steps", 0, "parameters", "not", "there")) == 4
    assert document.data == {"name": "a", "steps": [{"id": "one", "parameters": {"x": 1}}]}


def test_what_looks_like_a_date_stays_text(write: Write) -> None:
    assert read(write("day: 2026-11-01")).data == {"day": "2026-11-01"}


def test_a_key_that_is_given_twice_is_noticed_but_an_overridden_merge_is_not(write: Write) -> None:
    document = read(write("a: &base {x: 1}\nb:\n  <<: *base\n  x: 2\na: 3\n"))
    assert document.repeated == (("a",),)
    assert document.data["b"] == {"x": 2}


def test_the_digest_changes_with_every_letter(write: Write) -> None:
    assert read(write("a: 1")).digest != read(write("a: 1 ")).digest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2", "line 2: this is no YAML"),
        ("a: !!python/object/apply:os.system [ls]", "line 1: the tag"),
        ("a: !!binary aGk=", "line 1: the tag"),
        ("? [1, 2]\n: x", "line 1: a key must be text"),
        ("a: &a [*a]", "nested too deeply"),
        ("[" * 3000 + "]" * 3000, "YAML"),
        ("a: \x07", "no YAML"),
    ],
    ids=["unclosed", "python", "binary", "key", "circle", "deep", "control"],
)
def test_what_is_no_plain_data_is_refused_with_its_line(write: Write, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(write(text))


def test_aliases_cannot_multiply_without_bounds(write: Write) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(InputError, match="holds too much"):
        read(write("\n".join(lines)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"#" * (1 << 20) + b"#")
    with pytest.raises(InputError, match="larger than 1 MB"):
        read(tmp_path / "huge.yaml")
