"""`run --each`: one module over many inputs, and what is said about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import click

from connector.bulk import Outcome, run_many
from connector.cli.filling import form_for, require_sound
from connector.cli.output import print_items_as_json, wants_json
from connector.cli.progress_of_many import shown_progress_of_many
from connector.connection import Connection
from connector.errors import ConnectorError, InputError
from connector.module import Module
from connector.redact import redact

LEDGER = ".cloudconvert-ledger.sqlite3"
"""The ledger's name in the folder that the files go to, unless another is named."""


@dataclass(frozen=True)
class Many:
    """What `run --each` was asked for."""

    module: type[Module]
    form: Mapping[str, Any]
    inputs: Iterable[str]
    folder: Path | None
    overwrite: bool
    workers: int
    ledger: str | Path | None

    def forms(self) -> Iterator[dict[str, Any]]:
        """The forms, one an input. Raises InputError for what is wrong with all of them."""
        inputs = iter(self.inputs)
        first = next(inputs, None)
        if first is None:
            raise InputError("There is no input.", fields={"FILE": "is required"}, hint="Name the files after --each.")
        require_sound(self.module, self.form, first)
        return (form_for(self.module, self.form, text) for text in chain([first], inputs))


@dataclass
class Tally:
    """How the inputs ended."""

    done: int = 0
    skipped: int = 0
    credits: float = 0.0
    failed: list[Outcome] = field(default_factory=list)
    fatal: ConnectorError | None = None

    @property
    def number(self) -> int:
        """How many have ended."""
        return self.done + self.skipped + len(self.failed)

    def count(self, outcome: Outcome) -> None:
        """Take note of one."""
        if outcome.error:
            self.failed.append(outcome)
        else:
            self.done += not outcome.skipped
            self.skipped += outcome.skipped
            self.credits += 0 if outcome.skipped else outcome.credits

    @property
    def exit_code(self) -> int:
        """0 where all is well; the code that all failures have in common, else 1."""
        codes = {outcome.error.exit_code for outcome in self.failed if outcome.error}
        return codes.pop() if len(codes) == 1 else int(bool(codes))


def run_each(many: Many, connection: Connection, *, as_json: bool) -> int:
    """Run it, print the outcomes in the order of the inputs and a summary; gives the exit code."""
    tally = Tally()
    forms = many.forms()
    total = len(many.inputs) if isinstance(many.inputs, Sequence) else None
    with _told_how_to_go_on(many.ledger), shown_progress_of_many(total) as watcher:
        outcomes = run_many(
            many.module.name(), connection, forms, workers=many.workers, ledger=many.ledger,
            output_dir=many.folder, overwrite=many.overwrite, progress=watcher,
        )  # fmt: skip
        told = map(as_document, _tallied(outcomes, tally))
        if wants_json(as_json):
            print_items_as_json(told)
        else:
            for _ in told:  # the bars show them, and the summary those that failed
                pass
    if tally.fatal and not tally.number:
        raise tally.fatal
    say_how_it_ended(tally, many.ledger)
    if tally.fatal:
        raise tally.fatal
    return tally.exit_code


@contextmanager
def _told_how_to_go_on(ledger: str | Path | None) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        if ledger is not None:
            click.echo("Run it again to go on from here.", err=True)
        raise


def _tallied(outcomes: Iterator[Outcome], tally: Tally) -> Iterator[Outcome]:
    """Whatever ends the run, the document that is being written gets its end."""
    try:
        for outcome in outcomes:
            tally.count(outcome)
            yield outcome
    except ConnectorError as error:
        tally.fatal = error


def as_document(outcome: Outcome) -> dict[str, Any]:
    """An outcome for machines."""
    about = {"input": outcome.label, "ok": outcome.ok, "skipped": outcome.skipped}
    return about | ({"error": outcome.error.to_dict()} if outcome.error else {"outputs": outcome.result})


def say_how_it_ended(tally: Tally, ledger: str | Path | None) -> None:
    """The summary on standard error: how many, what they cost, and why the others failed."""
    parts = [f"{tally.done:,} done", f"{tally.skipped:,} done before" * bool(tally.skipped)]
    parts += [f"{len(tally.failed):,} failed" * bool(tally.failed), f"{tally.credits:g} credits" * bool(tally.credits)]
    click.echo(", ".join(filter(None, parts)) + ".", err=True)
    failed = [(str(outcome.error), outcome.label) for outcome in tally.failed]
    numbers = Counter(sentence for sentence, _ in failed)
    first = dict(reversed(failed))
    for sentence, number in numbers.most_common():
        say_reason(sentence, number, first[sentence])
    if ledger is not None and (tally.failed or tally.fatal):
        click.echo("Run it again to try only what is not done yet.", err=True)


def say_reason(sentence: str, number: int, label: str) -> None:
    """Why inputs failed: one line for all that failed for the same reason."""
    others = f" and {number - 1:,} more" if number > 1 else ""
    click.echo(redact(f"  {label}{others}: {sentence}"), err=True)
