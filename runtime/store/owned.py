"""Whose an application is, as a condition of a query: what `access` says of one, for many."""

from __future__ import annotations

from peewee import Expression

from runtime.store.actor import Actor
from runtime.store.database import first
from runtime.store.ground import Ground
from runtime.store.people import read_person


def own_of(ground: Ground, actor: Actor) -> Expression:
    """The rows of applications that are a person's own, or of the enterprise they act for."""
    table = ground.tables.application
    own = (table.c.owner_id == actor.person) & table.c.enterprise_index.is_null()
    indexes = enterprise_indexes(ground, actor)
    return own | table.c.enterprise_index.in_(indexes) if indexes else own


def enterprise_indexes(ground: Ground, actor: Actor) -> tuple[str, ...]:
    """What finds the enterprise that an actor acts for; nothing for nobody's."""
    code = actor.acting_for
    return ground.vault.indexes("enterprise", code) if code else ()


def signs_as(ground: Ground, actor: Actor) -> frozenset[str]:
    """The names under which steps wait for somebody's signature: by number, by enterprise."""
    person, vault = ground.tables.person, ground.vault
    row = first(person.select().where(person.c.id == actor.person)) if actor.person else None
    if row is None or actor.kind != "applicant":
        return frozenset()
    number = "".join(read_person(ground, row).number.split()).upper()
    found = {f"person:{one}" for one in vault.indexes("person", number)}
    code = "".join((actor.acting_for or "").split()).upper()
    return frozenset(
        found | {f"enterprise:{one}" for one in (vault.indexes("enterprise", code) if code else ())}
    )
