"""The command `python -m tests.benchmarks`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from tests.benchmarks.bench import Bench
from tests.benchmarks.machine import described
from tests.benchmarks.measure import LeftOut, Measure, Row, all_measures
from tests.benchmarks.report import document, line, table, write_readme


@click.command()
@click.option("--quick", is_flag=True, help="Fewer rounds, and less certain.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write what was measured into this file, too.")
@click.option("--only", "names", multiple=True, metavar="NAME", help="Only these measures; may be repeated.")
@click.option("--readme", is_flag=True, help="Write the table into the README.")
def main(quick: bool, file: Path | None, names: tuple[str, ...], readme: bool) -> None:
    """Measure the speed of the connector side by side with others. Exits with 1 where a promise is not kept."""
    machine = described()
    for name, text in machine.items():
        click.echo(f"{name}: {text}")
    began = time.perf_counter()
    bench = Bench(quick=quick)
    try:
        results = {name: _run(name, work, bench) for name, work in _chosen(names).items()}
    finally:
        bench.close()
    seconds = time.perf_counter() - began
    rows = [row for found in results.values() for row in found]
    missed = [row for row in rows if row.held is False]
    click.echo(f"\n{len(rows)} lines in {seconds:.0f} s, {len(missed)} missed.")
    if file:
        file.write_text(json.dumps(document(machine, results, seconds), indent=1) + "\n")
    if readme:
        write_readme(table(machine, rows))
    sys.exit(bool(missed))


def _chosen(names: tuple[str, ...]) -> dict[str, Measure]:
    known = all_measures()
    unknown = set(names) - set(known)
    if unknown:
        raise click.UsageError(f"There is no measure {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    return {name: known[name] for name in names or known}


def _run(name: str, work: Measure, bench: Bench) -> list[Row]:
    click.echo(f"\n{name}")
    rows: list[Row] = []
    try:
        for row in work(bench):
            click.echo(line(row))
            rows.append(row)
    except LeftOut as why:
        rows.append(Row(name, f"left out: {why}"))
        click.echo(line(rows[-1]))
    return rows


if __name__ == "__main__":
    main()
