"""The suite that measures speed says what is so: which promises hold, and how cost grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.benchmarks import __main__ as command
from tests.benchmarks.bench import Bench
from tests.benchmarks.measure import LeftOut, Row, all_measures, at_least, at_most
from tests.benchmarks.report import END, MARK, table, write_readme
from tests.benchmarks.timing import Samples, side_by_side, slope


def test_a_promise_is_kept_up_to_its_limit() -> None:
    assert [at_most(1.25, "x").row("w", value).held for value in (1.2, 1.25, 1.26)] == [True, True, False]
    assert [at_least(0.9, "x").row("w", value).held for value in (0.89, 0.9, 2)] == [False, True, True]


def test_a_row_says_what_was_promised() -> None:
    row = at_most(1.25, "x", "the floor").row("500 calls", 0.871)
    assert (row.measured, row.bar) == ("0.87 x", "at most 1.25 x the floor")


def test_a_ratio_is_that_of_the_rounds_not_of_the_medians() -> None:
    samples = Samples({"ours": [1, 10, 100], "floor": [2, 20, 50]})
    assert samples.ratio("ours", "floor") == 0.5
    assert samples.more("ours", "floor") == -1


def test_every_contender_begins_as_often_as_the_others() -> None:
    seen: list[str] = []
    samples = side_by_side(2, warm=1, a=lambda: seen.append("a"), b=lambda: seen.append("b"))
    assert "".join(seen) in ("baabba", "abbaab")
    assert {name: len(took) for name, took in samples.seconds.items()} == {"a": 2, "b": 2}


@pytest.mark.parametrize(
    ("costs", "exponent"), [({1: 5, 10: 1, 100: 10}, 1), ({10: 1, 100: 100}, 2), ({10: 3, 100: 3}, 0)]
)
def test_the_slope_is_the_exponent_of_the_last_step(costs: dict[int, float], exponent: float) -> None:
    assert slope(costs) == pytest.approx(exponent)


def test_the_table_stands_between_its_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{MARK}\nold\n{END}\nafter\n")
    made = table({"machine": "a machine", "Python": "3"}, [Row("calls", "1 x", "at most 2 x", True)])
    write_readme(made, readme)
    assert readme.read_text() == (
        f"before\n{MARK}\n| measure | measured | promised | |\n|---|---|---|---|\n| calls | 1 x | at most 2 x | held |\n\n"
        f"On a machine, with Python 3.\n{END}\nafter\n"
    )


@pytest.mark.parametrize(("value", "code"), [(1, 0), (3, 1)])
def test_a_missed_promise_is_the_exit_code(monkeypatch: pytest.MonkeyPatch, value: float, code: int) -> None:
    def work(_: Bench) -> list[Row]:
        return [at_most(2, "x").row("calls", value)]

    def missing(_: Bench) -> list[Row]:
        raise LeftOut("no curl")

    monkeypatch.setattr(command, "all_measures", lambda: {"calls": work, "transfers": missing})
    done = CliRunner().invoke(command.main, ["--quick"])
    assert (done.exit_code, "left out: no curl" in done.output) == (code, True)


def test_the_themes_are_found() -> None:
    assert {"get-my-info", "convert-file", "run-many", "receiver", "growth-listing"} <= set(all_measures())
