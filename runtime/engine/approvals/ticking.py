"""What time brings: reminders, escalation, notices that are over, and what lapses (rule 18).

Nothing is ever approved by time-out. Whoever is waited for outside has a span and a consequence;
what is overdue inside is reminded, and told to the unit above, one more each working day.
"""

from __future__ import annotations

from datetime import date

from definitions.model import Span
from definitions.plan.process import PlanStep
from runtime.engine.approvals.clocks import YELLOW_DAYS, after, due
from runtime.engine.approvals.deciding import APPLICANT
from runtime.engine.approvals.endings import emit_lines, end, give_up, lines_of, take_back
from runtime.engine.approvals.finishing import finish
from runtime.engine.approvals.opening import bill, skip
from runtime.engine.approvals.state import StepState
from runtime.engine.approvals.turn import Turn
from runtime.engine.days import day_of

SUPPLEMENT = Span(15, "working")
"""How long an applicant has for a supplement."""


def tick(turn: Turn, _: object) -> None:
    """Everything that this moment is due for."""
    for use in list(turn.state.items):
        if turn.item(use).running:
            _supplement(turn, use)
    for use in list(turn.state.items):
        if turn.item(use).running:
            _papers(turn, use)
    for id in turn.process.steps:
        if id in turn.state.steps and turn.step(id).standing == "open":
            _step(turn, turn.plan(id))


def is_outside(plan: PlanStep, state: StepState) -> bool:
    """Whether a step waits for somebody who isn't of staff; a fallback waits for the admin."""
    if plan.kind in ("sign", "payment"):
        return not state.fallback
    return plan.kind == "task" and APPLICANT in state.persons


def _step(turn: Turn, plan: PlanStep) -> None:
    today = day_of(turn.now)
    if plan.kind == "notice":
        _notice(turn, plan, today)
        return
    outside = is_outside(plan, turn.step(plan.id))
    until = due(plan.settings, turn.state, plan.id, turn.facts.calendar, turn.now, outside=outside)
    if until is None:
        return
    if outside and today > until:
        _lapse(turn, plan)
    elif turn.facts.calendar.between(today, until) <= YELLOW_DAYS:
        _remind(turn, plan, today, until)


def _notice(turn: Turn, plan: PlanStep, today: date) -> None:
    """A notice has run once its last day is over."""
    days, opened = plan.settings["days"], turn.step(plan.id).opened_at
    if opened is None:
        return
    last = after(turn.facts.calendar, day_of(opened), Span(days["n"], days["unit"]))
    if today > last:
        count = turn.step(plan.id).objections
        finish(turn, plan.id, "over", {"objections": count})


def _lapse(turn: Turn, plan: PlanStep) -> None:
    """The time of somebody outside is over."""
    how = plan.settings.get("lapse", "remind")
    if plan.kind == "payment" and how == "end" and _quote_again(turn, plan):
        return
    if how == "skip":
        take_back(turn, plan.id)
        skip(turn, plan.id, "lapse")
    elif how == "end":
        give_up(turn, plan.id, "lapsed", {"step": plan.id})
    else:
        _remind(turn, plan, day_of(turn.now), None)


def _quote_again(turn: Turn, plan: PlanStep) -> bool:
    """An expired bill is made again once (rule 16); then it lapses. Whether it was made again.

    What one payer has paid of it stays paid: the new one asks for the rest.
    """
    old = turn.state.bills.get(turn.step(plan.id).bill)
    if old is None or old.quoted_again:
        return False
    emit_lines(turn, "lines_dropped", lines_of(turn, plan.id, "due"))
    turn.emit("opened_again", step=plan.id)
    bill(turn, plan.id, again=True)
    return True


def _remind(turn: Turn, plan: PlanStep, today: date, until: date | None) -> None:
    """Once a working day; from the first day that it is late on, a unit further up each time.

    At the top of the tree it stays: it is told there every day.
    """
    state = turn.step(plan.id)
    if state.reminded_on == today or not turn.facts.calendar.is_working(today):
        return
    late = until is not None and today > until and not is_outside(plan, state)
    level = min(state.level + 1, _height(turn, plan.use)) if late else state.level
    turn.emit("reminded", step=plan.id, on=today.isoformat(), level=level)


def _height(turn: Turn, use: str) -> int:
    """How many units stand above an item's."""
    above: list[str] = []
    unit = turn.facts.parents.get(turn.facts.units[use], "")
    while unit and unit not in above:
        above.append(unit)
        unit = turn.facts.parents.get(unit, "")
    return len(above)


def _supplement(turn: Turn, use: str) -> None:
    """A supplement that nobody answers in time ends its item."""
    asked = turn.item(use).supplement
    if asked is None or not asked.waits or asked.sent_at is None:
        return
    last = after(turn.facts.calendar, day_of(asked.sent_at), SUPPLEMENT)
    if day_of(turn.now) > last:
        end(turn, use, "lapsed", {"supplement": True})


def _papers(turn: Turn, use: str) -> None:
    """容缺: a paper that was to follow by a day and hasn't ends its item."""
    today = day_of(turn.now)
    late = [one.paper for one in turn.facts.owed.get(use, ()) if one.until and today > one.until]
    if late:
        end(turn, use, "lapsed", {"papers": late})
