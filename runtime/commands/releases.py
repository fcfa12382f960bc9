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
from runtime.store import NotFound, Store
from runtime.store.actor import SYSTEM


@click.group("release")
def release() -> None:
    """Releases: immutable bundles of definitions, named by the hash of their content."""


@release.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Say which release of each service is live where."""
    with opened() as store:
        rows = [
            {"service": service, "district": district, "release": found}
            for (service, district), found in store.releases.all_live(SYSTEM).items()
        ]
    show(rows, as_json, lambda: _table(rows))


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['service']:24} {row['district']:8} {row['release']}"
    if not rows:
        yield "no service is live; publish one with `release publish`"


@release.command("publish")
@click.argument("service")
@click.option("--reason", required=True, help="Why; kept with the release.")
@lang_option
def publish_(service: str, reason: str, lang: str) -> None:
    """Make SERVICE of the library live, if it has no problems and its cases pass."""
    library = read([LIBRARY])
    with opened() as store:
        _publish(store, library, _made(library, service), reason, lang)


@release.command("export")
@click.argument("service")
@click.argument("file", type=click.Path(path_type=Path))
def export(service: str, file: Path) -> None:
    """Write SERVICE of the library, with all that it needs, into the zip FILE."""
    made = _made(read([LIBRARY]), service)
    file.write_bytes(export_zip(made))
    click.echo(f"wrote {file}: {made.id}")


@release.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Why; kept with the release.")
@lang_option
def import_(file: Path, reason: str, lang: str) -> None:
    """Make the release in the zip FILE live: all of it, or nothing when one part is bad."""
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
    """Say in words what changed from OLD to NEW: each a release's hash, or a library service."""
    with opened() as store:
        before, after = _content(store, old), _content(store, new)
    changes = diff(before, after)
    data = [{"code": one.code, "where": one.where, "text": say(one, lang)} for one in changes]
    show(data, as_json, lambda: [row["text"] for row in data] or ["nothing changed"])


def _content(store: Store, name: str) -> Any:
    try:
        return store.releases.get(SYSTEM, name)
    except NotFound:
        return _made(read([LIBRARY]), name).content


def _made(library: Library, service: str) -> Release:
    if service not in library.services and service not in library.items:
        known = ", ".join(sorted(library.services))
        raise click.ClickException(f"no release, service or item {service!r}; services: {known}")
    return make_release(library, service)


def _publish(store: Store, library: Library, made: Release, reason: str, lang: str) -> None:
    try:
        publish(store, library, made, SYSTEM, reason, moment())
    except NotPublishable as error:
        lines = [f"{one.where}: {say(one, lang)}" for one in error.problems]
        raise click.ClickException("\n".join([str(error), *lines])) from error
    click.echo(f"live: {made.content['service']} {made.id}")
