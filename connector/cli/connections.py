"""`connections`: the saved connections, listed, shown, tested, renamed, removed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from connector import modules
from connector.cli.output import print_json, print_outputs, wants_json
from connector.connection import Connection
from connector.connection.check import Check, check
from connector.redact import MASK

if TYPE_CHECKING:
    from connector.connection.record import SavedConnection
    from connector.connection.store import Store

_json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group("connections")
def command() -> None:
    """List the saved connections, or do something with one."""


@command.command("list")
@_json_option
def list_all(as_json: bool) -> None:
    """List the saved connections."""
    store = _store()
    default = store.default()
    rows = [_row(name, about, default) for name, about in store.overview().items()]
    if wants_json(as_json):
        print_json(rows)
    elif rows:
        _table(rows)
    else:
        click.echo("None is saved yet. Make one with: cloudconvert-connector connect")


@command.command("show")
@click.argument("name")
@_json_option
def show(name: str, as_json: bool) -> None:
    """Show a connection; its secrets are masked."""
    store = _store()
    saved = store.get(name)
    seen: dict[str, Any] = {**_row(name, saved.to_dict(), store.default()), **_secrets(saved)}
    print_json(seen) if wants_json(as_json) else print_outputs(seen)


@command.command("test")
@click.argument("name", required=False)
@_json_option
def test(name: str | None, as_json: bool) -> None:
    """Test a connection (the default one without NAME): whose it is, and what it may not do."""
    store = _store()
    report = tested(store.get(name) if name else _default(store), store)
    print_json(report) if wants_json(as_json) else print_report(report)


@command.command("rename")
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Give a connection another name."""
    _store().rename(name, new_name)


@command.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Forget a connection and its secrets. At CloudConvert the key or sign-in stays good."""
    store = _store()
    if name in store.names() and not yes and sys.stdin.isatty():
        click.confirm(f"Forget the connection {name!r}?", abort=True, err=True)
    store.remove(name)


@command.command("default")
@click.argument("name", required=False)
def default(name: str | None) -> None:
    """Make NAME the connection that is used when none is named; without NAME, say which it is."""
    store = _store()
    if name:
        store.set_default(name)
    else:
        click.echo(_default(store).name)


def tested(saved: SavedConnection, store: Store) -> dict[str, Any]:
    """The connection, tried out, as data: its account, its scopes, and the modules that lack some."""
    granted = saved.secrets.token.scopes if saved.secrets.token else None
    with Connection.from_record(saved, store) as connection:
        found = check(connection.api, saved.environment, granted)
    needs = {name: module.scopes for name, module in modules.all_modules().items()}
    account = {key: found.account[key] for key in ("username", "email", "credits") if key in found.account}
    return {
        "name": saved.name,
        "kind": saved.kind,
        "environment": saved.environment,
        "account": account,
        "scopes": dict(found.scopes),
        "missing": found.missing(),
        "modules": found.lacking(needs),
    }


def print_report(report: dict[str, Any]) -> None:
    """What `tested` found, for a person."""
    click.echo(f"The connection works: {Check(report['account']).whose()}.")
    if report["missing"]:
        click.echo(f"Missing scopes: {', '.join(report['missing'])}. These modules will not work:")
        for name, scopes in report["modules"].items():
            click.echo(f"  {name} needs {', '.join(scopes)}")
    unknown = [scope for scope, finding in report["scopes"].items() if finding == "not checked"]
    if unknown:
        click.echo(f"Not checked, since it cannot be done without changing something: {', '.join(unknown)}.")


def _store() -> Store:
    from connector.connection.store import Store

    return Store.of_user()


def _default(store: Store) -> SavedConnection:
    from connector.errors import ConnectionInvalid

    name = store.default()
    if name is None:
        raise ConnectionInvalid(
            "No connection is the default.", hint="Choose one with: cloudconvert-connector connections default NAME"
        )
    return store.get(name)


def _row(name: str, about: dict[str, Any], default_name: str | None) -> dict[str, Any]:
    """What may be seen of a connection, and whether it needs its person."""
    trouble = about.get("trouble") or {}
    state = "connect again" if trouble.get("final") else "refresh failed" if trouble else "ready"
    seen = {key: value for key, value in about.items() if key not in ("id", "trouble")}
    reason = {"reason": trouble["message"]} if trouble else {}
    return {"name": name, "default": name == default_name, **seen, "state": state, **reason}


def _secrets(saved: SavedConnection) -> dict[str, Any]:
    secrets = saved.secrets
    masked = {key: MASK for key in ("api_key", "client_secret", "proxy") if getattr(secrets, key)}
    if secrets.token is None:
        return masked
    masked |= {"access_token": MASK} | ({"refresh_token": MASK} if secrets.token.refresh else {})
    if secrets.token.expires_at is not None:
        masked["expires_at"] = datetime.fromtimestamp(secrets.token.expires_at, UTC).isoformat(timespec="seconds")
    return masked


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "Name", "Kind", "Environment", "Region", "State", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        where = row.get("base_url") or row["environment"]
        cells = ("*" if row["default"] else "", row["name"], row["kind"], where, row.get("region", ""), row["state"])
        table.add_row(*map(Text, cells))
    Console().print(table)
