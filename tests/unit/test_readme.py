"""The README says what the code does."""

from __future__ import annotations

import subprocess
import sys

from tests.readme import README, SECTIONS


def test_the_generated_parts_are_fresh() -> None:
    # In a process of its own: click keeps a command's help option from whoever asked for it first.
    checked = subprocess.run([sys.executable, "-m", "tests.readme", "--check"], cwd=README.parent)
    assert checked.returncode == 0, "run: python -m tests.readme"


def test_every_generated_part_has_its_place() -> None:
    text = README.read_text()
    assert all(f"<!-- {name}: generated" in text and f"<!-- end of {name} -->" in text for name in SECTIONS)


def test_changes_is_the_last_section() -> None:
    headings = [line for line in README.read_text().splitlines() if line.startswith("## ")]
    assert headings[-1] == "## CHANGES"
