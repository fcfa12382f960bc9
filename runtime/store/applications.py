"""Drafts and what becomes of them: begun, saved, found again, sent, withdrawn, erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from peewee import Expression

from runtime.store import access, events
from runtime.store.actor import Actor
from runtime.store.application import (
    DRAFT_FOR,
    PARTS,
    Answers,
    Application,
    Parts,
    demand_draft,
    draft_times,
    to_plain,
)
from runtime.store.changes import Change, disputed, identity, join, join_licenses, touch
from runtime.store.database import first
from runtime.store.errors import Conflict, NotFound
from runtime.store.ground import Ground
from runtime.store.history import advance, find
from runtime.store.ids import new_id
from runtime.store.instants import from_text, maybe, to_text
from runtime.store.owned import enterprise_indexes, own_of
from runtime.store.parties import Party
from runtime.store.prepared import Parameter, Prepared

LISTED = 100
ATTEMPTS = 20
"""How often a save joins what others have saved before it gives up; each time one of them won."""

Standing = Literal["owner", "agent", "party"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a person's own list; `standing` says why it is there.

    `answered` tells of an invited person whether they have given their answer.
    """

    id: str
    number: str | None
    release: str
    service: str
    district: str
    status: str
    standing: Standing
    answered: bool
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    submitted_at: datetime | None


class Applications:
    """The applications of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.application

    def create_draft(
        self,
        actor: Actor,
        release: str,
        service: str,
        district: str,
        party: str,
        answers: Answers,
        now: datetime,
    ) -> Application:
        """A new draft of the signed-in person, or of the enterprise they act for.

        `party` is the subject of the service that the applicant is; `answers` are those to the
        situation.

        Raises:
            NotFound: the actor is no applicant, or there is no such release.
        """
        access.demand(actor, "application.create")
        self._need_release(release, service)
        record = new_id(now)
        data = {"release": release, "service": service, "district": district, "party": party}
        event = events.following(record, events.GENESIS, 0, actor, "created", data, now)
        row = {
            "id": record,
            "release_id": release,
            "service": service,
            "district": district,
            "status": "draft",
            "version": 1,
            "owner_id": actor.person,
            "party": party,
            "head": event.hash,
            "events": 1,
            "file_bytes": 0,
            "created_at": to_text(now),
            **draft_times(now),
            **self._owner(record, actor),
            **self._ground.seal("application", record, **_empty_parts(), answers=dict(answers)),
        }
        with self._ground.deciding():
            self._ground.insert("application", row)
            events.store(self._ground, event)
        return find(self._ground, record)

    def load(self, actor: Actor, record: str, now: datetime) -> Application:
        """The application with this id.

        Raises:
            NotFound: there is none, it isn't the actor's, or it is a draft past its days.
        """
        found = find(self._ground, record)
        access.demand_over(actor, "application.read", found)
        if found.is_past(now):
            raise NotFound
        return found

    def load_by_number(self, actor: Actor, number: str, now: datetime) -> Application:
        """The application with this number, as it is printed on a receipt.

        Raises:
            NotFound: there is none, or it isn't the actor's.
        """
        table = self._table
        row = first(table.select(table.c.id).where(table.c.number == number))
        if row is None:
            raise NotFound
        return self.load(actor, row["id"], now)

    def save(
        self, actor: Actor, held: Application, base: int, change: Change, now: datetime
    ) -> Application:
        """The draft with the change, kept for another 28 days.

        `held` is the application as this request has loaded it, `base` the version that the
        person was looking at. What others changed since then is joined, place by place. One
        UPDATE when nobody else saves at this moment.

        Raises:
            NotFound: it isn't the actor's.
            Conflict: somebody set one of the same places to something else since `base`.
            Refused: it isn't a draft any more (`application.not_a_draft`).
        """
        access.demand_over(actor, "application.write", held)
        return self._save(held, base, change, now)

    def contribute(
        self, actor: Actor, party: Party, held: Application, change: Change, now: datetime
    ) -> Application:
        """The draft with what an invited party gives of itself: its own answers, its licenses.

        Raises:
            NotFound: the invitation isn't the actor's, an answer isn't the party's own, or the
                change would alter or take away what others gave.
            Refused: it isn't a draft any more (`application.not_a_draft`).
        """
        access.demand(actor, "party.answer", access.over_party(actor, party.person))
        own = f"{party.subject}/{party.row}/" if party.row else f"{party.subject}."
        answered = [*change.answers, *change.provenance]
        if party.application != held.id or any(not one.startswith(own) for one in answered):
            raise NotFound
        if change.papers or change.picks or change.typed or _takes_away(held, change):
            raise NotFound
        return self._save(held, held.version, change, now)

    def mine(self, actor: Actor, now: datetime) -> list[Summary]:
        """The actor's own list, the latest first: as owner, as party, as agent."""
        access.demand(actor, "application.list")
        table = self._table
        columns = [getattr(table.c, name) for name in SUMMARY]
        query = (
            table.select(*columns)
            .where(self._visible(actor))
            .where((table.c.status != "draft") | (table.c.expires_at > to_text(now)))
            .order_by(table.c.updated_at.desc())
            .limit(LISTED)
        )
        indexes, asked = enterprise_indexes(self._ground, actor), self._asked(actor)
        return [_summary(actor, indexes, asked, row) for row in query.dicts()]

    def _asked(self, actor: Actor) -> set[str]:
        """The applications in which the actor is invited and hasn't answered yet."""
        party = self._ground.tables.party
        mine = (party.c.person_id == actor.person) & (party.c.state == "invited")
        return {row["application_id"] for row in party.select().where(mine).dicts()}

    def discard(self, actor: Actor, held: Application) -> None:
        """Erase a draft with everything that belongs to it; its files go with the next sweep.

        Raises:
            NotFound: it isn't the actor's.
            Refused: it has been submitted: that is withdrawn, not erased.
        """
        access.demand_over(actor, "application.write", held)
        demand_draft(held)
        if not self._erase(self._table.c.id == held.id):
            raise Conflict(find(self._ground, held.id))

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Erase every draft that is past its days; returns how many there were."""
        access.demand(actor, "application.sweep")
        return self._erase(self._table.c.expires_at <= to_text(now))

    def fresh(self, actor: Actor, held: Application) -> Application:
        """The same application as it is now.

        Raises:
            NotFound: it isn't the actor's, or is gone.
        """
        access.demand_over(actor, "application.read", held)
        return find(self._ground, held.id)

    def renew(
        self, actor: Actor, held: Application, release: str, change: Change, now: datetime
    ) -> Application:
        """The draft on another release of its service, changed as it takes, told in its history.

        Raises:
            NotFound: it isn't the actor's, or there is no such release of its service.
            Conflict: it was changed since it was loaded.
            Refused: it isn't a draft any more (`application.not_a_draft`).
        """
        access.demand_over(actor, "application.write", held)
        demand_draft(held)
        self._need_release(release, held.service)
        parts = {name: held.parts.get(name) for name in _read_by(change)}
        joined = {
            **join(parts, change),
            "touched": touch(parts["touched"], change, held.version + 1),
        }
        plain = {name: to_plain(name, value) for name, value in joined.items()}
        sealed = self._ground.seal("application", held.id, **plain)
        data = {"from": held.release, "to": release}
        columns = {"release_id": release, **draft_times(now), **sealed}
        with self._ground.deciding():
            if not advance(self._ground, actor, held, "renewed", data, now, **columns):
                raise Conflict(find(self._ground, held.id))
        return find(self._ground, held.id)

    def _save(self, held: Application, base: int, change: Change, now: datetime) -> Application:
        loaded = held
        for _ in range(ATTEMPTS):
            demand_draft(held)
            saved = self._try_save(held, base, _upon(change, loaded, held), now)
            if saved:
                return saved
            held = find(self._ground, held.id)
        raise Conflict(held)

    def _need_release(self, release: str, service: str) -> None:
        table = self._ground.tables.release
        if not first(table.select(table.c.id).where(_both(table, id=release, service=service))):
            raise NotFound

    def _owner(self, record: str, actor: Actor) -> dict[str, Any]:
        if not actor.acting_for:
            return {}
        index = self._ground.vault.index("enterprise", actor.acting_for)
        sealed = self._ground.seal("application", record, enterprise=actor.acting_for)
        return {"enterprise_index": index, **sealed}

    def _try_save(
        self, held: Application, base: int, change: Change, now: datetime
    ) -> Application | None:
        parts = {name: held.parts.get(name) for name in _read_by(change)}
        places = disputed(parts, change, base, parts["touched"]) if base < held.version else []
        if places:
            raise Conflict(held, places)
        version, altered = held.version + 1, join(parts, change)
        if not altered:  # the same was saved meanwhile, by an autosave that was on its way
            return held if find(self._ground, held.id).version == held.version else None
        joined = {**altered, "touched": touch(parts["touched"], change, version)}
        plain = {name: to_plain(name, value) for name, value in joined.items()}
        sealed = self._ground.seal("application", held.id, **plain)
        values = {"version": version, **draft_times(now), **sealed}
        if not self._saving(tuple(values)).count(**values, id=held.id, seen=held.version):
            return None
        return _after(held, version, held.parts.with_changes(sealed, joined), now)

    def _saving(self, columns: tuple[str, ...]) -> Prepared:
        """The update of these columns of a draft whose version is still the one `seen`."""

        def build() -> Any:
            table = self._table
            same = _both(table, id=Parameter("id"), version=Parameter("seen"), status="draft")
            return table.update(**{name: Parameter(name) for name in columns}).where(same)

        return self._ground.prepared(("save", columns), build)

    def _visible(self, actor: Actor) -> Expression:
        table, party = self._table, self._ground.tables.party
        joined = party.select(party.c.application_id).where(party.c.person_id == actor.person)
        return own_of(self._ground, actor) | table.c.id.in_(joined)

    def _erase(self, which: Expression) -> int:
        """Locks the drafts by moving them out of reach first, so that none is being sent."""
        table = self._table
        with self._ground.deciding():
            doomed = which & (table.c.status == "draft")
            table.update(status="erased").where(doomed).execute()
            ids = table.select(table.c.id).where(table.c.status == "erased")
            for name in ("event", "party", "file", "submission"):
                child = self._ground.tables.named(name)
                child.delete().where(child.c.application_id.in_(ids)).execute()
            erased: int = table.delete().where(table.c.status == "erased").execute()
        return erased


SUMMARY = (
    "id", "number", "release_id", "service", "district", "status", "owner_id",
    "enterprise_index", "created_at", "updated_at", "expires_at", "submitted_at",
)  # fmt: skip


def _summary(
    actor: Actor, indexes: Collection[str], asked: Collection[str], row: Mapping[str, Any]
) -> Summary:
    owned = row["owner_id"] == actor.person and row["enterprise_index"] is None
    agent = row["enterprise_index"] in indexes
    return Summary(
        id=row["id"],
        number=row["number"],
        release=row["release_id"],
        service=row["service"],
        district=row["district"],
        status=row["status"],
        standing="owner" if owned else "agent" if agent else "party",
        answered=row["id"] not in asked,
        created_at=from_text(row["created_at"]),
        updated_at=from_text(row["updated_at"]),
        expires_at=maybe(row["expires_at"]),
        submitted_at=maybe(row["submitted_at"]),
    )


def _empty_parts() -> dict[str, Any]:
    return {name: [] if name == "licenses" else {} for name in PARTS if name != "answers"}


def _read_by(change: Change) -> set[str]:
    """The parts that a change needs to look at: a one-field change opens two of seven."""
    parts = {part for part, _, _ in change.places()} | {"touched"}
    return parts | ({"provenance"} if change.provenance else set())


def _upon(change: Change, loaded: Application, held: Application) -> Change:
    """The change, made looking at `loaded`, with the licenses that others brought until `held`."""
    if change.licenses is None or held is loaded:
        return change
    joined = join_licenses(loaded.licenses, change.licenses, held.licenses)
    return replace(change, licenses=joined)


def _takes_away(held: Application, change: Change) -> bool:
    """Whether licenses that are there would be missing after the change."""
    if change.licenses is None:
        return False
    kept = set(map(identity, change.licenses))
    return any(identity(one) not in kept for one in held.licenses)


def _after(held: Application, version: int, parts: Parts, now: datetime) -> Application:
    expires = now + DRAFT_FOR
    return replace(held, version=version, parts=parts, updated_at=now, expires_at=expires)


def _both(table: Any, **values: Any) -> Expression:
    conditions = [getattr(table.c, name) == value for name, value in values.items()]
    joined = conditions[0]
    for condition in conditions[1:]:
        joined &= condition
    return joined
