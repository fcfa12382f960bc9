"""What the work list shows: a line for each step, and the tabs above them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

from flask import url_for

from definitions.plan import Plan
from runtime.engine.approvals.deciding import actions
from runtime.journey.papers import work_calendar
from runtime.store.cases import Head
from runtime.store.worklist import Entry, Filter, View
from runtime.web.apply.shown import moment
from runtime.web.context import here, officer, today
from runtime.web.texts import say, t
from runtime.web.work.words import applicant, holder, item_title, light, names_of, step_title

VIEWS: tuple[View, ...] = get_args(View)
OPEN = ("group", "mine", "late")


def tasks(view: View, chosen: Filter) -> dict[str, Any]:
    """One of the lists, a page of it."""
    work, me = here().store.work, officer()
    page = work.page(me, view, chosen, today())
    entries = _once(page.entries)
    return {
        "view": view,
        "chosen": chosen,
        "tabs": _tabs(view),
        "services": [(card.service, say(card.title)) for card in here().cards()],
        "lines": lines(entries),
        "batch": view in OPEN,
        "more": url_for(
            "work.tasks", view=view, service=chosen.service or None,
            number=chosen.number or None, order=chosen.order, after=page.more,
        ) if page.more else "",
        "filtered": bool(chosen.service or chosen.number),
    }  # fmt: skip


def lines(entries: Collection[Entry]) -> list[dict[str, Any]]:
    """Lines of a list, with everything that one look should tell."""
    store, me = here().store, officer()
    heads = store.cases.heads(me, {one.application for one in entries})
    people = store.people.named(me, {one.owner for one in heads.values()})
    names = names_of({one.who for one in entries if one.who and "/" not in one.who})
    found = []
    for one in entries:
        head = heads[one.application]
        who = applicant(people.get(head.owner), head.enterprise)
        found.append(_line(one, head, who, holder(one.who, names) if one.who else ""))
    return found


def can_batch(plan: Plan, step: str) -> bool:
    """Whether a step can be approved together with others: nothing is recorded in it."""
    known = plan.process.steps.get(step)
    return bool(
        known and known.kind == "review" and "approve" in actions(known) and known.form is None
    )


def _line(one: Entry, head: Head, who: str, held_by: str) -> dict[str, Any]:
    plan = here().plan(head.release)
    return {
        "key": f"{one.application}/{one.step}/{one.run}/{head.version}",
        "href": url_for("work.case", application=one.application, step=one.step),
        "title": item_title(plan, one.use),
        "step": step_title(plan, one.step),
        "service": say(plan.service.title),
        "applicant": who,
        "number": one.number,
        "opened": moment(one.opened_at),
        "joint": bool(one.joint),
        "held_by": held_by,
        "clock": light(one.due, today(), work_calendar(here())) if one.who else None,
        "batch": can_batch(plan, one.step),
    }


def _tabs(view: View) -> list[dict[str, Any]]:
    counts = here().store.work.counts(officer(), today())
    return [
        {
            "title": t(f"work.view.{name}"),
            "href": url_for("work.tasks", view=name),
            "current": name == view,
            **({"count": counts[name]} if name in counts else {}),
        }
        for name in VIEWS
    ]


def _once(entries: Collection[Entry]) -> list[Entry]:
    """One line a step, though it waits for several offices of the same person."""
    return list({(one.application, one.step): one for one in reversed(list(entries))}.values())[
        ::-1
    ]
