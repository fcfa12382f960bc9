"""Which office handles an item, and how long it promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from definitions.model import Span, Unit
from runtime.engine.notices import notices
from runtime.engine.schedule import limit, waves
from runtime.journey.draft import Draft
from runtime.journey.papers import day_after


@dataclass(frozen=True, slots=True)
class Stop:
    """An item on the way: its office, what it waits for, and the days that it promises.

    `wave` counts from 1. `due` is reckoned from the day of submission along what it waits for.
    """

    use: str
    office: Unit
    wave: int
    waits_for: tuple[str, ...]
    promised: Span | None
    due: date | None


def office(draft: Draft, use: str) -> Unit:
    """The office that handles an item: the district's own where the item is the district's."""
    item = draft.plan.items[use].item
    department = draft.installation.unit(item.department)
    if item.guide.get("level") != "district":
        return department
    found = next(
        (
            unit
            for organisation in draft.installation.surroundings.organisations.values()
            for unit in organisation.units.values()
            if unit.of == department.id and unit.division == draft.application.district
        ),
        department,
    )
    return found if found.contact else replace(found, contact=department.contact)


def phone(draft: Draft, use: str) -> str:
    """Where to call about an item; empty where nobody says."""
    contact = draft.plan.items[use].item.guide.get("contact") or office(draft, use).contact
    return str(contact.get("phone", ""))


def schedule(draft: Draft, start: date) -> list[Stop]:
    """The items in the order they run, each with the day by which it should be done.

    `start` is the day of submission; the days are counted as the law counts them, and a notice
    that the answers call for is waited for.
    """
    stops: dict[str, Stop] = {}
    for number, wave in enumerate(waves(draft.plan, draft.state.active), start=1):
        for use in wave:
            before = tuple(one for one in draft.plan.items[use].use.after if one in stops)
            begins = max((stops[one].due or start for one in before), default=start)
            promised = limit(draft.plan.items[use], "promised", draft.state.views[use])
            due = _done_by(draft, use, begins, promised) if promised else None
            stops[use] = Stop(use, office(draft, use), number, before, promised, due)
    return list(stops.values())


def _done_by(draft: Draft, use: str, begins: date, promised: Span) -> date:
    """The last day of what is promised and of the notices that come on top."""
    day = day_after(draft.installation, begins, promised)
    for notice in notices(draft.plan.items[use], draft.state.views[use]):
        if notice.certain:
            day = day_after(draft.installation, day, notice.span)
    return day
