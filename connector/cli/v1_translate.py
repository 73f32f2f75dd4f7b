"""`v1-translate`: what job of API v2 a payload of API v1 becomes."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from connector.cli.output import print_json, wants_json
from connector.errors import InputError
from connector.redact import redact_data


@click.command("v1-translate")
@click.argument("payload", type=click.File("rb"), metavar="PAYLOAD.json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, also on a terminal.")
def command(payload: IO[bytes], as_json: bool) -> None:
    """Print the v2 job that a v1 payload becomes, and what is lost ('-' reads standard input).

    PAYLOAD.json holds what a program sends to start a process, or to /convert. Nothing is sent, and nobody is asked;
    keys and passwords are masked.
    """
    from connector.catalogue import snapshot
    from connector.hosts.v1 import Order
    from connector.hosts.v1.translate import translate as translated
    from connector.hosts.v1.translate import typed, without_gateway

    order = Order.read(_payload(payload))
    translation = typed(translated(order), snapshot.rows())
    job: dict[str, Any] = {"tasks": dict(translation.tasks), **({"tag": order.tag} if order.tag else {})}
    notes = [*translation.lost, *without_gateway(order)]
    shown = redact_data(job)
    if wants_json(as_json):
        print_json({"job": shown, "lost": notes})
        return
    print_json(shown)
    click.secho("What is lost, or different:" if notes else "Nothing is lost.", bold=True)
    for note in notes:
        click.echo(f"- {note}")


def _payload(file: IO[bytes]) -> dict[str, Any]:
    try:
        value = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file.name} is not JSON: {error}.", fields={"PAYLOAD.json": "is not JSON"}) from None
    if not isinstance(value, dict):
        raise InputError(f"{file.name} must hold one JSON object.", fields={"PAYLOAD.json": "must be an object"})
    return value
