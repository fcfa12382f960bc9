"""Answers that change after the form was sent: what has read them is done anew (rule 8)."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.engine.approvals.endings import MADE, redo
from runtime.engine.approvals.state import StepState
from runtime.engine.approvals.turn import NotAllowed, Turn


def change_answers(
    turn: Turn, changes: Mapping[str, frozenset[str]], digests: Mapping[str, str]
) -> None:
    """Note what changed by use, and let every step that has read it run anew.

    Raises:
        NotAllowed: a final step has read it, or the item has its result.
    """
    for use, fields in changes.items():
        demand_changeable(turn, use, fields)
    for use, fields in changes.items():
        if use in turn.state.items:
            digest = digests.get(use, "")
            turn.emit("answers_changed", item=use, fields=sorted(fields), digest=digest)
    redo(turn, [id for use, fields in changes.items() for id in _readers(turn, use, fields)])


def demand_changeable(turn: Turn, use: str, fields: frozenset[str]) -> None:
    """Nothing, when these fields of an item may still change.

    Raises:
        NotAllowed: a final step has read one, or it stands below what has.
    """
    fixed = fixed_fields(turn, use) & fields
    if fixed:
        raise NotAllowed("fixed_field", fields=sorted(fixed))


def demand_askable(turn: Turn, use: str, fields: frozenset[str]) -> None:
    """Nothing, when a supplement may ask for these fields: their answers can change everywhere.

    Raises:
        NotAllowed: a final step has read one, here or as a field of another item.
    """
    same = turn.process.shared
    fixed = [
        name
        for name in sorted(fields)
        if any(
            own in fixed_fields(turn, other) for other, own in same.get((use, name), ((use, name),))
        )
    ]
    if fixed:
        raise NotAllowed("fixed_field", fields=fixed)


def fixed_fields(turn: Turn, use: str) -> frozenset[str]:
    """The fields of an item that can't change any more: what a final step that is sent has read.

    What a step above it has read counts too: to run that anew would take the final one back.
    """
    if use not in turn.state.items:
        return frozenset()
    found: set[str] = set()
    for id in turn.steps_of(use):
        plan = turn.plan(id)
        below = (one for one in plan.below if one in turn.state.steps)
        if _has_run(turn.step(id)) and any(_is_final(turn, one) for one in (id, *below)):
            found |= plan.reads
    return frozenset(found)


def _is_final(turn: Turn, step: str) -> bool:
    plan, state = turn.plan(step), turn.step(step)
    has_result = turn.item(plan.use).ending == "issued" and state.standing == "done"
    return (plan.final and state.effect in MADE) or has_result


def _readers(turn: Turn, use: str, fields: frozenset[str]) -> list[str]:
    """The steps that have looked at these fields: done, or open with something said in them."""
    return [
        id
        for id in turn.steps_of(use)
        if not turn.plan(id).reads.isdisjoint(fields) and _has_looked(turn, id)
    ]


def _has_looked(turn: Turn, step: str) -> bool:
    plan, state = turn.plan(step), turn.step(step)
    if state.standing in ("done", "skipped"):
        return True
    if state.standing not in ("open", "frozen"):
        return False
    said = bool(state.votes or state.signed)
    return said or plan.kind in ("connector", "issue", "payment")


def _has_run(state: StepState) -> bool:
    closed = state.standing == "closed" and state.run > 0
    return closed or state.standing in ("done", "open", "frozen", "skipped")
