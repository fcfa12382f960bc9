"""The one place that says who may do what.

A right is an action and the standings that carry it. A standing is how an actor relates to what
is acted upon: its owner, a party to it, an officer of its department, an admin of its district.
Whoever has none of them is told that there is nothing: a stranger can't tell a wrong id from
somebody else's application.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from runtime.store.actor import Actor
from runtime.store.errors import NotFound

RIGHTS: Mapping[str, frozenset[str]] = {
    "application.create": frozenset({"applicant"}),
    "application.list": frozenset({"applicant"}),
    "application.read": frozenset({"owner", "system"}),
    "application.write": frozenset({"owner"}),
    "application.sweep": frozenset({"system"}),
    "event.read": frozenset({"owner", "system"}),
    "event.list": frozenset({"applicant"}),
    "event.verify": frozenset({"owner", "system"}),
    "event.sweep": frozenset({"system"}),
    "submission.read": frozenset({"owner", "officer", "system"}),
    "submission.list": frozenset({"officer"}),
    "party.invite": frozenset({"owner"}),
    "party.list": frozenset({"owner", "system"}),
    "party.open": frozenset({"applicant"}),
    "party.answer": frozenset({"party"}),
    "case.read": frozenset({"owner", "party", "officer", "system"}),
    "case.act": frozenset({"owner", "party", "officer", "system"}),
    "case.sweep": frozenset({"system"}),
    "task.list": frozenset({"staff"}),
    "task.wait": frozenset({"staff", "applicant", "system"}),
    "message.add": frozenset({"system"}),
    "message.list": frozenset({"staff", "applicant"}),
    "delivery.work": frozenset({"system"}),
    "position.appoint": frozenset({"system"}),
    "position.read": frozenset({"self", "system"}),
    "position.list": frozenset({"staff", "owner", "system"}),
    "party.follow": frozenset({"system"}),
    "file.add": frozenset({"owner"}),
    "file.read": frozenset({"owner", "officer", "system"}),
    "file.remove": frozenset({"owner"}),
    "file.sweep": frozenset({"system"}),
    "release.read": frozenset({"anyone"}),
    "release.publish": frozenset({"admin", "system"}),
    "person.meet": frozenset({"system"}),
    "person.read": frozenset({"self", "system"}),
    "person.name": frozenset({"staff", "system"}),
    "person.prefer": frozenset({"self"}),
    "session.start": frozenset({"system"}),
    "session.change": frozenset({"self"}),
    "session.end": frozenset({"self", "system"}),
    "session.sweep": frozenset({"system"}),
    "held.keep": frozenset({"system"}),
    "held.sweep": frozenset({"system"}),
    "rate.count": frozenset({"anyone"}),
    "rate.sweep": frozenset({"system"}),
}


def demand(actor: Actor, action: str, standings: Collection[str] = ()) -> None:
    """Nothing, when one of the actor's standings carries the action.

    Raises:
        NotFound: none does.
    """
    if RIGHTS[action].isdisjoint((*standings, *general(actor))):
        raise NotFound


class Owned(Protocol):
    """Whatever belongs to a person, or to an enterprise by its credit code."""

    @property
    def owner(self) -> str:
        """The id of the person."""

    @property
    def enterprise(self) -> str | None:
        """The credit code, when it belongs to an enterprise."""


def demand_over(actor: Actor, action: str, application: Owned) -> None:
    """Nothing, when the actor has the right over this application.

    Raises:
        NotFound: the actor hasn't.
    """
    standings = over_application(actor, application.owner, application.enterprise)
    demand(actor, action, standings)


def general(actor: Actor) -> tuple[str, ...]:
    """The standings that an actor has towards anything; nobody signed in has one too."""
    if actor.kind == "system":
        return ("anyone", "system")
    if actor.person and actor.kind == "applicant":
        return ("anyone", "applicant")
    return ("anyone", "staff") if actor.person and actor.kind == "officer" else ("anyone",)


def over_application(actor: Actor, owner: str, enterprise: str | None) -> tuple[str, ...]:
    """What an actor is to an application.

    One that was made for an enterprise belongs to whoever acts for it now, not to the person who
    typed it: people change their employer.
    """
    if actor.kind != "applicant" or not actor.person:
        return ()
    mine = actor.acting_for == enterprise if enterprise else actor.person == owner
    return ("owner",) if mine else ()


def over_party(actor: Actor, person: str | None) -> tuple[str, ...]:
    """What an actor is to an invitation that a person has opened."""
    same = actor.kind == "applicant" and bool(actor.person) and actor.person == person
    return ("party",) if same else ()


def over_submission(actor: Actor, unit: str, district: str) -> tuple[str, ...]:
    """What an actor is to the slice that one department of one district gets."""
    same = actor.kind == "officer" and actor.unit == unit and covers(actor.district, district)
    return ("officer",) if same else ()


def over_districts(actor: Actor, districts: Collection[str]) -> tuple[str, ...]:
    """What an actor is to districts, all of them together."""
    all_covered = all(covers(actor.district, district) for district in districts)
    return ("admin",) if actor.kind == "admin" and all_covered else ()


def over_person(actor: Actor, person: str) -> tuple[str, ...]:
    """What an actor is to a stored person."""
    return ("self",) if actor.person and actor.person == person else ()


def covers(area: str, district: str) -> bool:
    """Whether a division (GB/T 2260) is or contains another: 440400 contains 440402."""
    beginning = beginning_of(area)
    return bool(beginning) and district.startswith(beginning)


def beginning_of(area: str) -> str:
    """The digits that every division within this one begins with: 4404 for 440400."""
    while area.endswith("00"):
        area = area[:-2]
    return area
