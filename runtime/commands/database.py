"""`db`: migrate, backup, restore, and sealing everything with the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from peewee import DatabaseError, DataError, IntegrityError, ProgrammingError

from runtime.installation import Installation, moment
from runtime.plugin_settings import plugin_settings
from runtime.settings import Settings, from_environment
from runtime.store import Store, StoreError, Unreadable, open_ring
from runtime.worker import waker

OUR_MISTAKES = (DataError, IntegrityError, ProgrammingError)
"""What a database says of statements; anything else it says of itself."""


@contextmanager
def opened(*, ready: bool = True, keys: bool = False) -> Iterator[Store]:
    """The store of this installation; what goes wrong becomes a sentence of the command line.

    With `ready`, its tables have to be up to date; with `keys`, what is in it has to be sealed
    with those of this process.
    """
    store = _store(from_environment())
    try:
        if store.pending() and ready:
            raise click.ClickException("the tables are not up to date: run `app.py db migrate`")
        if keys:
            demand_keys(store)
        yield store
    except StoreError as error:
        raise click.ClickException(str(error) or type(error).__name__) from error
    except DatabaseError as error:
        if isinstance(error, OUR_MISTAKES):
            raise
        reason = " ".join(str(error).split())
        raise click.ClickException(
            f"the database (DATABASE_URL) can't be used: {reason}"
        ) from error
    finally:
        store.close()


def demand_keys(store: Store) -> None:
    """Raises click.ClickException where this process doesn't have the keys of the database."""
    try:
        store.demand_keys()
    except Unreadable as error:
        raise click.ClickException(
            "YIBIAO_KEYS (without it: development.keys in the data folder) is not what this "
            f"database was written with: {error}"
        ) from error


def _store(settings: Settings) -> Store:
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = open_ring(settings.data)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        where = error.filename or settings.data
        raise click.ClickException(
            f"{where}: {error.strerror}; YIBIAO_DATA names a folder that can be written"
        ) from error
    try:
        return Store(settings.database_url, settings.data, ring)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"DATABASE_URL: {error}") from error


@contextmanager
def at_work(settings: Settings) -> Iterator[Installation]:
    """This installation with its plugins, its tables up to date; as `opened` for what goes wrong.

    Whatever it decides to send, it wakes the worker for.
    """
    with opened(keys=True):
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
    """Tables, backups and keys of the database.

    It is that of DATABASE_URL, or an embedded one under YIBIAO_DATA.
    """


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
    """Write a backup into a new FOLDER.

    It may run while the product runs. The keys are not in it.
    """
    with opened() as store:
        store.backup(folder, moment())
    click.echo(f"wrote {folder}; the keys that open it are not in it: keep them, apart")


@db.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Fill an empty database and data folder from FOLDER."""
    with opened(ready=False) as store:
        store.restore(folder)
        click.echo(f"restored {folder}")
        if store.pending():
            click.echo("it is of an older version: now run `app.py db migrate`")
        else:
            demand_keys(store)


@db.command()
def rotate() -> None:
    """Seal everything with the newest key of YIBIAO_KEYS.

    Afterwards the older ones can go. It may run while the product runs with the same keys, and
    be stopped and run again.
    """
    with opened(keys=True) as store:
        count = store.rotate(_progress)
    click.echo(
        f"sealed {count} rows with the newest key; nothing needs the older ones any more "
        "but backups of before"
    )


def _progress(table: str, rows: int) -> None:
    click.echo(f"{table}: {rows} rows looked at", err=True)
