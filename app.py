"""The whole product in one place: `create_app()` for a server, and the command line.

The only file that imports everything.
"""

from __future__ import annotations

import click
from flask import Flask

from runtime.commands import database, deliveries, library, releases, server
from runtime.commands.starter import end_with_starter
from runtime.installation import Installation
from runtime.plugin_settings import plugin_settings
from runtime.settings import from_environment
from runtime.web.application import create
from runtime.worker import waker


def create_app() -> Flask:
    """The web application of this installation, as its environment says."""
    end_with_starter()
    settings = from_environment()
    return create(Installation(settings, plugin_settings(settings), waker(settings)))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Yibiao: one-stop government services without code."""
    try:
        plugin_settings(from_environment())
    except ValueError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (
    server.run,
    server.serve,
    server.worker,
    server.sandbox,
    library.check,
    library.burden,
    library.cases,
    library.combine,
    library.schema,
    releases.release,
    deliveries.deliveries,
    database.db,
)
for command in COMMANDS:
    cli.add_command(command)

if __name__ == "__main__":
    cli()
