"""Releases: immutable bundles of definitions, named by their content."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.canonical import canonical
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.database import first
from runtime.store.errors import NotFound, Unreadable
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import from_text, to_text

Release = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Publication:
    """A release went live: where, when, by whom and why."""

    release: str
    service: str
    district: str
    at: datetime
    person: str
    reason: str


class Releases:
    """The releases of one store, and which one is live where."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.release
        self._live = ground.tables.live

    def publish(
        self,
        actor: Actor,
        release: Release,
        card: Mapping[str, Any],
        reason: str,
        now: datetime,
        districts: Sequence[str] = (),
    ) -> str:
        """The id of the release, which is live from now on in these districts.

        `card` is what lists say of the service. Without `districts` it goes live wherever its
        service says. Publishing the same content twice keeps one release.

        Raises:
            NotFound: the actor is no admin of all those districts.
            ValueError: the release names no service that it holds.
        """
        definition = _service_of(release)
        districts = tuple(districts or definition.get("districts", ()))
        access.demand(actor, "release.publish", access.over_districts(actor, districts))
        record, body = identify(release)
        with self._ground.deciding():
            self._keep(record, release["service"], body, card, now)
            self._go_live(actor, record, release["service"], districts, reason, now)
        return record

    def go_live(
        self, actor: Actor, record: str, districts: Sequence[str], reason: str, now: datetime
    ) -> None:
        """Make a stored release the live one in these districts: a step back, or a start.

        Raises:
            NotFound: there is none, or the actor is no admin of all those districts.
        """
        access.demand(actor, "release.publish", access.over_districts(actor, districts))
        row = self._row(record)
        with self._ground.deciding():
            self._go_live(actor, record, row["service"], districts, reason, now)

    def get(self, actor: Actor, record: str) -> Release:
        """The release with this id.

        Raises:
            NotFound: there is none.
            Unreadable: what is stored isn't what the id names.
        """
        access.demand(actor, "release.read")
        body = zlib.decompress(self._row(record)["body"])
        if hashlib.sha256(body).hexdigest() != record:
            raise Unreadable(f"release {record} was changed")
        release: Release = json.loads(body)
        return release

    def all_live(self, actor: Actor) -> dict[tuple[str, str], str]:
        """Every live release by service and district."""
        access.demand(actor, "release.read")
        live = self._live
        query = live.select().order_by(live.c.service, live.c.district)
        return {(row["service"], row["district"]): row["release_id"] for row in query.dicts()}

    def cards(self, actor: Actor, records: Collection[str]) -> dict[str, Any]:
        """The cards of these releases by their ids; unknown ones are left out."""
        access.demand(actor, "release.read")
        table = self._table
        query = table.select(table.c.id, table.c.card).where(table.c.id.in_(tuple(records)))
        rows = query.dicts() if records else ()
        return {row["id"]: json.loads(row["card"]) for row in rows}

    def history(self, actor: Actor, service: str) -> list[Publication]:
        """What went live for a service, the latest first."""
        access.demand(actor, "release.read")
        table = self._ground.tables.publication
        query = table.select().where(table.c.service == service)
        rows = query.order_by(table.c.at.desc(), table.c.district).dicts()
        return [_publication(row) for row in rows]

    def _row(self, record: str) -> dict[str, Any]:
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None:
            raise NotFound
        return row

    def _keep(
        self, record: str, service: str, body: bytes, card: Mapping[str, Any], now: datetime
    ) -> None:
        row = {
            "id": record,
            "service": service,
            "body": zlib.compress(body),
            "card": json.dumps(card, ensure_ascii=False),
            "created_at": to_text(now),
        }
        self._table.insert(**row).on_conflict_ignore().execute()

    def _go_live(
        self,
        actor: Actor,
        record: str,
        service: str,
        districts: Sequence[str],
        reason: str,
        now: datetime,
    ) -> None:
        at = to_text(now)
        for district in districts:
            where = {"service": service, "district": district, "release_id": record}
            changed = {self._live.c.release_id: record, self._live.c.since: at}
            self._live.insert(**where, since=at).on_conflict(
                conflict_target=("service", "district"), update=changed
            ).execute()
            said = {"id": new_id(now), "at": at, "person": actor.person, "reason": reason}
            self._ground.tables.publication.insert(**where, **said).execute()


def identify(release: Release) -> tuple[str, bytes]:
    """The id of a release (SHA-256 of its canonical JSON, RFC 8785) and that JSON."""
    body = canonical(release)
    return hashlib.sha256(body).hexdigest(), body


def _service_of(release: Release) -> Mapping[str, Any]:
    definitions = release.get("definitions", {})
    definition = definitions.get(f"service/{release.get('service')}")
    if definition is None:
        raise ValueError("a release names a service and holds its definition")
    found: Mapping[str, Any] = definition
    return found


def _publication(row: Mapping[str, Any]) -> Publication:
    return Publication(
        release=row["release_id"],
        service=row["service"],
        district=row["district"],
        at=from_text(row["at"]),
        person=row["person"],
        reason=row["reason"],
    )
