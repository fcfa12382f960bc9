"""What systems outside say: answers to calls, and whether an effect is undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from definitions.rules import compile_rule
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.deciding import is_theirs
from runtime.engine.approvals.endings import LIVE, emit_lines, give_up, lines_of
from runtime.engine.approvals.finishing import finish
from runtime.engine.approvals.turn import NotAllowed, Turn


def answer(turn: Turn, one: said.Answer) -> None:
    """The answer to the call of a run. For a run that was taken back it decides nothing.

    Nor does one to a step that calls nobody: an answer is no way around a decision.
    """
    state = turn.step(one.step)
    if turn.plan(one.step).kind not in ("connector", "issue") or state.run != one.run:
        turn.emit("late", step=one.step, run=one.run, what="answer")
    elif state.effect == "unwanted":
        turn.emit("late", step=one.step, run=one.run, what="answer")
        done = one.result == "done" and not _refuses(turn, one)
        turn.emit("effect_undoing" if done else "effect_none", step=one.step, run=one.run)
    elif state.standing in LIVE:
        _take(turn, one)
    elif state.effect == "sent":  # a final call whose item has ended meanwhile
        done = one.result == "done" and not _refuses(turn, one)
        turn.emit("effect_made" if done else "effect_none", step=one.step, run=one.run)
    else:
        turn.emit("late", step=one.step, run=one.run, what="answer")


def _take(turn: Turn, one: said.Answer) -> None:
    plan = turn.plan(one.step)
    if one.result != "done":
        turn.emit("call_failed", step=one.step, run=one.run, reason=one.reason or one.result,
                  offices=turn.admin(plan.use))  # fmt: skip
        return
    view = turn.view(plan.use).with_answer(one.data)
    refused = _refuses(turn, one)
    output = plan.settings.get("output", {})
    kept = {name: compile_rule(rule).fn(view) for name, rule in output.items()}
    kept = {name: value for name, value in kept.items() if value is not None}
    if plan.has_effect:
        made = "effect_none" if refused else "effect_made"
        turn.emit(made, step=one.step, run=one.run)
    done = "issued" if plan.kind == "issue" else "answered"
    finish(turn, one.step, "refused" if refused else done, kept if output else dict(one.data))


def _refuses(turn: Turn, one: said.Answer) -> bool:
    """Whether an answer is a no, and nothing was done outside."""
    plan = turn.plan(one.step)
    refuse = plan.settings.get("refuse_when")
    view = turn.view(plan.use).with_answer(one.data)
    return refuse is not None and compile_rule(refuse).fn(view) is True


def undone(turn: Turn, one: said.Undone) -> None:
    """Whether an undo worked; where it didn't, a person has to see to it (rule 7)."""
    state, plan = turn.step(one.step), turn.plan(one.step)
    if state.run != one.run or state.effect != "undoing":
        turn.emit("late", step=one.step, run=one.run, what="undo")
    elif one.gone:
        _gone(turn, one)
    else:
        turn.emit("effect_stuck", step=one.step, run=one.run, reason=one.reason or "undo",
                  offices=turn.admin(plan.use))  # fmt: skip


def _gone(turn: Turn, one: said.OnStep) -> None:
    """There is no effect any more: of a payment, that its money is back."""
    emit_lines(turn, "lines_refunded", lines_of(turn, one.step, "refunding"))
    turn.emit("effect_undone", step=one.step, run=one.run)


def _undo_settled(turn: Turn, one: said.Settle) -> None:
    """An effect that stayed is gone, or its undo is tried once more."""
    if one.how == "gone":
        _gone(turn, one)
        return
    turn.emit("effect_undoing", step=one.step, run=one.run)
    emit_lines(turn, "lines_refunding", lines_of(turn, one.step, "refunding"))


def settle(turn: Turn, one: said.Settle) -> None:
    """A person says what became of a call that failed, or of an effect that stayed."""
    state, plan = turn.step(one.step), turn.plan(one.step)
    if not is_theirs(state, one.by):
        raise NotAllowed("not_yours")
    live = state.standing in LIVE or state.effect == "stuck"
    if not (state.failed and live) or state.run != one.run:
        raise NotAllowed("nothing_failed")
    turn.emit("commented", step=one.step, run=one.run, **one.by.record, text=one.reason)
    if state.effect == "stuck":
        _undo_settled(turn, one)
    elif one.how == "again":
        turn.emit("called_again", step=one.step, run=one.run)
    elif one.how == "done":
        _take(turn, said.Answer(step=one.step, run=one.run, by=one.by, result="done",
                                data=one.data))  # fmt: skip
    else:
        if plan.has_effect:
            turn.emit("effect_none", step=one.step, run=one.run)
        give_up(turn, plan.id, "not_completed", {"step": plan.id, "words": one.reason})


HANDLERS: Mapping[type, Callable[[Turn, Any], None]] = {
    said.Answer: answer,
    said.Undone: undone,
    said.Settle: settle,
}
