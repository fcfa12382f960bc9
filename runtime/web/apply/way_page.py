"""Where a sent application stands, in words: every item with its steps, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from markupsafe import Markup

from runtime.engine.approvals.state import ItemState, Pause
from runtime.journey import own
from runtime.journey.cases import Case
from runtime.journey.offices import office
from runtime.journey.receipt import qr_inline
from runtime.web.apply import shown
from runtime.web.context import here
from runtime.web.texts import load, say, t

REMEDY = frozenset({"rejected", "not_accepted"})
MARKS = {"open": "now", "frozen": "wait", "done": "done", "waiting": "later", "closed": "stop"}
"""How a standing looks on a timeline."""
NO = frozenset({"rejected", "refused", "declined"})


def way(case: Case) -> dict[str, Any]:
    """What the page to follow it shows of its approvals."""
    return {
        "todos": [todo(case, one) for one in own.todos(case)],
        "items": [item(case, use) for use in case.draft.plan.items if use in case.state.items],
        "unsigned": list(unsigned(case)),
    }


def todo(case: Case, one: own.Todo) -> dict[str, str]:
    """Something to be done now, and where."""
    id = case.application.id
    title = item_title(case, one.use)
    match one.kind:
        case "supplement":
            address = url_for("own.supplement", application=id, use=one.use)
            return {"words": t("follow.todo.supplement", item=title), "href": address}
        case "sign":
            address = url_for("own.sign", application=id, step=one.step)
            return {
                "words": t("follow.todo.sign", step=step_title(case, one.step)),
                "href": address,
            }
        case "pay":
            lines = case.state.bills[one.bill].lines
            due = sum(line.amount for line in lines if line.standing == "due")
            address = url_for("own.pay", application=id)
            return {"words": t("follow.todo.pay", amount=shown.money(due)), "href": address}
    at = when(str(case.state.steps[one.step].appointment["at"]))
    address = url_for("own.appointment", application=id, step=one.step)
    return {"words": t("follow.todo.appoint", at=at), "href": address}


def item(case: Case, use: str) -> dict[str, Any]:
    """One item: its office, its clock, its steps, and how it ended."""
    state = case.state.items[use]
    return {
        "id": use,
        "title": item_title(case, use),
        "office": office_title(case, use),
        "state": _state(case, use, state),
        "waits": _waits(case, use, state),
        "clock": _clock(case, use),
        "pauses": [_pause(case, one) for one in state.pauses if one.end is None],
        "steps": [step(case, id) for id in case.draft.plan.process.items[use] if _told(case, id)],
        "reason": _reason(state),
        "remedy": t("follow.ending.remedy") if state.ending in REMEDY else "",
        "revoked": t("follow.ending.revoked") if state.revoked else "",
        "result": list(_result(case, use)),
        "dispute": url_for("own.dispute", application=case.application.id, use=use)
        if state.running and own.prefilled(case, use)
        else "",
    }


def step(case: Case, id: str) -> dict[str, Any]:
    """One step as a line of the timeline, with what can be asked of its office."""
    state, application = case.state.steps[id], case.application.id
    mark = "stop" if state.standing == "done" and state.outcome in NO else MARKS[state.standing]
    may = own.may_remind(case, id)
    visits = state.standing == "open" and case.plan(id).settings.get("appointment")
    return {
        "id": id,
        "run": state.run,
        "title": step_title(case, id),
        "state": mark,
        "department": "",
        "when": shown.moment(state.done_at) if state.done_at else "",
        "about": _about(case, id),
        "remind": url_for("own.remind", application=application, step=id) if may else "",
        "visit": url_for("own.appointment", application=application, step=id) if visits else "",
    }


def unsigned(case: Case) -> Iterator[dict[str, Any]]:
    """Who has not signed an open step yet, with a link to hand on."""
    for id, state in case.state.steps.items():
        if state.standing != "open" or case.plan(id).kind != "sign" or own.signs_as(case, id):
            continue
        names = [name for name, signed in own.signers(case, id) if not signed]
        if names:
            public = here().settings.public_url
            link = public + url_for("own.sign", application=case.application.id, step=id)
            known = [name or t("follow.somebody") for name in names]
            yield {
                "id": id,
                "title": f"{item_title(case, case.plan(id).use)} · {step_title(case, id)}",
                "names": t("list.comma").join(known),
                "link": link,
                "qr": Markup(qr_inline(link, t("follow.qr"))),  # noqa: S704 - our own drawing
            }


def item_title(case: Case, use: str) -> str:
    """An item by its name."""
    return say(case.draft.plan.items[use].item.title)


def step_title(case: Case, id: str) -> str:
    """A step by its name."""
    return say(case.plan(id).step.title)


def office_title(case: Case, use: str) -> str:
    """The office of an item by its name."""
    return say(office(case.draft, use).title)


def when(at: str) -> str:
    """A time that was agreed, as people read it."""
    return at.replace("T", " ")


def _told(case: Case, id: str) -> bool:
    """Steps that didn't have to be taken aren't told, nor those that closed before they began."""
    state = case.state.steps.get(id)
    if state is None or state.standing == "skipped":
        return False
    return state.standing != "closed" or state.run > 0


def _about(case: Case, id: str) -> str:
    state, plan = case.state.steps[id], case.plan(id)
    waiting = case.state.items[plan.use].supplement
    if state.standing == "waiting":
        return ""
    if state.standing == "done":
        return _outcome(state.outcome)
    if state.standing != "open":
        return t(f"follow.step.{state.standing}")
    if state.failed:
        return t("follow.step.failed")
    if waiting and waiting.waits and plan.kind in ("review", "task"):
        return t("follow.step.supplement")
    if plan.kind == "sign":
        names = [name or t("follow.somebody") for name, done in own.signers(case, id) if not done]
        return t("follow.step.sign", names=t("list.comma").join(names))
    visit = _visit(state.appointment)
    kind = "review" if plan.kind == "task" else plan.kind
    return visit or t(f"follow.step.{kind}", office=office_title(case, plan.use))


def _visit(appointment: Any) -> str:
    if not appointment:
        return ""
    key = "visit" if appointment.get("agreed") else "visit_asked"
    return t(f"follow.step.{key}", at=when(str(appointment["at"])))


def _outcome(outcome: str) -> str:
    key = f"follow.outcome.{outcome}"
    return t(key if key in load() else "follow.outcome.other")


def _state(case: Case, use: str, state: ItemState) -> tuple[str, str | None]:
    if state.ending:
        look = (
            "done" if state.ending == "issued" else None if state.ending == "withdrawn" else "stop"
        )
        return t(f"follow.ending.{state.ending}"), look
    if state.started_at is None:
        return t("follow.item.later"), None
    return t("follow.item.running"), "brand"


def _waits(case: Case, use: str, state: ItemState) -> str:
    """What an item waits for before it starts; nothing once it has."""
    if state.started_at or state.ending:
        return ""
    before = [one for one in case.draft.plan.process.after[use] if one in case.state.items]
    titles = [item_title(case, one) for one in before if not case.state.items[one].ending]
    return t("follow.item.waits", items=t("list.comma").join(titles))


def _clock(case: Case, use: str) -> dict[str, str] | None:
    clock = own.clock_of(case, use)
    state = case.state.items[use]
    decided = clock is not None and clock.stopped and not state.ending
    if clock is None or decided or state.ending not in ("", "issued"):
        return None
    if clock.paused:
        return {"state": "paused", "words": t("follow.clock.paused")}
    if clock.left < 0:
        return {"state": "stop", "words": t("follow.clock.late", n=-clock.left)}
    if clock.stopped:
        return {"state": "ended", "words": t("follow.clock.ended")}
    words = t("follow.clock.left", n=clock.left, day=shown.day_words(clock.due))
    return {"state": "wait" if clock.light == "yellow" else "running", "words": words}


def _pause(case: Case, one: Pause) -> str:
    if one.reason == "supplement":
        return t("follow.pause.supplement")
    if one.reason in case.state.steps or one.id.partition(" ")[0] in case.state.steps:
        id = one.reason if one.reason in case.state.steps else one.id.partition(" ")[0]
        return t("follow.pause.step", step=step_title(case, id))
    key = f"work.hold.{one.reason}"
    return t("follow.pause.other", reason=t(key) if key in load() else one.reason)


def _reason(state: ItemState) -> str:
    words = str(state.reason.get("words", "")) if state.reason else ""
    return t("follow.ending.because", words=words) if words else ""


def _result(case: Case, use: str) -> Iterator[shown.Row]:
    """What the result says, as far as it is words."""
    definition = case.draft.plan.items[use].item.result
    for id in case.draft.plan.process.items[use]:
        state = case.state.steps.get(id)
        if state is None or case.plan(id).kind != "issue" or state.standing != "done":
            continue
        for name, value in state.form.items():
            datum = definition.data.get(name) if definition else None
            elements = case.draft.plan.library.dictionary.elements
            title = say(elements[datum.element].title) if datum else ""
            if title and isinstance(value, str | int | float) and not isinstance(value, bool):
                yield {"title": title, "value": str(value)}
