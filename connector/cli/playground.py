"""`playground`: a real Node-RED with our nodes and a sandbox, until Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from connector.catalogue.cache import FOLDER_VARIABLE
from connector.cli.embedded import require_sandbox, sandbox_process
from connector.cli.manifests import service_at
from connector.cli.stopping import until_stopped
from connector.errors import ConnectorError
from connector.platforms import find
from connector.playground import UPLOAD_PAGE, Installed, Place, Server, installed, remove, running, version
from connector.playground.installation import Progress

_port = click.IntRange(0, 65535)


@click.command("playground")
@click.option("--port", default=1880, show_default=True, type=_port, help="Of Node-RED; 0 picks a free one.")
@click.option("--sandbox-port", default=0, show_default=True, type=_port, help="Of the sandbox; 0 picks a free one.")
@click.option("--no-browser", is_flag=True, help="Print the address, but do not open it.")
@click.option("--fresh", is_flag=True, help="Begin again with the two example flows; what you made is thrown away.")
@click.option("--remove", "removes", is_flag=True, help="Remove Node-RED and the flows from the cache folder, and end.")
def command(port: int, sandbox_port: int, no_browser: bool, fresh: bool, removes: bool) -> None:
    """Try the modules in a real Node-RED, connected to a sandbox on this machine.

    Installs Node-RED once into the cache folder, starts it with two example flows, and opens its editor. Flows that you make
    are there again next time. Nothing is reached from other machines. Ctrl-C ends it all.
    """
    folder = _folder()
    if removes:
        click.echo(f"Removed {folder}." if remove(folder) else "There is nothing to remove.")
        return
    require_sandbox()
    what = _installed(folder)
    # Pages and webhooks of Node-RED itself are on loopback, and who uses this sandbox may reach them anyway.
    options = ["--allow-private-network"]
    with until_stopped() as stopped, sandbox_process(*options, port=sandbox_port) as address:
        place = Place(address["base_url"], address["sync_url"], address["api_key"])
        with running(folder, what, place, port=port, fresh=fresh) as server:
            _announce(server, address)
            if not no_browser:
                webbrowser.open(server.url)
            _wait(server, stopped, folder)


def _folder() -> Path:
    from platformdirs import user_cache_dir

    return Path(os.environ.get(FOLDER_VARIABLE) or user_cache_dir("cloudconvert-connector")) / "playground"


def _installed(folder: Path) -> Installed:
    with _shown_progress(folder) as progress:
        node, modules = installed(folder, progress=progress)
    return Installed(node, modules, find("node-red").files(service_at()))


@contextlib.contextmanager
def _shown_progress(folder: Path) -> Iterator[Progress]:
    """A bar while packages are installed, or a line where nobody watches; neither where all is there."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    title = f"Installing Node-RED {version()}"
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task(f"{title}, once", total=None, visible=False)
        told = False

        def show(done: int, total: int) -> None:
            nonlocal told
            if not told:
                click.echo(f"{title} into {folder}; this is done once.", err=True)
            told = True
            bars.update(task, completed=done, total=total, visible=True)

        yield show


def _announce(server: Server, address: Mapping[str, str]) -> None:
    """Where everything is: a line of JSON for machines, three lines for a person."""
    page = server.url + UPLOAD_PAGE
    if not sys.stdout.isatty():
        known = {name: address[name] for name in ("base_url", "sync_url", "api_key")}
        click.echo(json.dumps({"url": server.url, "page": page, **known}))
        sys.stdout.flush()
        return
    click.echo(f"Node-RED     {server.url}   open a node's dialog, drag others in, press Deploy")
    click.echo(f"Upload page  {page}   the first flow: converts and merges files")
    click.echo(f"Sandbox      {address['base_url']}   where the nodes' connection leads")
    click.echo("Ctrl-C ends all three.")


def _wait(server: Server, stopped: Callable[[], bool], folder: Path) -> None:
    while not stopped():
        if server.has_ended():
            raise ConnectorError("Node-RED has ended by itself.", hint=f"Its log is {folder / 'node-red.log'}.")
        time.sleep(0.1)
