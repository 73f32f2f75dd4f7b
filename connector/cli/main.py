"""The command's entry: its subcommands, and how an error becomes lines and an exit code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from typing import Any, NoReturn

import click

from connector.errors import ConnectorError
from connector.version import __version__

COMMANDS = {
    "run": ("connector.cli.run", "Run a module and print its outputs."),
    "modules": ("connector.cli.modules", "List the modules, or show one module's form and outputs."),
    "connect": ("connector.cli.connect", "Connect to CloudConvert, by an API key or by signing in, and save it."),
    "connections": ("connector.cli.connections", "List, show, test, rename or remove saved connections."),
    "events": ("connector.cli.events", "Listen for events of jobs and tasks, or replay recorded ones."),
    "scenario": ("connector.cli.scenario", "Run modules one after the other from a YAML file, or check it."),
    "manifests": ("connector.cli.manifests", "Write or check the files that install the connector into platforms."),
    "deploy": ("connector.cli.deploy", "Install the connector into a platform over its own API."),
    "playground": ("connector.cli.playground", "Try the modules in a real Node-RED, connected to a local sandbox."),
    "v1-gateway": ("connector.cli.v1_gateway", "Serve the retired API v1 for old programs, and do their work on v2."),
    "v1-translate": ("connector.cli.v1_translate", "Print the v2 job that a v1 payload becomes, and what is lost."),
    "sandbox": ("connector.cli.sandbox", "Serve a local CloudConvert that really converts."),
}
"""Each command's file, and the line about it in the list."""


class _Lazy(click.Group):
    """Imports a command's file when it is called, so that `--help` does not wait for all of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        path = COMMANDS[cmd_name][0] if cmd_name in COMMANDS else None
        command = importlib.import_module(path).command if path else None
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("-v", "--verbose", count=True, help="Log what happens to standard error; twice for details.")
def root(verbose: int) -> None:
    """CloudConvert for automation: convert, merge, archive, optimize and capture files."""
    if verbose:
        logging.basicConfig(
            level=logging.INFO if verbose == 1 else logging.DEBUG, format="%(levelname)s %(name)s: %(message)s"
        )


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and exit with its code (see `connector.errors` for the codes)."""
    try:
        code: Any = root.main(arguments, prog_name="cloudconvert-connector", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        if isinstance(error, click.UsageError) and error.ctx:
            click.echo(f"Try: {error.ctx.command_path} --help", err=True)
        sys.exit(error.exit_code)
    except ConnectorError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to complain about, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last net: a person never sees a traceback
        _show_mistake(error)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def show_error(error: ConnectorError) -> None:
    """Two or three lines on standard error: what happened, what to do next, and the ids it concerns."""
    from connector.redact import redact

    click.echo(redact(f"Error: {error.message}"), err=True)
    if error.hint:
        click.echo(redact(error.hint), err=True)
    ids = [f"job {error.job_id}" * bool(error.job_id), f"task {error.task_id}" * bool(error.task_id)]
    ids.append(f"request {error.request_id}" * bool(error.request_id))
    if any(ids):
        click.echo(f"({', '.join(filter(None, ids))})", err=True)


def _show_mistake(error: Exception) -> None:
    from connector.redact import redact

    logging.getLogger("connector").debug("An unexpected error.", exc_info=error)
    click.echo(redact(f"Error: something unexpected happened ({type(error).__name__}: {error})."), err=True)
    click.echo(
        "This is a mistake in the connector. Run it again with -vv for the details, and please report them.", err=True
    )
