"""What a view asks of the request at hand: the installation, who asks, in which language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

from flask import current_app, g, session

from runtime.installation import Installation
from runtime.journey.draft import CHINA
from runtime.store.actor import SYSTEM, Actor
from runtime.web.texts import language

EXTENSION = "yibiao"
STAFF = "staff"
"""In the cookie: whether the person held positions when they signed in. It shows a link; what
they may see is asked of the store each time."""
STRANGER = Actor("applicant")
"""Somebody who has not signed in: may read what is public."""


def here() -> Installation:
    """The installation that this process runs."""
    return cast(Installation, current_app.extensions[EXTENSION])


def actor() -> Actor:
    """Who asks; STRANGER before sign-in."""
    return cast(Actor, g.get("actor", STRANGER))


def officer() -> Actor:
    """Who asks as staff, with the positions that they hold; STRANGER when they hold none.

    Read once per request, and only by pages for staff.
    """
    if "officer" not in g:
        me = actor()
        held = here().store.staff.positions(SYSTEM, me.person) if me.person else ()
        g.officer = (
            Actor("officer", person=me.person, name=me.name, positions=held) if held else STRANGER
        )
    return cast(Actor, g.officer)


def signed_in() -> bool:
    """Whether the person is known."""
    return bool(actor().person)


def lang() -> str:
    """The language to answer in, as the request began: see `runtime.web.preferences`."""
    return language()


def now() -> datetime:
    """The moment of this request, in UTC: the one place where a page meets the clock."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast(datetime, g.now)


def today() -> date:
    """The day of this request, in China."""
    return now().astimezone(CHINA).date()


def person_shown() -> dict[str, str] | None:
    """Who is signed in, as the header says it; None for a stranger."""
    person = g.get("person")
    if person is None:
        return None
    names = {one.credit_code: one.name for one in person.enterprises}
    return {
        "name": person.name,
        "acting_for": names.get(actor().acting_for or "", ""),
        "staff": "yes" if session.get(STAFF) else "",
    }
