"""`release`: list, publish, export, import and compare what goes live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from definitions.archive import RefusedArchiveError, export_zip, import_zip
from definitions.diff import diff
from definitions.model import Library
from definitions.reader import LIBRARY, read, read_bundle
from definitions.release import Release, make_release
from definitions.wording import say
from runtime.commands.database import opened
from runtime.commands.output import json_option, lang_option, show
from runtime.installation import moment
from runtime.publishing import NotPublishable, publish
from runtime.store import Store
from runtime.store.actor import SYSTEM

SHORTEST = 6
"""Digits of a hash that stand for all of it."""


@click.group("release")
def release() -> None:
    """What is live: lists, publishes, compares.

    A release is an immutable bundle of definitions, named by the hash of its content.
    """


@release.command("list")
@click.argument("service", required=False)
@json_option
def list_(service: str | None, as_json: bool) -> None:
    """Say what is live where.

    Of one SERVICE: everything that ever went live, the latest first, and why.
    """
    with opened() as store:
        rows = _history(store, service) if service else _live(store)
    show(rows, as_json, lambda: _table(rows))


def _live(store: Store) -> list[dict[str, Any]]:
    return [
        {"service": service, "district": district, "release": found}
        for (service, district), found in store.releases.all_live(SYSTEM).items()
    ]


def _history(store: Store, service: str) -> list[dict[str, Any]]:
    found = store.releases.history(SYSTEM, service)
    if not found:
        raise click.ClickException(f"service {service!r} was never live; see `release list`")
    return [
        {
            "service": service,
            "district": one.district,
            "release": one.release,
            "at": one.at.isoformat(timespec="seconds"),
            "reason": one.reason,
        }
        for one in found
    ]


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        told = f"  {row['at']}  {row['reason']}" if "at" in row else ""
        yield f"{row['service']:24} {row['district']:8} {row['release']}{told}"
    if not rows:
        yield "no service is live; publish one with `release publish`"


def _said(_: click.Context, __: click.Parameter, reason: str) -> str:
    if not reason.strip():
        raise click.BadParameter("say why")
    return reason


reason_option = click.option(
    "--reason", required=True, callback=_said, help="Why; kept with the release."
)


@release.command("publish")
@click.argument("name", metavar="SERVICE")
@reason_option
@lang_option
def publish_(name: str, reason: str, lang: str) -> None:
    """Make SERVICE of the library live.

    It has to be without errors and its cases have to pass. Instead of a service, the hash of a
    release that was live before: to go back to it.
    """
    library = read([LIBRARY])
    with opened() as store:
        if _in_library(library, name):
            made = make_release(library, name)
        else:
            made = _stored(store, library, name)
            library = read_bundle(made.content["definitions"])
        _publish(store, library, made, reason, lang)


@release.command("export")
@click.argument("name", metavar="SERVICE")
@click.argument("file", type=click.Path(path_type=Path))
def export(name: str, file: Path) -> None:
    """Write SERVICE of the library into the zip FILE.

    With all that it needs. Instead of a service, the hash of a release that is or was live.
    """
    library = read([LIBRARY])
    if _in_library(library, name):
        made = make_release(library, name)
    else:
        with opened() as store:
            made = _stored(store, library, name)
    try:
        file.write_bytes(export_zip(made))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"wrote {file}: {made.id}")


@release.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reason_option
@lang_option
def import_(file: Path, reason: str, lang: str) -> None:
    """Make the release in the zip FILE live.

    All of it, or nothing when one part is bad.
    """
    try:
        made = import_zip(file.read_bytes())
    except RefusedArchiveError as error:
        lines = [say(problem, lang) for problem in error.problems]
        raise click.ClickException("\n".join(lines)) from error
    library = read_bundle(made.content["definitions"])
    with opened() as store:
        _publish(store, library, made, reason, lang)


@release.command("diff")
@click.argument("old")
@click.argument("new")
@json_option
@lang_option
def diff_(old: str, new: str, as_json: bool, lang: str) -> None:
    """Say in words what changed from OLD to NEW.

    Each is a service of the library, or the hash of a release (its first digits do).
    """
    library = read([LIBRARY])
    with opened() as store:
        before, after = (_content(store, library, name) for name in (old, new))
    changes = diff(before, after)
    data = [{"code": one.code, "where": one.where, "text": say(one, lang)} for one in changes]
    show(data, as_json, lambda: [row["text"] for row in data] or ["nothing changed"])


def _content(store: Store, library: Library, name: str) -> Any:
    if _in_library(library, name):
        return make_release(library, name).content
    return _stored(store, library, name).content


def _in_library(library: Library, name: str) -> bool:
    return name in library.services or name in library.items


def _stored(store: Store, library: Library, start: str) -> Release:
    """The one release that is or was live whose hash begins so.

    Raises:
        click.ClickException: there is none, or there are several; says what there is.
    """
    services = {service for service, _ in store.releases.all_live(SYSTEM)}
    history = [one for name in services for one in store.releases.history(SYSTEM, name)]
    found = {one.release for one in history if len(start) >= SHORTEST}
    match sorted(one for one in found if one.startswith(start)):
        case [record]:
            return Release(record, store.releases.get(SYSTEM, record))
        case []:
            known = ", ".join(sorted(library.services))
            raise click.ClickException(f"no release, service or item {start!r}; services: {known}")
        case several:
            raise click.ClickException(f"{start} may be {' or '.join(several)}")


def _publish(store: Store, library: Library, made: Release, reason: str, lang: str) -> None:
    try:
        publish(store, library, made, SYSTEM, reason, moment())
    except NotPublishable as error:
        lines = [f"{one.where}: {say(one, lang)}" for one in error.problems]
        raise click.ClickException("\n".join([str(error), *lines])) from error
    click.echo(f"live: {made.content['service']} {made.id}")
