"""`v1-gateway`: API v1 in front of v2, for programs that were written for the retired API."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from connector.cli.chosen import chosen_connection
from connector.cli.stopping import until_stopped
from connector.errors import InputError
from connector.events.serving import Tls
from connector.safety import clean_name


@click.command("v1-gateway")
@click.option(
    "--connection", "connection_name", metavar="NAME", help="A saved connection; without it, the default one."
)
@click.option(
    "--sandbox", is_flag=True, help="Convert on this machine, without an account; the line has the key to send."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8786, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PEM",
    help="Serve https with this certificate.",
)
@click.option(
    "--private-key", type=click.Path(path_type=Path, dir_okay=False), metavar="PEM", help="The certificate's key."
)
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
    sandbox: bool,
    host: str,
    port: int,
    certificate: Path | None,
    private_key: Path | None,
    key_env: str | None,
    state: Path | None,
    allow_private_network: bool,
) -> None:
    """Serve API v1 for old programs; the work is done over the connection, on API v2.

    Prints one JSON line with its address when it is ready. A program changes the host name and nothing else; most insist
    on https, for which the gateway needs a certificate, or a server in front that has one. Ctrl-C ends it; what runs
    goes on, and is known again after the next start.
    """
    from connector.hosts.v1.serving import Settings, gateway_server

    if sandbox and (connection_name or state):
        raise InputError("--sandbox goes without --connection and --state: it ends with the command.")
    made_up = secrets.token_urlsafe(24) if sandbox and key_env is None else None
    key, tls = made_up or _key(key_env), _tls(certificate, private_key)
    with (
        until_stopped() as stopped,
        _folder(state, connection_name, lasting=not sandbox) as folder,
        chosen_connection(sandbox=sandbox, name=connection_name) as connection,
    ):
        settings = Settings(folder, host, port, key, allow_private_network, tls=tls)
        with gateway_server(connection, settings) as address:
            _announce(base_url=address, state=None if sandbox else str(folder), api_key=made_up)
            while not stopped():
                time.sleep(0.1)


def _announce(**facts: str | None) -> None:
    click.echo(json.dumps({name: fact for name, fact in facts.items() if fact is not None}))
    sys.stdout.flush()


def _tls(certificate: Path | None, private_key: Path | None) -> Tls | None:
    if certificate is None and private_key is None:
        return None
    if certificate is None or private_key is None:
        raise InputError("Give both --certificate and --private-key.", fields={"--certificate": "needs --private-key"})
    return Tls(certificate, private_key)


def _key(variable: str | None) -> str | None:
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key:
        raise InputError(
            f"The environment variable {variable} holds no key.", fields={"key_env": "must name a variable that is set"}
        )
    return key


@contextlib.contextmanager
def _folder(chosen: Path | None, connection_name: str | None, *, lasting: bool) -> Iterator[Path]:
    """Where the state lies; what was made in the sandbox of this call is gone with it."""
    from connector.scenario.ledger import state_dir

    if not lasting:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    yield chosen or state_dir() / "v1" / clean_name(connection_name or "default", "default")
