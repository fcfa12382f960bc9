"""`db`: migrate, backup, restore, and sealing everything with the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from runtime.installation import Installation, moment
from runtime.plugin_settings import plugin_settings
from runtime.settings import Settings, from_environment
from runtime.store import Store, StoreError, open_ring
from runtime.worker import waker


@contextmanager
def opened(*, ready: bool = True) -> Iterator[Store]:
    """The store of this installation; what goes wrong becomes a sentence of the command line.

    With `ready`, its tables have to be up to date.
    """
    settings = from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    store = Store(settings.database_url, settings.data, open_ring(settings.data))
    try:
        if ready and store.pending():
            raise click.ClickException("the tables are not up to date: run `app.py db migrate`")
        yield store
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.close()


@contextmanager
def at_work(settings: Settings) -> Iterator[Installation]:
    """This installation with its plugins, its tables up to date; as `opened` for what goes wrong.

    Whatever it decides to send, it wakes the worker for.
    """
    with opened():
        installation = Installation(settings, plugin_settings(settings), waker(settings))
    try:
        with installation.store.connected():
            yield installation
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    finally:
        installation.close()


@click.group("db")
def db() -> None:
    """The database of this installation (DATABASE_URL, or an embedded one under YIBIAO_DATA)."""


@db.command()
def migrate() -> None:
    """Bring the tables up to date."""
    with opened(ready=False) as store:
        applied = store.migrate(moment())
    for name in applied:
        click.echo(f"applied {name}")
    click.echo("the tables are up to date")


@db.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write a backup into a new FOLDER, while the product runs."""
    with opened() as store:
        store.backup(folder, moment())
    click.echo(f"wrote {folder}; the keys are not in it: keep them apart")


@db.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Fill an empty database from the backup in FOLDER."""
    with opened(ready=False) as store:
        store.restore(folder)
    click.echo(f"restored {folder}")


@db.command()
def rotate() -> None:
    """Seal everything with the newest key of YIBIAO_KEYS; then the old ones can go."""
    with opened() as store:
        count = store.rotate()
    click.echo(f"sealed {count} rows with the newest key")
