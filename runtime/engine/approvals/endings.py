"""Taking back: steps that run anew, steps that freeze, items that end, effects that are undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.engine.approvals.state import Ending, Line
from runtime.engine.approvals.turn import NotAllowed, Turn

MADE = frozenset({"sent", "in_force"})
LIVE = frozenset({"open", "frozen"})


def redo(turn: Turn, steps: Iterable[str]) -> None:
    """Let these steps run anew, and everything below them (rules 5 and 8).

    Raises:
        NotAllowed: a final effect is among them, or the result of an item that has ended.
    """
    wanted = set(steps)
    ran = [
        id
        for id, plan in turn.process.steps.items()
        if id in turn.state.steps
        and (id in wanted or not wanted.isdisjoint(plan.above))
        and turn.step(id).standing not in ("waiting", "closed")
    ]
    for id in ran:
        demand_not_final(turn, id)
    for id in ran:
        if not turn.item(turn.plan(id).use).ending:
            cancel(turn, id)


def demand_not_final(turn: Turn, step: str) -> None:
    """Nothing, when what a step has done can be taken back (rule 6).

    Raises:
        NotAllowed: it can't.
    """
    plan, state = turn.plan(step), turn.step(step)
    if plan.final and state.effect in MADE:
        raise NotAllowed("past_final", step=plan.step.title)
    if turn.item(plan.use).ending == "issued" and not plan.follow_up:
        raise NotAllowed("past_result", step=plan.step.title)


def cancel(turn: Turn, step: str) -> None:
    """Take a step back: it waits, and what it did outside is undone before it opens again."""
    plan = turn.plan(step)
    _resume_for(turn, step)
    take_back(turn, step)
    turn.emit("step_cancelled", step=step)
    if plan.decides and turn.item(plan.use).decided_at:
        turn.emit("item_undecided", item=plan.use)


def take_back(turn: Turn, step: str) -> None:
    """Undo what a step has done outside; a call without an answer yet, when there is one."""
    state = turn.step(step)
    _unbill(turn, step, keep=False)
    if state.effect == "sent":
        turn.emit("effect_unwanted", step=step, run=state.run)
    elif state.effect == "in_force":
        turn.emit("effect_undoing", step=step, run=state.run)


def end(turn: Turn, use: str, ending: Ending, reason: Mapping[str, Any] | None = None) -> None:
    """An item ends. Without a result its open steps close and what can be undone is undone."""
    turn.emit("item_ended", item=use, ending=ending, reason=dict(reason or {}))
    for id in turn.steps_of(use):
        plan, state = turn.plan(id), turn.step(id)
        if ending == "issued":
            continue
        if not (plan.final and state.effect in MADE):
            _take_back_ended(turn, id)
        if turn.step(id).standing in (*LIVE, "waiting"):
            turn.emit("step_closed", step=id)


def _take_back_ended(turn: Turn, step: str) -> None:
    """As `take_back`, but that lines which the item keeps are not paid back (rule 16)."""
    state = turn.step(step)
    _unbill(turn, step, keep=True)
    if state.effect == "sent":
        turn.emit("effect_unwanted", step=step, run=state.run)
    elif state.effect == "in_force" and turn.step(step).effect == "in_force":
        turn.emit("effect_undoing", step=step, run=state.run)


def _unbill(turn: Turn, step: str, *, keep: bool) -> None:
    """Drop what is due, pay back what was paid; with `keep`, not what is marked as kept."""
    bill = turn.state.bills.get(turn.step(step).bill)
    if bill is None:
        return
    mine = [line for line in bill.lines if line.step == step]
    due = [line.id for line in mine if line.standing == "due"]
    paid = [line.id for line in mine if line.standing == "paid" and not (keep and line.kept)]
    if due:
        turn.emit("lines_dropped", bill=bill.id, lines=due)
    if paid:
        turn.emit("effect_undoing", step=step, run=turn.step(step).run)
        turn.emit("lines_refunding", bill=bill.id, lines=paid)


def freeze(turn: Turn, steps: Iterable[str]) -> None:
    """Let open steps stand still until everything above them is done again (rule 5)."""
    for id in steps:
        if turn.step(id).standing == "open":
            turn.emit("step_frozen", step=id)


def lines_of(turn: Turn, step: str) -> list[Line]:
    """The lines of a step's own bill."""
    bill = turn.state.bills.get(turn.step(step).bill)
    return [line for line in bill.lines if line.step == step] if bill else []


def _resume_for(turn: Turn, step: str) -> None:
    """A step that stopped its item's clock goes: the clock runs."""
    use = turn.plan(step).use
    if any(one.id == step and one.end is None for one in turn.item(use).pauses):
        turn.emit("resumed", item=use, pause=step)


def resume_for(turn: Turn, step: str) -> None:
    """End the pause that a step has made, if it has."""
    _resume_for(turn, step)
