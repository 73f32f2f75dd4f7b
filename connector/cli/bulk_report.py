"""How far a bulk run is, for a person and for machines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from connector.cli.each import say_reason
from connector.cli.output import print_json, wants_json
from connector.cli.progress_of_many import shown_counts
from connector.redact import redact

if TYPE_CHECKING:
    from connector.bulk.ledger import Ledger

_LOOK = 0.5  # seconds between looks at a run that is watched


def watched(ledger: Ledger, run_id: str, *, as_json: bool) -> int:
    """Watch the run until all is done, and report; gives the exit code."""
    with shown_counts() as show:
        while True:
            counts = ledger.counts(run_id)
            show(counts, ledger.schedule.paused())
            if counts.ended == counts.total:
                break
            time.sleep(_LOOK)
    report(ledger, run_id, as_json=as_json)
    return 1 if counts.failed else 0


def report(ledger: Ledger, run_id: str, *, as_json: bool) -> None:
    """How many are done, what they cost, and why the others failed."""
    counts, (paused, why) = ledger.counts(run_id), ledger.schedule.paused()
    reasons = [(redact(sentence), number, label) for sentence, number, label in ledger.reasons(run_id)]
    if wants_json(as_json):
        about = {"waiting": counts.waiting, "open": counts.open, "done": counts.done, "failed": counts.failed}
        failures = [{"reason": sentence, "number": number, "input": label} for sentence, number, label in reasons]
        print_json({"run": run_id, **about, "credits": counts.credits, "paused": round(paused), "reasons": failures})
        return
    parts = {"waiting": counts.waiting, "in flight": counts.open, "done": counts.done, "failed": counts.failed}
    said = ", ".join(f"{number:,} {what}" for what, number in parts.items() if number or what == "done")
    click.echo(f"{run_id}: {said}, of {counts.total:,}; {counts.credits:g} credits.")
    if paused:
        click.echo(redact(f"All workers pause for another {paused:.0f} seconds: {why}"))
    for sentence, number, label in reasons:
        say_reason(sentence, number, label)
    if counts.failed:
        click.echo(f"To try them again: cloudconvert-connector bulk retry {run_id}", err=True)
