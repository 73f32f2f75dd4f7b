"""What is known without the service."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from connector.catalogue import Option, snapshot
from connector.catalogue.snapshot.formats import GROUP_OF

ROOT = Path(__file__).resolve().parents[3]
EVIDENCE = ROOT.parent / "shared" / "fixtures" / "operations"


def test_it_has_a_date() -> None:
    assert date.fromisoformat(snapshot.DATE) > date(2026, 1, 1)


def test_every_format_belongs_to_a_group() -> None:
    rows = [row for row in snapshot.rows() if row.input_format or row.output_format]
    assert {row.input_format or row.output_format for row in rows if not row.group} == set()


def test_defaults_are_values_that_the_option_takes() -> None:
    options = {option for row in snapshot.rows() for option in row.options if option.default is not None}
    assert len(options) > 40
    for option in options:
        assert not option.possible_values or option.default in option.possible_values
        assert option.minimum is None or option.default >= option.minimum
        assert option.maximum is None or option.default <= option.maximum


def test_no_row_has_an_option_twice() -> None:
    for row in snapshot.rows():
        names = [option.name for option in row.options]
        assert len(names) == len(set(names)), row


def test_a_range_is_added_only_to_a_number_without_one() -> None:
    assert snapshot.with_range(Option("crf", "integer")) == Option(
        "crf", "integer", None, (), 0, 51, assumed_range=True
    )
    for option in (Option("crf", "string"), Option("crf", "integer", maximum=63), Option("unheard-of", "integer")):
        assert snapshot.with_range(option) is option


@pytest.mark.skipif(not EVIDENCE.is_dir(), reason="the collected evidence is not here")
def test_its_pairs_are_those_that_were_seen_at_the_service() -> None:
    seen = json.loads((EVIDENCE / "convert-pairs-2021.json").read_text())["pairs"]
    evidence = {(source, target) for source, targets in seen.items() for target in targets if source != target}
    rows = {(row.input_format, row.output_format) for row in snapshot.rows() if row.operation == "convert"}
    assert len(evidence - rows) < 0.01 * len(evidence)
    assert len({(source, target) for source, target in rows - evidence if source in seen and source != target}) < 20


@pytest.mark.skipif(not EVIDENCE.is_dir(), reason="the collected evidence is not here")
def test_it_knows_every_format_of_the_service() -> None:
    tokens = json.loads((EVIDENCE / "formats.json").read_text())["all_tokens"]
    assert set(tokens) <= set(GROUP_OF)
