"""A step comes to its end, and what its outcome means for its item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.plan.process import PlanStep
from runtime.engine.approvals.endings import end, end_follow_ups, resume_for
from runtime.engine.approvals.turn import Turn

NO = frozenset({"rejected", "refused", "declined"})
"""Outcomes that end the step's item."""


def finish(
    turn: Turn,
    step: str,
    outcome: str,
    form: Mapping[str, Any] | None = None,
    *,
    words: str = "",
) -> None:
    """A step is done. A no ends its item; that of a follow-up takes back the result.

    `words` are why it is a no.
    """
    plan = turn.plan(step)
    record = turn.step(step).form if form is None else form
    turn.emit("step_done", step=step, outcome=outcome, form=dict(record))
    resume_for(turn, step)
    if plan.decides and not turn.item(plan.use).decided_at:
        turn.emit("item_decided", item=plan.use)
    if outcome in NO:
        _no(turn, plan, outcome, words)
    else:
        start_clock(turn, plan)


def start_clock(turn: Turn, plan: PlanStep) -> None:
    """Start the item's clocks, where this step is the one that does and they don't run."""
    if plan.settings.get("starts_clock") and not turn.item(plan.use).clock_started_at:
        turn.emit("clock_started", item=plan.use)


def _no(turn: Turn, plan: PlanStep, outcome: str, words: str) -> None:
    """What is refused before it was accepted is not accepted, which is no rejection (rule 11).

    A system's no (`refuse_when`) before acceptance counts as that, too.
    """
    if plan.follow_up:
        revoke(turn, plan.use)
        return
    early = outcome == "refused" and turn.item(plan.use).accepted_at is None
    reason = {"step": plan.id, "words": words} if words else {"step": plan.id}
    end(turn, plan.use, "not_accepted" if early else "rejected", reason)


def revoke(turn: Turn, use: str) -> None:
    """Take an item's result back: what it has issued is put out of force (rule 14)."""
    turn.emit("result_revoked", item=use)
    for id in turn.steps_of(use):
        state = turn.step(id)
        if turn.plan(id).kind == "issue" and state.effect == "in_force":
            turn.emit("effect_undoing", step=id, run=state.run)
    end_follow_ups(turn, use)
