"""`v1-gateway`: API v1 in front of v2, for programs that were written for the retired API."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

import click

from connector.cli.chosen import chosen_connection
from connector.errors import InputError
from connector.safety import clean_name


@click.command("v1-gateway")
@click.option(
    "--connection", "connection_name", metavar="NAME", help="A saved connection; without it, the default one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8786, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
@click.option(
    "--key-env",
    metavar="VAR",
    help="The key that old clients send, from this environment variable; by default the connection's own.",
)
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), help="The folder that remembers the processes."
)
@click.option(
    "--allow-private-network", is_flag=True, help="Let callbacks and hooks reach private and loopback addresses."
)
def command(
    connection_name: str | None,
    host: str,
    port: int,
    key_env: str | None,
    state: Path | None,
    allow_private_network: bool,
) -> None:
    """Serve API v1 for old programs; the work is done over the connection, on API v2.

    Prints one JSON line with its address when it is ready. A program changes the host name and nothing else; put a
    server with a certificate in front for those that insist on https. Ctrl-C ends it; what runs goes on, and is known
    again after the next start.
    """
    from connector.hosts.v1.serving import Settings, gateway_server

    folder = state or _state_of(connection_name)
    settings = Settings(folder, host, port, _key(key_env), allow_private_network)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with chosen_connection(name=connection_name) as connection, gateway_server(connection, settings) as address:
        click.echo(json.dumps({"base_url": address, "state": str(folder)}))
        sys.stdout.flush()
        stop.wait()


def _key(variable: str | None) -> str | None:
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key:
        raise InputError(
            f"The environment variable {variable} holds no key.", fields={"key_env": "must name a variable that is set"}
        )
    return key


def _state_of(connection_name: str | None) -> Path:
    from connector.scenario.ledger import state_dir

    return state_dir() / "v1" / clean_name(connection_name or "default", "default")
