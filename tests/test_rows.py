"""Every row of the reliability plan has a test that carries its id."""

from __future__ import annotations

import pytest

from tests.rows import FAMILIES, ROWS, TESTS, carried, found

HERE = [row for row in ROWS if (TESTS / FAMILIES[row[0]][0]).is_dir()]


@pytest.mark.parametrize("row", HERE)
def test_a_row_of_the_plan_is_held_by_a_test(row: str) -> None:
    assert row in found()


def test_no_test_carries_a_row_that_the_plan_does_not_have() -> None:
    strange = {row for row in found() if row not in ROWS and not row.startswith("G")}
    assert strange == set()


def test_the_search_sees_marks_on_functions_files_and_parameters() -> None:
    source = 'pytestmark = pytest.mark.row("F1")\nx = pytest.param(1, marks=pytest.mark.row("F2", "F3"))\n'
    assert list(carried(source)) == [("F1", 1), ("F2", 2), ("F3", 2)]
