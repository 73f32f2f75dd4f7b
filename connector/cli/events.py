"""`events`: listen for what happens to jobs and tasks, or feed recorded events."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from connector.cli.chosen import chosen_connection
from connector.cli.stopping import until_stopped
from connector.errors import ConnectorError, InputError
from connector.events import KINDS, Handler, Journal, Receiver, Subscription, poll
from connector.events.handlers import Append, Command, Print
from connector.events.replay import Resend, events_in, recorded
from connector.events.serving import serving
from connector.safety import clean_name

_exec_option = click.option(
    "--exec", "exec_", metavar="CMD", help="Run this for each event, with the event on its standard input."
)
_append_option = click.option(
    "--append",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="Append each event to this file, one line of JSON each.",
)


@click.group("events")
def command() -> None:
    """Listen for events of jobs and of the tasks in them, or replay recorded ones.

    Events are handed on as JSON: to a command, into a file, or else to standard output.
    """


@command.command("listen")
@click.option(
    "--connection", "connection_name", metavar="NAME", help="A saved connection; without it, the default one."
)
@click.option("--url", metavar="PUBLIC_URL", help="Where CloudConvert reaches this listener.")
@click.option(
    "--poll",
    "interval",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="Look so often instead; nobody need reach us.",
)
@click.option("--event", "kinds", multiple=True, type=click.Choice(KINDS), help="What to listen for; by default all.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8790, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
@_exec_option
@_append_option
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), help="The folder that remembers what was handed on."
)
@click.option(
    "--check/--no-check",
    default=True,
    show_default=True,
    help="Fetch each job and believe only that, not what is sent.",
)
def listen(
    connection_name: str | None,
    url: str | None,
    interval: float | None,
    kinds: Sequence[str],
    host: str,
    port: int,
    exec_: str | None,
    append: Path | None,
    state: Path | None,
    check: bool,
) -> None:
    """Hand each event on, once, until Ctrl-C.

    With --url a webhook is attached at CloudConvert, and detached at the end. Prints one JSON line when it is ready.
    """
    if (url is None) == (interval is None):
        raise InputError("Give either --url or --poll.", fields={"--url": "or --poll"})
    handler = _handler(exec_, append, once=True)
    wanted = kinds or KINDS
    with (
        until_stopped() as stopped,
        chosen_connection(name=connection_name) as connection,
        _journal(state or _state_of(connection_name)) as journal,
    ):
        if url is None:
            _announce({"polling": interval})
            poll(connection.api, journal, handler, kinds=wanted, interval=interval or 0.0, stop=stopped)
            return
        subscription = Subscription(connection.api, journal, url, wanted)
        receiver = Receiver({}, journal, handler, api=connection.api if check else None, kinds=wanted)
        with serving(receiver, host, port) as address, _attached(subscription, receiver) as webhook_id:
            _announce({"listening": address, "webhook_id": webhook_id})
            while not stopped():
                time.sleep(0.1)


@command.command("replay")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_exec_option
@_append_option
@click.option("--url", metavar="TARGET", help="Send them to this receiver, as CloudConvert would.")
@click.option("--secret-env", metavar="VAR", help="The environment variable with the signing secret, for --url.")
def replay(file: Path, exec_: str | None, append: Path | None, url: str | None, secret_env: str | None) -> None:
    """Feed the recorded events in FILE again.

    One a line: webhooks' bodies, or what `listen --append` wrote.
    """
    if url is not None and (exec_ or append):
        raise InputError("Give only one of --exec, --append and --url.", fields={"--url": "is one too many"})
    if append is not None and append.exists() and append.samefile(file):
        raise InputError(f"{append} cannot be read and appended to.", fields={"append": "is the file itself"})
    resend = Resend(url, _secret(secret_env)) if url else None
    handler = _handler(exec_, append, once=False)
    read = handed = 0
    for number, document in recorded(file):
        read += 1
        try:
            if resend:
                handed += resend(document)
            else:
                handed += len([handler(event) for event in events_in(document)])
        except ConnectorError as error:
            error.hint = f"It was line {number} of {file}; {handed} events were handed on before. {error.hint}".strip()
            raise
    click.echo(json.dumps({"read": read, "handed": handed}), err=not (resend or exec_ or append))


def _handler(exec_: str | None, append: Path | None, *, once: bool) -> Handler:
    if exec_ and append:
        raise InputError("Give only one of --exec and --append.", fields={"--append": "is one too many"})
    if append is not None:
        return Append(append, once=once)
    if exec_ is not None:
        return Command(exec_)
    return Print(sys.stdout.buffer)


@contextlib.contextmanager
def _attached(subscription: Subscription, receiver: Receiver) -> Iterator[str]:
    """The id of the webhook, for as long as the context lasts."""
    try:
        webhook = subscription.attach()
        receiver.admit(webhook.id, webhook.secret)
        yield webhook.id
    finally:
        try:
            subscription.detach()
        except ConnectorError as error:
            click.echo(f"The webhook may still be at CloudConvert; the next start removes it. {error}", err=True)


@contextlib.contextmanager
def _journal(folder: Path) -> Iterator[Journal]:
    """The journal in the folder, which two listeners must not share: each would take the other's webhook away."""
    with Journal(folder / "events.sqlite") as journal, (folder / "listener.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"Another listener uses the state in {folder}.",
                fields={"state": "is in use"},
                hint="Stop it, or give this one another folder with --state.",
            ) from None
        yield journal


def _state_of(connection_name: str | None) -> Path:
    from platformdirs import user_state_path

    return user_state_path("cloudconvert-connector") / "events" / clean_name(connection_name or "default", "default")


def _secret(variable: str | None) -> str:
    secret = os.environ.get(variable or "", "")
    if not secret:
        raise InputError(
            "There is no signing secret to send events with.",
            fields={"secret_env": "must name an environment variable that holds it"},
            hint="Put the secret in an environment variable, and name that with --secret-env.",
        )
    return secret


def _announce(what: dict[str, object]) -> None:
    click.echo(json.dumps(what))
