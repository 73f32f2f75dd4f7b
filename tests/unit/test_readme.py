"""The README says what the code does."""

from __future__ import annotations

from tests.readme import README, SECTIONS, fresh


def test_the_generated_parts_are_fresh() -> None:
    text = README.read_text()
    assert text == fresh(text), "run: python -m tests.readme"


def test_every_generated_part_has_its_place() -> None:
    text = README.read_text()
    assert all(f"<!-- {name}: generated" in text and f"<!-- end of {name} -->" in text for name in SECTIONS)


def test_changes_is_the_last_section() -> None:
    headings = [line for line in README.read_text().splitlines() if line.startswith("## ")]
    assert headings[-1] == "## CHANGES"
