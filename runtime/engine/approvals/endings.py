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
        plan = turn.plan(id)
        item = turn.item(plan.use)
        if not item.ending or (plan.follow_up and not item.revoked):
            cancel(turn, id)


def demand_not_final(turn: Turn, step: str) -> None:
    """Nothing, when what a step has done can be taken back (rule 6).

    Raises:
        NotAllowed: it can't.
    """
    plan = turn.plan(step)
    demand_none_final(turn, (step,))
    if turn.item(plan.use).ending == "issued" and not plan.follow_up:
        raise NotAllowed("past_result", step=plan.step.title)


def cancel(turn: Turn, step: str) -> None:
    """Take a step back: it waits, and what it did outside is undone before it opens again."""
    plan = turn.plan(step)
    resume_for(turn, step)
    take_back(turn, step)
    turn.emit("step_cancelled", step=step)
    if plan.decides and turn.item(plan.use).decided_at:
        turn.emit("item_undecided", item=plan.use)


def take_back(turn: Turn, step: str) -> None:
    """Undo what a step has done outside; a call without an answer yet, when there is one."""
    _take_back(turn, step, keep=False)


def end(turn: Turn, use: str, ending: Ending, reason: Mapping[str, Any] | None = None) -> None:
    """An item ends. Without a result its open steps close and what can be undone is undone."""
    turn.emit("item_ended", item=use, ending=ending, reason=dict(reason or {}))
    if ending != "issued":
        for id in turn.steps_of(use):
            _close(turn, id)


def end_follow_ups(turn: Turn, use: str) -> None:
    """What follows an item's result comes to nothing more; what it has come to stays."""
    for id in turn.steps_of(use):
        if turn.plan(id).follow_up and turn.step(id).standing not in ("done", "skipped"):
            resume_for(turn, id)
            _close(turn, id)


def give_up(turn: Turn, step: str, ending: Ending, reason: Mapping[str, Any]) -> None:
    """A step comes to nothing: its item ends, or what follows the result that it has (rule 14)."""
    plan = turn.plan(step)
    if plan.follow_up:
        end_follow_ups(turn, plan.use)
    else:
        end(turn, plan.use, ending, reason)


def _close(turn: Turn, step: str) -> None:
    """A step never opens again; lines that the item keeps are not paid back (rule 16)."""
    if not (turn.plan(step).final and turn.step(step).effect in MADE):
        _take_back(turn, step, keep=True)
    if turn.step(step).standing in (*LIVE, "waiting"):
        turn.emit("step_closed", step=step)


def _take_back(turn: Turn, step: str, *, keep: bool) -> None:
    state = turn.step(step)
    _unbill(turn, step, keep=keep)
    if state.effect == "sent":
        # a call that has failed has no effect, and no answer is to come
        kind = "effect_none" if state.failed else "effect_unwanted"
        turn.emit(kind, step=step, run=state.run)
    elif state.effect == "in_force":
        turn.emit("effect_undoing", step=step, run=state.run)


def _unbill(turn: Turn, step: str, *, keep: bool) -> None:
    """Drop what is due, pay back what was paid; with `keep`, not what is marked as kept."""
    emit_lines(turn, "lines_dropped", lines_of(turn, step, "due"))
    paid = lines_of(turn, step, "paid")
    back = [(bill, line) for bill, line in paid if not (keep and line.kept)]
    if back:
        turn.emit("effect_undoing", step=step, run=turn.step(step).run)
        emit_lines(turn, "lines_refunding", back)


def demand_none_final(turn: Turn, steps: Iterable[str]) -> None:
    """Nothing, when none of these steps has done, or is doing, what can't be undone (rule 6).

    Raises:
        NotAllowed: one has.
    """
    for id in steps:
        if turn.plan(id).final and turn.step(id).effect in MADE:
            raise NotAllowed("past_final", step=turn.plan(id).step.title)


def freeze(turn: Turn, steps: Iterable[str]) -> None:
    """Let open steps stand still until everything above them is done again (rule 5)."""
    for id in steps:
        if turn.step(id).standing == "open":
            turn.emit("step_frozen", step=id)
            resume_for(turn, id)


def lines_of(turn: Turn, step: str, standing: str) -> list[tuple[str, Line]]:
    """The lines of a step that stand so, each with the id of its bill.

    What is due or paid is of the step's latest run: those of earlier ones are dropped or refunded.
    """
    return [
        (bill.id, line)
        for bill in turn.state.bills.values()
        for line in bill.lines
        if line.step == step and line.standing == standing
    ]


def emit_lines(turn: Turn, kind: str, found: Iterable[tuple[str, Line]]) -> None:
    """One event for each bill, of all these lines of it; none where there is no line."""
    bills: dict[str, list[str]] = {}
    for bill, line in found:
        bills.setdefault(bill, []).append(line.id)
    for bill, lines in bills.items():
        turn.emit(kind, bill=bill, lines=lines)


def resume_for(turn: Turn, step: str) -> None:
    """A step is open no more: the pauses that it has made end, and the holds that were put in it.

    Nobody could end such a hold any more.
    """
    use = turn.plan(step).use
    for pause in turn.item(use).pauses:
        if pause.end is None and pause.id.partition("#")[0] in (step, f"hold:{step}"):
            turn.emit("resumed", item=use, pause=pause.id)
