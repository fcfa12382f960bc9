"""The way of a sent application through the offices, in words."""

from __future__ import annotations

from collections.abc import Sequence

from definitions.plan import Plan
from runtime.journey.offices import Stop
from runtime.store import Application
from runtime.web.apply import shown
from runtime.web.portal.pages import span
from runtime.web.texts import say, t


def steps(plan: Plan, application: Application, stops: Sequence[Stop]) -> list[dict[str, str]]:
    """Every item: where it is, with whom, and by when it should be done."""
    return [_step(plan, application, stop) for stop in stops]


def last_day(stops: Sequence[Stop]) -> str:
    """The day by which all should be done; nothing where nobody promises."""
    days = [stop.due for stop in stops if stop.due]
    return shown.day_words(max(days)) if days else ""


def _step(plan: Plan, application: Application, stop: Stop) -> dict[str, str]:
    title = {use: say(plan.items[use].item.title) for use in (stop.use, *stop.waits_for)}
    office = say(stop.office.title)
    if application.status == "withdrawn":
        state, about = "stop", t("follow.stopped")
    elif stop.waits_for:
        before = t("list.comma").join(title[use] for use in stop.waits_for)
        state, about = "later", t("follow.waits_for", items=before)
    else:
        state, about = "now", t("follow.waiting", office=office)
    promised = t("follow.promised", span=span(stop.promised)) if stop.promised else ""
    by = t("follow.by", day=shown.day_words(stop.due)) if stop.due and state != "stop" else ""
    when = t("list.clause").join(part for part in (promised, by) if part)
    return {"title": title[stop.use], "state": state, "department": office, "when": when,
            "about": about}  # fmt: skip
