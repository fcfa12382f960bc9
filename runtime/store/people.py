"""People as they were seen at sign-in, and how they like their pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.database import first
from runtime.store.errors import NotFound
from runtime.store.ground import Ground
from runtime.store.ids import new_id
from runtime.store.instants import to_text


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise that a person may act for, as the identity source says."""

    credit_code: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How pages are shown to a person, on every device."""

    language: str = "zh-CN"
    large_text: bool = False
    high_contrast: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in. `number` is the citizen number or what stands for it."""

    id: str
    number: str
    name: str
    phone: str
    enterprises: tuple[Enterprise, ...]
    preferences: Preferences


class People:
    """The persons of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.person

    def meet(
        self,
        actor: Actor,
        number: str,
        name: str,
        enterprises: Sequence[Enterprise],
        now: datetime,
        phone: str = "",
    ) -> Person:
        """The person with this number, known from now on, with what was said at this sign-in."""
        access.demand(actor, "person.meet")
        details = {"number": number, "name": name, "phone": phone}
        powers = [_enterprise_record(one) for one in enterprises]
        known = self._by_number(number)
        if known is None:
            known = self._add(number, details, powers, now)
        else:
            sealed = self._ground.seal("person", known, details=details, enterprises=powers)
            same = self._table.c.id == known
            self._table.update(seen_at=to_text(now), **sealed).where(same).execute()
        return self.get(actor, known)

    def get(self, actor: Actor, record: str) -> Person:
        """The person with this id.

        Raises:
            NotFound: there is none, or it is somebody else.
        """
        access.demand(actor, "person.read", access.over_person(actor, record))
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None:
            raise NotFound
        return read_person(self._ground, row)

    def named(self, actor: Actor, records: Collection[str]) -> dict[str, Person]:
        """The persons with these ids: whom staff work with and for, as far as there are any.

        Raises:
            NotFound: the actor is no officer.
        """
        access.demand(actor, "person.name")
        rows = self._table.select().where(self._table.c.id.in_(list(records))).dicts()
        return {row["id"]: read_person(self._ground, row) for row in rows} if records else {}

    def prefer(self, actor: Actor, preferences: Preferences) -> None:
        """Remember how the actor likes pages.

        Raises:
            NotFound: the actor is no stored person.
        """
        access.demand(actor, "person.prefer", access.over_person(actor, actor.person))
        text = json.dumps(_preferences_record(preferences))
        same = self._table.c.id == actor.person
        if not self._table.update(preferences=text).where(same).execute():
            raise NotFound

    def _by_number(self, number: str) -> str | None:
        indexes = self._ground.vault.indexes("person", number)
        query = self._table.select(self._table.c.id)
        row = first(query.where(self._table.c.number_index.in_(indexes)))
        return row["id"] if row else None

    def _add(
        self, number: str, details: Mapping[str, Any], powers: Sequence[Any], now: datetime
    ) -> str:
        record = new_id(now)
        row = {
            "id": record,
            "number_index": self._ground.vault.index("person", number),
            "preferences": "{}",
            "seen_at": to_text(now),
            **self._ground.seal("person", record, details=details, enterprises=powers),
        }
        try:
            self._ground.insert("person", row)
        except IntegrityError:  # the same person has just signed in on another device
            return self._by_number(number) or record
        return record


def read_person(ground: Ground, row: Mapping[str, Any]) -> Person:
    """The person of a row of the table."""
    details = ground.vault.open("person", row["id"], "details", row["details"])
    powers = ground.vault.open("person", row["id"], "enterprises", row["enterprises"])
    return Person(
        id=row["id"],
        enterprises=tuple(Enterprise(**one) for one in powers),
        preferences=Preferences(**json.loads(row["preferences"])),
        **details,
    )


def _enterprise_record(one: Enterprise) -> dict[str, Any]:
    return {"credit_code": one.credit_code, "name": one.name, "role": one.role}


def _preferences_record(preferences: Preferences) -> dict[str, Any]:
    return {
        "language": preferences.language,
        "large_text": preferences.large_text,
        "high_contrast": preferences.high_contrast,
    }
