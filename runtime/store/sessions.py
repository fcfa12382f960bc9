"""Sign-ins that the server can end: a random token in the cookie, its hash in the table."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from peewee import Table

from runtime.kept import Kept
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.errors import NotFound
from runtime.store.ground import Ground
from runtime.store.instants import from_text, to_text
from runtime.store.people import Person, read_person
from runtime.store.prepared import Parameter, Prepared

IDLE = timedelta(hours=2)
"""A sign-in ends after this time without a request."""

LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=5)
"""A request moves the end only so often: most requests write nothing."""

PERSON = ("id", "details", "enterprises", "preferences")
SEALED = ("actor", "person_details", "person_enterprises")
OPENED = 1024
"""Sign-ins that a process keeps opened, by their sealed bytes: the row itself is read each time,
so that what was ended or changed meanwhile is never taken for what it was."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in: who they act as, who they are, and until when."""

    id: str
    actor: Actor
    person: Person
    started_at: datetime
    expires_at: datetime


class Sessions:
    """The sign-ins of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.session
        self._resume = Prepared(ground.database, self._resumed)
        self._opened: Kept[tuple[Any, ...], tuple[Actor, Person]] = Kept(OPENED)

    def start(self, actor: Actor, signed_in: Actor, now: datetime) -> str:
        """The token of a new sign-in: 256 random bits, stored only as a hash.

        Only the system starts one, after an identity source has spoken: nobody signs themselves
        in as somebody else.
        """
        access.demand(actor, "session.start")
        token = secrets.token_urlsafe(32)
        record = _hash(token)
        row = {
            "id": record,
            "person_id": signed_in.person,
            "started_at": to_text(now),
            "seen_at": to_text(now),
            "expires_at": to_text(now + IDLE),
            **self._ground.seal("session", record, actor=asdict(signed_in)),
        }
        self._ground.insert("session", row)
        return token

    def resume(self, token: str, now: datetime) -> Session | None:
        """Who holds this token, or None when it is unknown or has ended. One indexed read.

        The only door that takes no actor: the actor comes out of it.
        """
        row = self._resume.one(id=_hash(token), now=to_text(now))
        if row is None:
            return None
        if now - from_text(row["seen_at"]) > NOTED_EVERY:
            self._note(row, now)
        return self._read(row)

    def act_for(
        self, actor: Actor, session: Session, credit_code: str | None, now: datetime
    ) -> Actor:
        """The actor of this sign-in, acting for an enterprise from now on, or for themselves.

        Raises:
            NotFound: the session isn't the actor's, or they may not act for that enterprise.
        """
        access.demand(actor, "session.change", access.over_person(actor, session.person.id))
        allowed = {one.credit_code for one in session.person.enterprises}
        if credit_code is not None and credit_code not in allowed:
            raise NotFound
        acting = replace(session.actor, acting_for=credit_code)
        sealed = self._ground.seal("session", session.id, actor=asdict(acting))
        same = self._table.c.id == session.id
        self._table.update(seen_at=to_text(now), **sealed).where(same).execute()
        return acting

    def end(self, actor: Actor, session: Session) -> None:
        """End one sign-in.

        Raises:
            NotFound: it isn't the actor's.
        """
        access.demand(actor, "session.end", access.over_person(actor, session.person.id))
        self._table.delete().where(self._table.c.id == session.id).execute()

    def sweep(self, actor: Actor, now: datetime) -> int:
        """Forget what has ended; returns how many there were."""
        access.demand(actor, "session.sweep")
        ended = self._table.c.expires_at <= to_text(now)
        count: int = self._table.delete().where(ended).execute()
        return count

    def _resumed(self) -> Any:
        session: Table = self._table
        person: Table = self._ground.tables.person
        columns = [getattr(person.c, name).alias(f"person_{name}") for name in PERSON]
        return (
            session.select(*(getattr(session.c, name) for name in SESSION), *columns)
            .join(person, on=(session.c.person_id == person.c.id))
            .where(session.c.id == Parameter("id"))
            .where(session.c.expires_at > Parameter("now"))
        )

    def _note(self, row: Mapping[str, Any], now: datetime) -> None:
        end = min(now + IDLE, from_text(row["started_at"]) + LONGEST)
        same = self._table.c.id == row["id"]
        self._table.update(seen_at=to_text(now), expires_at=to_text(end)).where(same).execute()

    def _read(self, row: Mapping[str, Any]) -> Session:
        sealed = tuple(bytes(row[name]) for name in SEALED)
        key = (row["id"], row["person_id"], row["person_preferences"], *sealed)
        actor, person = self._opened.get(key, lambda: self._open(row))
        return Session(
            id=row["id"],
            actor=actor,
            person=person,
            started_at=from_text(row["started_at"]),
            expires_at=from_text(row["expires_at"]),
        )

    def _open(self, row: Mapping[str, Any]) -> tuple[Actor, Person]:
        actor = self._ground.vault.open("session", row["id"], "actor", row["actor"])
        actor["roles"] = tuple(actor["roles"])
        actor["positions"] = tuple(tuple(one) for one in actor.get("positions", ()))
        person = read_person(self._ground, {name: row[f"person_{name}"] for name in PERSON})
        return _with_powers_left(Actor(**actor), person), person


SESSION = ("id", "actor", "started_at", "seen_at", "expires_at")


def _with_powers_left(actor: Actor, person: Person) -> Actor:
    """The actor, for nobody else if a later sign-in has shown that they may not any more."""
    powers = {one.credit_code for one in person.enterprises}
    return actor if actor.acting_for in powers else replace(actor, acting_for=None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
