"""Names, days and lights, as the pages of staff say them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from definitions.calendars import WorkCalendar
from definitions.plan import Plan
from runtime.journey.draft import Draft
from runtime.store import Person
from runtime.web.apply.shown import day_words
from runtime.web.context import here, officer
from runtime.web.texts import say, t

SOON = 1
"""So many working days before the end a light turns."""


def names_of(ids: Collection[str]) -> dict[str, str]:
    """The names of persons by id."""
    wanted = {one for one in ids if one}
    found = here().store.people.named(officer(), wanted)
    return {id: one.name for id, one in found.items()}


def applicant(person: Person | None, enterprise: str) -> str:
    """Who applies: an enterprise by its name, else the person."""
    if person is None:
        return enterprise
    names = {one.credit_code: one.name for one in person.enterprises}
    return names.get(enterprise, enterprise) if enterprise else person.name


def applicant_of(draft: Draft) -> str:
    """Who applies, of one application."""
    return applicant(draft.person, draft.application.enterprise or "")


def unit_title(unit: str) -> str:
    """An office by its name."""
    return say(here().unit(unit).title)


def role_title(role: str) -> str:
    """A role by its name."""
    organisations = here().surroundings.organisations.values()
    found = next((one.roles[role] for one in organisations if role in one.roles), None)
    return say(found) if found else role


def holder(who: str, names: Mapping[str, str]) -> str:
    """For whom something waits: a person, or a role in an office."""
    unit, slash, role = who.partition("/")
    if slash:
        return t("work.office", unit=unit_title(unit), role=role_title(role))
    return names.get(who, t("work.somebody"))


def item_title(plan: Plan, use: str) -> str:
    """An item by its name; its id where the release has none such."""
    return say(plan.items[use].item.title) if use in plan.items else use


def step_title(plan: Plan, step: str) -> str:
    """A step by its name."""
    known = plan.process.steps.get(step)
    return say(known.step.title) if known else step.partition(".")[2]


def light(
    due: date | None, today: date, calendar: WorkCalendar, paused: bool = False
) -> dict[str, str] | None:
    """How long there is left until a day: the state and words of a clock light."""
    if due is None:
        return None
    left = calendar.between(today, due)
    if paused:
        return {"state": "paused", "words": t("work.paused")}
    if due < today:
        return {"state": "stop", "words": t("work.late", n=max(1, -left))}
    if due == today:
        return {"state": "wait", "words": t("work.due_today")}
    state = "wait" if left <= SOON else "running"
    return {"state": state, "words": t("work.left", n=left, day=day_words(due))}
