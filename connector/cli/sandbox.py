"""`sandbox`: a local CloudConvert in the foreground."""

from __future__ import annotations

import json
import logging
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import click

from connector.cli import engines
from connector.cli.embedded import require_sandbox
from connector.sandbox import Address, Key, OAuthClient, Settings, serve


@click.group("sandbox", invoke_without_command=True)
@click.option("--host", default=Settings.host, show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8780, show_default=True, type=click.IntRange(0, 65535), help="The API; 0 picks a free port."
)
@click.option(
    "--sync-port",
    default=8781,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The API on which reads of jobs and tasks block until they end.",
)
@click.option(
    "--api-key",
    envvar="CLOUDCONVERT_SANDBOX_KEY",
    help="The key that clients must send; by default the data folder's own.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep jobs and files here; by default in a temporary folder.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Conversions at a time; by default one a core.")
@click.option(
    "--allow-private-network",
    is_flag=True,
    help="Let import/url, websites and webhooks reach private and loopback addresses.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY=SCOPE,SCOPE",
    help="Another API key, which may do only this; may be repeated.",
)
@click.option(
    "--oauth-client",
    "oauth_clients",
    multiple=True,
    metavar="ID:SECRET:REDIRECT_URI",
    help="An application that people can sign in to by OAuth2; may be repeated.",
)
@click.option(
    "--access-token-lifetime",
    default=Settings.access_token_lifetime,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds until the access token of a sign-in must be refreshed.",
)
@click.option("--credits", type=click.IntRange(0), help="What the account has; by default nothing is taken from it.")
@click.option("--rate-limit", type=click.IntRange(1), help="Jobs and tasks that can be created in a minute.")
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@click.pass_context
def command(
    context: click.Context,
    host: str,
    port: int,
    sync_port: int,
    api_key: str | None,
    data_dir: Path | None,
    workers: int | None,
    allow_private_network: bool,
    keys: tuple[str, ...],
    oauth_clients: tuple[str, ...],
    access_token_lifetime: float,
    credits: int | None,  # noqa: A002 - the option's name
    rate_limit: int | None,
    until_stdin_closes: bool,
) -> None:
    """Serve a local CloudConvert that really converts.

    Prints one JSON line with base_url, sync_url and api_key when it is ready (and the secrets with which it signs events
    for a job's own webhook_url and checks signed URLs), then logs on standard error. Ctrl-C ends it.
    """
    if context.invoked_subcommand:
        return
    require_sandbox()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    stop = threading.Event()
    if until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, args=(stop,), daemon=True).start()
    settings = Settings(
        host,
        port,
        sync_port,
        api_key,
        data_dir,
        allow_private_network,
        workers,
        keys=tuple(map(Key.parse, keys)),
        oauth_clients=tuple(map(OAuthClient.parse, oauth_clients)),
        access_token_lifetime=access_token_lifetime,
        credits=credits,
        rate_limit=rate_limit,
    )
    serve(settings, _announce, stop)


command.add_command(engines.command)


def _announce(address: Address) -> None:
    click.echo(json.dumps(asdict(address)))
    sys.stdout.flush()


def _stop_with_stdin(stop: threading.Event) -> None:
    """Whoever started us holds the other end: when they are gone, so is the reason to serve."""
    sys.stdin.buffer.read()
    stop.set()
