"""`connect`: asks what a platform's connection dialog would ask, tests, and saves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from connector.cli.output import print_json, wants_json
from connector.connection.loopback import PORT, Listener, redirect_uri
from connector.dialog import KINDS, Beginning
from connector.errors import ConnectorError, InputError
from connector.fields import Field
from connector.forms import fill
from connector.redact import remember

if TYPE_CHECKING:
    from connector.connection.record import SavedConnection
    from connector.connection.store import Store
    from connector.connection.token import Token


_FIELDS: dict[str, Field] = {**Beginning.all(), **KINDS["api-key"].all(), **KINDS["oauth2"].all()}


def _field_options(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each field of the dialog. Secrets never stand on the command line: every user of a machine sees it."""
    for name, field in reversed(_FIELDS.items()):
        flag = f"--{name.replace('_', '-')}"
        if field.secret:
            told = f"{field.label}, from this environment variable."
            option = click.option(f"{flag}-env", metavar="VAR", help=told)
        else:
            about: dict[str, Any] = {"help": field.help or f"{field.label}."}
            if isinstance(field.options, list):
                about["type"] = click.Choice([choice.value for choice in field.options])
            if field.kind == "multiselect":
                about["multiple"], flag = True, flag.removesuffix("s")
            option = click.option(flag, name, **about)
        command = option(command)
    return command


@click.command("connect")
@_field_options
@click.option("--api-key-stdin", is_flag=True, help="Read the API key from standard input.")
@click.option("--proxy", metavar="URL", help="The proxy's address, if there is no password in it.")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=f"Where the browser comes back to. Register {redirect_uri()} for your OAuth client.",
)
@click.option(
    "--module",
    "modules",
    multiple=True,
    metavar="NAME",
    help="Ask for the scopes that this module needs; may be repeated.",
)
@click.option("--no-browser", is_flag=True, help="Sign in anywhere, and paste the address that you are sent to.")
@click.option("--default", "make_default", is_flag=True, help="Use this connection when none is named.")
@click.option("--replace", "overwrite", is_flag=True, help="Take the place of a connection of the same name.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, also on a terminal.")
def command(
    port: int,
    modules: tuple[str, ...],
    no_browser: bool,
    make_default: bool,
    overwrite: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Connect to CloudConvert: test a key or sign in, and save it under a name.

    Asks in the terminal for what the options do not say. In a script nothing is asked, e.g.
    `cloudconvert-connector connect --name work --api-key-env CLOUDCONVERT_API_KEY`.
    """
    from connector.connection.store import Store

    store = Store.of_user()
    given = {**_scopes_of(modules), **_given(options)}
    asks = sys.stdin.isatty() and _lacks_something(given)
    start, overwrite = _beginning(given, store, asks, overwrite)
    answers = _known(start["name"], store) if asks else {}
    while True:
        try:
            answers = _answers(start["kind"], given, answers, asks)
            saved, report = _connected(_record(start, answers), store, port, browser=not no_browser)
            break
        except ConnectorError as error:
            if not asks:
                raise
            _say_what_was_wrong(error)
    saved = store.save(saved, default=make_default, overwrite=overwrite)
    report["default"] = store.default() == saved.name
    _print(report, as_json)


def _scopes_of(names: tuple[str, ...]) -> dict[str, Any]:
    """What the modules in use need; nothing where none was named."""
    from connector.modules import find

    return {"scopes": sorted({scope for name in names for scope in find(name).scopes})} if names else {}


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The fields that the options fill in; secrets come by the environment or standard input, not by the command line."""
    values = {name: value for name, value in options.items() if value not in (None, (), False)}
    for name, field in _FIELDS.items():
        if field.secret and f"{name}_env" in values:
            values[name] = remember(_from_environment(values.pop(f"{name}_env"), f"--{name.replace('_', '-')}-env"))
    if values.pop("api_key_stdin", False):
        values["api_key"] = remember(sys.stdin.readline().strip())
    if "base_url" in values:
        values.setdefault("environment", "custom")
    if "kind" not in values and ("client_id" in values or "api_key" in values):
        values["kind"] = "oauth2" if "client_id" in values else "api-key"
    if "scopes" in values:
        values["scopes"] = list(values["scopes"])
    return values


def _from_environment(variable: str, flag: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise InputError(f"{flag}: the environment variable {variable!r} is not set.", fields={flag: "is not set"})
    return value


def _lacks_something(given: dict[str, Any]) -> bool:
    form = KINDS[given.get("kind", "api-key")]
    return any(field.required and name not in given for name, field in form.all().items())


def _beginning(given: dict[str, Any], store: Store, asks: bool, overwrite: bool) -> tuple[dict[str, Any], bool]:
    """Name and kind, before anybody signs in: a name that is taken is better known now."""
    from connector.cli.questions import ask
    from connector.connection.record import require_name

    start = {name: given.pop(name) for name in Beginning.all() if name in given}
    start = fill(Beginning, ask(Beginning, start) if asks else start, "connect")
    name = require_name(start["name"])
    if name in store.names() and not overwrite:
        if not asks:
            raise InputError(
                f"There is a connection {name!r} already.",
                fields={"name": "is taken"},
                hint="Choose another name with --name, or add --replace.",
            )
        click.confirm(f"There is a connection {name!r} already. Replace it?", abort=True, err=True)
        overwrite = True
    return start, overwrite


def _known(name: str, store: Store) -> dict[str, Any]:
    """What a connection of this name was made with, as a suggestion for connecting again."""
    return dict(store.overview().get(name, {}))


def _answers(kind: str, given: dict[str, Any], suggested: dict[str, Any], asks: bool) -> dict[str, Any]:
    from connector.cli.questions import ask

    form = KINDS[kind]
    return fill(form, ask(form, given, suggested) if asks else given, "connect")


def _record(start: dict[str, Any], answers: dict[str, Any]) -> SavedConnection:
    from connector.connection.record import SavedConnection

    return SavedConnection.from_answers(start["name"], start["kind"], answers)


def _connected(
    saved: SavedConnection, store: Store, port: int, *, browser: bool
) -> tuple[SavedConnection, dict[str, Any]]:
    from connector.cli.connections import tested

    if saved.kind == "oauth2":
        saved = saved.with_token(_sign_in(saved, port, browser))
    return saved, tested(saved, store)


def _sign_in(saved: SavedConnection, port: int, browser: bool) -> Token:
    if not browser:
        attempt = _attempt(saved, port)
        click.echo(f"Open this address anywhere and sign in:\n\n{attempt.url}\n", err=True)
        return attempt.finish(click.prompt("The address that you were sent to", err=True))  # type: ignore[no-any-return]
    with Listener(port) as listener:
        attempt = _attempt(saved, listener.port)
        click.echo(
            f"Sign in in the browser; if none opens, open this address on this machine:\n\n{attempt.url}\n", err=True
        )
        _open(attempt.url)
        return attempt.finish(listener.wait(attempt.accepts))  # type: ignore[no-any-return]


def _attempt(saved: SavedConnection, port: int) -> Any:
    from connector.connection.oauth import SignIn

    return SignIn(
        saved.addresses(),
        saved.client_id or "",
        saved.secrets.client_secret,
        saved.scopes,
        redirect_uri(port),
        proxies=saved.proxies(),
    )


def _open(url: str) -> None:
    """In the background: a browser in the terminal would keep us from listening for the answer."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _say_what_was_wrong(error: ConnectorError) -> None:
    from connector.cli.main import show_error

    show_error(error)
    click.confirm("\nCorrect it and try again?", default=True, abort=True, err=True)


def _print(report: dict[str, Any], as_json: bool) -> None:
    from connector.cli.connections import print_report

    if wants_json(as_json):
        print_json(report)
        return
    print_report(report)
    click.echo(f"Saved as {report['name']!r}{', the default' if report['default'] else ''}.")
