"""The JavaScript run time: its own tests, and the same forms, sentences and events as in Python."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from connector.cli.manifests import service_at
from connector.errors import InputError
from connector.events.event import events_of
from connector.events.signature import sign
from connector.fields import Boolean, Field, Integer, MultiSelect, Text, Url
from connector.module import BadExample, Module
from connector.modules import all_modules
from connector.platforms.javascript import declarations, run_time
from tests.conftest import RunningSandbox
from tests.platforms.javascript.runtime import emitted, runtime
from tests.support.node import node
from tests.support.samples import sample
from tests.support.webhook_sender import document, exporting, job, task

MODULES = list(all_modules().values())
_ONLY_PYTHON = {
    "no-such-file.docx": "paths are Python's",
    "no-such.png": "paths are Python's",
}
"""Values that mean something else outside Python."""


def _bad_examples() -> list[Any]:
    return [
        pytest.param(module, bad, id=f"{module.name()}-{bad.field}")
        for module in MODULES
        for bad in module.bad_examples
        if not set(map(str, bad.form.values())) & set(_ONLY_PYTHON)
    ]


def test_it_works_by_itself_against_the_sandbox(sandbox: RunningSandbox, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(sample("png"))
    own = {"EMITTED": str(emitted()), "SAMPLE": str(tmp_path / "photo.png")}
    words = [node(), "--test", "--test-reporter=spec", str(Path(__file__).with_name("runtime.test.js"))]
    result = subprocess.run(words, env={**sandbox.environment(), **own}, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())
def test_examples_are_taken(module: type[Module]) -> None:
    for example in module.examples:
        answer = runtime().ask(work="fill", module=module.name(), form=example)
        assert set(answer["result"]) == set(module.fill(example))


@pytest.mark.parametrize(("module", "bad"), _bad_examples())
def test_bad_examples_are_refused_for_the_same_reason(module: type[Module], bad: BadExample) -> None:
    error = runtime().ask(work="fill", module=module.name(), form=bad.form)["error"]
    assert error["type"] == "InputError"
    assert bad.field in error["fields"]
    said = bad.message.partition("Did you mean")[0] or "has no field"
    assert said.replace("must be a path, a URL", "must be a URL") in error["message"]


def _wrong_values(field: Field) -> Iterator[Any]:
    """Values that break each limit that the field declares."""
    if field.required:
        yield None
    match field:
        case Integer():
            yield from ("many", 1.5)
            yield from (limit + step for limit, step in ((field.minimum, -1), (field.maximum, 1)) if limit is not None)
        case Boolean():
            yield "maybe"
        case Url():
            yield "nowhere"
        case MultiSelect():
            yield "one text"
            yield from [["no such choice"]] * isinstance(field.options, list)
        case Text():
            yield 7
            yield from ["no such choice"] * isinstance(field.options, list)
            yield from ["x" * (field.max_length + 1)] if field.max_length else []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())
def test_what_a_field_does_not_take_is_refused_in_the_same_words(module: type[Module]) -> None:
    for name, field in module.Input.all().items():
        for value in _wrong_values(field):
            form = {**module.examples[-1], name: value}
            with pytest.raises(InputError) as refused:
                module.fill(form)
            answer = runtime().ask(work="fill", module=module.name(), form=form)
            assert answer["error"]["message"] == refused.value.message, (name, value)


def test_a_signature_that_python_makes_is_good() -> None:
    body = '{"event": "job.finished", "ü": 1}'
    signature = sign(body.encode(), "secret")
    assert runtime().ask(work="verify", body=body, signature=signature, secret="secret") == {"result": True}
    assert runtime().ask(work="verify", body=body + " ", signature=signature, secret="secret")["error"]


@pytest.mark.parametrize("kind", ["created", "finished", "failed"])
@pytest.mark.parametrize("kinds", [["created", "finished", "failed"], ["failed"]], ids=len)
def test_events_have_the_same_outputs(kind: str, kinds: list[str]) -> None:
    failed = task("convert", "error", code="BROKEN", message="It is broken.")
    about = document(kind, tasks=[exporting(), failed, task("later", "waiting")])
    theirs = runtime().ask(work="events", document=about, kinds=kinds)["result"]
    assert theirs == [dict(event.outputs()) for event in events_of(about, kinds)]


def test_a_document_without_a_job_is_refused_and_an_unknown_event_is_nothing() -> None:
    ask = runtime().ask
    assert (
        ask(work="events", document={"event": "job.finished", "job": {"id": "../a"}})["error"]["type"]
        == "ProtocolError"
    )
    assert ask(work="events", document={"event": "job.paused", "job": job()}) == {"result": []}


def test_the_declarations_hold_every_module_and_no_address_but_the_services() -> None:
    made = declarations(service_at("http://127.0.0.1:1"))
    assert [module["name"] for module in made["modules"]] == list(all_modules())
    assert made["service"]["live"] == {"base_url": "http://127.0.0.1:1", "sync_url": None}


def test_the_run_time_needs_nothing_but_node() -> None:
    required = {name for content in run_time().values() for name in re.findall(r"require\('(.*?)'\)", content.decode())}
    assert "node:crypto" in required
    assert all(name.startswith(("node:", "./")) for name in required)


def test_the_run_time_is_imported_downwards() -> None:
    """A circle of files would see each other half made."""
    below: dict[str, set[str]] = {
        path.removeprefix("lib/runtime/").removesuffix(".js"): set(re.findall(r"require\('\./(.*?)'\)", text.decode()))
        for path, text in run_time().items()
    }
    assert list(TopologicalSorter(below).static_order())[-1] == "index"
