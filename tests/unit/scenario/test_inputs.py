from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.errors import InputError
from connector.redact import MASK, redact
from connector.scenario.inputs import accept, declare, from_text, without_secrets


@pytest.mark.parametrize(
    ("about", "kind", "default"), [("pdf", "text", "pdf"), (80, "integer", 80), (True, "boolean", True), ([1], "any", [1])]
)  # fmt: skip
def test_a_plain_value_is_the_default_and_decides_the_type(about: Any, kind: str, default: Any) -> None:
    field = declare("x", about)
    assert (field.kind, field.required, accept({"x": field}, {})) == (kind, False, {"x": default})


def test_an_input_without_anything_is_a_required_text() -> None:
    field = declare("x", None)
    with pytest.raises(InputError, match="give it with --input x=VALUE"):
        accept({"x": field}, {})


def test_an_optional_input_that_was_left_out_is_there_as_none() -> None:
    assert accept({"x": declare("x", {"type": "url", "required": False})}, {}) == {"x": None}


def test_values_get_their_type() -> None:
    declared = {"n": declare("n", 1), "yes": declare("yes", False)}
    given = {name: from_text(declared, name, text) for name, text in (("n", "7"), ("yes", "on"))}
    assert accept(declared, given) == {"n": 7, "yes": True}


def test_a_wrong_value_names_the_input() -> None:
    with pytest.raises(InputError, match=r"The input 'n' \(N\) must be a whole number\."):
        accept({"n": declare("n", 1)}, {"n": "many"})


def test_an_unknown_input_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match="Did you mean 'document'") as raised:
        accept({"document": declare("document", "a")}, {"dokument": "b"})
    assert raised.value.hint == "It has: document."


def test_paths_are_made_absolute_and_urls_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"pdf")
    declared = {"one": declare("one", {"type": "file"}), "all": declare("all", {"type": "files"})}
    accepted = accept(declared, {"one": "a.pdf", "all": ["a.pdf", "https://a.example/b"]})
    assert accepted == {"one": str(tmp_path / "a.pdf"), "all": [str(tmp_path / "a.pdf"), "https://a.example/b"]}


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="is no file that can be found"):
        accept({"one": declare("one", {"type": "file"})}, {"one": "nope.pdf"})


def test_a_secret_is_masked_from_then_on_and_not_stored() -> None:
    declared = {"word": declare("word", {"secret": True}), "plain": declare("plain", "a")}
    accepted = accept(declared, {"word": "open-sesame-42"})
    assert redact("it was open-sesame-42") == f"it was {MASK}"
    assert without_secrets(declared, accepted) == {"plain": "a"}


def test_a_telling_name_makes_a_secret_unless_it_says_otherwise() -> None:
    assert declare("api_key", None).secret
    assert not declare("token_count", {"type": "integer", "secret": False}).secret


@pytest.mark.parametrize(
    ("about", "key", "problem"),
    [
        ({"defualt": 1}, "defualt", "Did you mean 'default'"),
        ({"type": "txt"}, "type", "must be one of any, boolean"),
        ({"help": 3}, "help", "must be text"),
        ({"required": "yes"}, "required", "must be true or false"),
        ({"type": "integer", "default": "x"}, "default", "must be a whole number"),
    ],
)
def test_a_wrong_declaration_names_its_key(about: Any, key: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        declare("x", about)
    assert problem in raised.value.fields[key]
