"""`deploy`: install the connector into a platform over its own API."""

from __future__ import annotations

import os

import click

from connector.cli.deployment import Change, Deployment
from connector.cli.manifests import service_at
from connector.cli.zone import Zone
from connector.errors import InputError
from connector.platforms.fusion.app import NAME
from connector.platforms.fusion.build import build

_SHOWN = 12  # lines of each difference


@click.group("deploy")
def command() -> None:
    """Install the connector into a platform, or bring it up to date there."""


@command.command("fusion")
@click.option("--zone", required=True, help="The platform's address, e.g. https://eu1.make.com.")
@click.option("--token-env", required=True, metavar="VAR", help="The environment variable with the platform's API key.")
@click.option("--app", "name", default=NAME, show_default=True, help="The app's name there.")
@click.option("--base-url", help="The CloudConvert that the app calls: a region, the sandbox, or your own.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def fusion(zone: str, token_env: str, name: str, base_url: str | None, dry_run: bool) -> None:
    """Create or update the custom app in Workfront Fusion or Make. Can be repeated: what is the same is left alone."""
    token = os.environ.get(token_env, "").strip()
    if not token:
        raise InputError(
            f"The environment variable {token_env} is empty.",
            fields={"token-env": "names an empty variable"},
            hint="Put an API key of the platform with the scopes sdk-apps:read and sdk-apps:write into it.",
        )
    deployment = Deployment(Zone(zone, token), build(service_at(base_url)), name, dry_run=dry_run)
    count = 0
    for change in deployment.run():
        count += 1
        _show(change, dry_run=dry_run)
    _conclude(deployment, name, count, dry_run=dry_run)


def _show(change: Change, *, dry_run: bool) -> None:
    click.echo(f"{'would change' if dry_run else 'changed'}: {change.title}")
    for line in change.lines[:_SHOWN]:
        click.echo(f"    {line}")
    if len(change.lines) > _SHOWN:
        click.echo(f"    ... {len(change.lines) - _SHOWN} more lines")


def _conclude(deployment: Deployment, name: str, count: int, *, dry_run: bool) -> None:
    if not count:
        click.echo(f"The app {name} is up to date.")
    elif not dry_run:
        click.echo(f"The app {deployment.name} is up to date now; {count} changes were made.")
    if deployment.name != name:
        click.echo(f"The platform calls it {deployment.name}: give --app {deployment.name} next time.")
