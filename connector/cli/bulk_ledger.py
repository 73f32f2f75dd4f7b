"""Which ledger, and which of its runs, the commands of `bulk` are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from connector.errors import InputError

if TYPE_CHECKING:
    from connector.bulk.ledger import Ledger

LEDGER_VARIABLE = "CLOUDCONVERT_LEDGER"

ledger_option = click.option(
    "--ledger",
    envvar=LEDGER_VARIABLE,
    metavar="FILE|URL",
    help=f"Where runs are noted: a file, or a database such as postgresql+psycopg://...; {LEDGER_VARIABLE}, or the user's own.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, also on a terminal.")
run_argument = click.argument("run_id", metavar="[RUN]", required=False)


@contextmanager
def opened(where: str | None, patience: float | None = None) -> Iterator[Ledger]:
    """The ledger at that place, else the user's own."""
    from connector.bulk.ledger import PATIENCE, Ledger

    if where is None:
        from connector.scenario import state_dir

        where = str(state_dir() / "bulk.sqlite3")
    with Ledger(where, patience=patience or PATIENCE) as ledger:
        yield ledger


def chosen_run(ledger: Ledger, run_id: str | None) -> str:
    """The run of that name, else the newest. Raises InputError where there is none."""
    if run_id is not None:
        return ledger.run(run_id).id
    known = ledger.runs()
    if not known:
        raise InputError("The ledger knows no run yet.", hint="Begin with: cloudconvert-connector bulk submit --help")
    return known[-1]
