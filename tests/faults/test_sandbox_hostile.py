"""Files, arguments, names and addresses of people who mean harm, over HTTP, against the sandbox that people start."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.support.hostile import archives, damaged, documents, programs
from tests.support.hostile.case import Bait, Case, always, convert
from tests.support.hostile.running import Came, run, taken
from tests.support.samples import sample
from tests.support.watched import Listener, Tree, Watched, tree, until

CASES = [case for module in (damaged, archives, documents, programs) for case in module.cases()]
HARMLESS = [
    Case(f"harmless-{number}", "a.png", always(sample("png")), convert("jpg"), "finished") for number in range(8)
]
LONGEST = 60.0
NEED_ISOLATION = ("svg-inkscape", "svg-libreoffice", "html-libreoffice")
"""Cases that only the system can hold back; where it does not, the sandbox says so at its start."""
UNPROTECTED = "this system lets no program be kept apart: install bubblewrap, or run where user namespaces are allowed"
OURS = re.compile(r"Traceback|site-packages|\.py\b|/usr/|/proc/|line \d+, in|unexpected")


@dataclass(frozen=True)
class Yard:
    """A running sandbox, what lies around it, and how that was before."""

    sandbox: Watched
    bait: Bait
    listener: Listener
    before: tuple[Tree, Tree]

    @property
    def apart(self) -> bool:
        """Whether the system lets the sandbox keep programs away from the network and from other files."""
        return "see only their own files" in self.sandbox.log.read_text()

    def around(self) -> tuple[Tree, Tree]:
        """What lies around the sandbox now."""
        return self.sandbox.surroundings(), tree(self.bait.folder)


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    listener = Listener()
    bait = Bait(tmp_path_factory.mktemp("elsewhere") / "bait", listener.url).lay()
    with Watched(tmp_path_factory.mktemp("sandbox")) as sandbox:
        sandbox.settle()
        yield Yard(sandbox, bait, listener, (sandbox.surroundings(), tree(bait.folder)))
    listener.close()


@pytest.fixture(scope="module")
def quick(yard: Yard) -> dict[str, Came]:
    """What came of the cases of every run, among which some harmless jobs wait for their turn."""
    cases = [case for case in CASES if not case.slow]
    step = len(cases) // len(HARMLESS)
    for number, harmless in enumerate(HARMLESS):
        cases.insert(number * (step + 1), harmless)
    return run(yard.sandbox, cases, yard.bait, 240)


@pytest.fixture(scope="module")
def slow(yard: Yard) -> dict[str, Came]:
    """What came of the cases of the long run."""
    return run(yard.sandbox, [case for case in CASES if case.slow], yard.bait, 400)


@pytest.fixture
def came(case: Case, request: pytest.FixtureRequest) -> Came:
    """What came of a case; skipped where its engine is missing."""
    found: Came = request.getfixturevalue("slow" if case.slow else "quick")[case.name]
    if found.task["code"] == "ENGINE_NOT_INSTALLED":
        pytest.skip(found.task["message"])
    return found


def marked(case: Case) -> Any:
    return pytest.param(case, id=case.name, marks=[pytest.mark.slow] if case.slow else [])


@pytest.mark.parametrize("case", [marked(case) for case in [*CASES, *HARMLESS]])
def test_it_ends_with_a_sentence_and_takes_no_bait(case: Case, came: Came, yard: Yard) -> None:
    if case.name.startswith(NEED_ISOLATION) and not yard.apart:
        pytest.skip(UNPROTECTED)
    assert taken(came, yard.bait) is None
    assert came.task["status"] in {"either": ("finished", "error")}.get(case.ends, (case.ends,)), came.task
    assert seconds(came.task) < LONGEST
    if came.task["status"] == "error":
        assert came.task["code"] in case.codes, came.task
        check_sentence(came.task["message"], yard.sandbox)
        assert came.files == ()


def check_sentence(sentence: str, sandbox: Watched) -> None:
    assert sentence.endswith("."), sentence
    assert "\n" not in sentence
    for ours in (str(sandbox.place), sys.prefix, str(sandbox.data)):
        assert ours not in sentence
    assert not OURS.search(sentence), sentence


def seconds(task: dict[str, Any]) -> float:
    """How long it ran, in whole seconds."""
    started, ended = (datetime.fromisoformat(task[name]) for name in ("started_at", "ended_at"))
    return (ended - started).total_seconds()


def test_nothing_outside_the_data_folder_was_touched(quick: dict[str, Came], yard: Yard) -> None:
    assert yard.around() == yard.before


def test_nobody_was_reached(quick: dict[str, Came], yard: Yard) -> None:
    if not yard.apart:
        pytest.skip(UNPROTECTED)
    assert yard.listener.hits == []


def test_no_work_and_no_program_is_left_behind(quick: dict[str, Came], yard: Yard) -> None:
    work = yard.sandbox.data / "work"
    assert until(lambda: [path.name for path in work.iterdir() if not path.name.startswith("worker-")] == [])


def test_the_log_says_at_the_start_how_programs_are_kept_apart(yard: Yard) -> None:
    assert until(lambda: "Programs " in yard.sandbox.log.read_text())
    said = next(line for line in yard.sandbox.log.read_text().splitlines() if "Programs " in line)
    assert re.search(r"see only their own files|see the files", said)
    assert ("INFO" if "only their own" in said else "WARNING") in said
