"""What officers do: decide, accept, ask, hand on, hold, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from definitions.plan.process import PlanStep
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.changing import change_answers, demand_askable
from runtime.engine.approvals.deciding import (
    actions,
    demand,
    demand_in_hand,
    is_theirs,
    tally,
    with_signer,
    without_signer,
)
from runtime.engine.approvals.endings import (
    cancel,
    demand_none_final,
    demand_not_final,
    freeze,
    redo,
)
from runtime.engine.approvals.finishing import NO, finish
from runtime.engine.approvals.opening import accept as accept_item
from runtime.engine.approvals.state import Supplement
from runtime.engine.approvals.turn import NotAllowed, Turn


def decide(turn: Turn, one: said.Decide) -> None:
    """A vote, and the outcome when it brings one."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    demand(plan, state, one.by, "approve" if one.yes else "reject")
    _demand_no_supplement(turn, plan)
    if plan.settings.get("opinion") == "required" and not one.opinion.strip():
        raise NotAllowed("opinion_missing")
    outcome = _vote(turn, one, one.yes, one.opinion, one.form)
    if outcome is not None:
        words = "" if outcome else one.opinion
        _conclude(turn, one, "approved" if outcome else "rejected", words)


def _vote(
    turn: Turn, one: said.OnStep, yes: bool, opinion: str, form: Mapping[str, Any] | None = None
) -> bool | None:
    """Note what one person says; what it comes to, None while others have to say something."""
    turn.emit(
        "voted", step=one.step, run=one.run, **one.by.record, yes=yes, opinion=opinion,
        form=dict(form or {}),
    )  # fmt: skip
    return _count(turn, one.step) if turn.step(one.step).signers else yes


def _count(turn: Turn, step: str) -> bool | None:
    state = turn.step(step)
    return tally(turn.plan(step).settings.get("rule", {}), state.signers, state.votes)


def _conclude(turn: Turn, one: said.OnStep, outcome: str, words: str = "") -> None:
    """What the votes have come to. A yes at the step that accepts is acceptance, too."""
    plan = turn.plan(one.step)
    accepts = plan.settings.get("accepts") and outcome not in NO
    if accepts and not turn.item(plan.use).accepted_at:
        accept_item(turn, plan.use, one.by)
    finish(turn, one.step, outcome, words=words)


def accept(turn: Turn, one: said.Accept) -> None:
    """受理 or 不予受理, at the step that does so. Where it also approves it stays open for that.

    What was accepted once can't be refused acceptance when the step is redone: it can be rejected.
    """
    plan, state = turn.plan(one.step), turn.step(one.step)
    action = "accept" if one.yes else "refuse_acceptance"
    demand(plan, state, one.by, action)
    if not plan.settings.get("accepts"):
        raise NotAllowed("action_off", action=action)
    _demand_no_supplement(turn, plan)
    if not one.yes and not one.reason.strip():
        raise NotAllowed("reason_missing")
    approves = "approve" in actions(plan)
    if turn.item(plan.use).accepted_at and (approves or not one.yes):
        raise NotAllowed("accepted_already")
    if one.yes and approves:
        accept_item(turn, plan.use, one.by)
        return
    outcome = _vote(turn, one, one.yes, one.reason)
    if outcome is not None:
        words = "" if outcome else one.reason
        _conclude(turn, one, "accepted" if outcome else "refused", words)


def ask_supplement(turn: Turn, one: said.AskSupplement) -> None:
    """补正, once for each item and complete; two steps that ask before it is sent share it."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    demand(plan, state, one.by, "supplement")
    if not (one.fields or one.papers):
        raise NotAllowed("supplement_nothing")
    item = turn.item(plan.use)
    if item.ending:  # a follow-up asks: nothing can be supplied to what has its result
        raise NotAllowed("item_over")
    if item.supplement and item.supplement.waits:
        raise NotAllowed("supplement_waits")
    if item.supplements:
        again = set(one.fields) - item.allowed_again
        if again or one.papers:
            raise NotAllowed("supplement_once", fields=sorted(again))
    demand_askable(turn, plan.use, frozenset(one.fields))
    turn.emit(
        "supplement_asked", item=plan.use, step=one.step, run=one.run, **one.by.record,
        fields=dict(one.fields), papers=dict(one.papers),
    )  # fmt: skip
    if one.send:
        turn.emit("supplement_sent", item=plan.use)
        pause = turn.item(plan.use).supplement_pause
        turn.emit("paused", item=plan.use, pause=pause, reason="supplement")


def go_back(turn: Turn, one: said.Return) -> None:
    """To a step above that is done, in the same item (rules 4 to 6)."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    demand(plan, state, one.by, "return")
    target = f"{plan.use}.{one.to}"
    if target not in plan.above or turn.step(target).standing != "done":
        raise NotAllowed("return_target", to=one.to)
    turn.emit(
        "came_back", step=one.step, run=one.run, **one.by.record, to=target, mode=one.mode,
        reason=one.reason,
    )  # fmt: skip
    if one.mode == "redo":
        redo(turn, [target])
        return
    below = [id for id in turn.state.steps if target in turn.plan(id).above]
    demand_not_final(turn, target)
    demand_none_final(turn, below)
    freeze(turn, below)
    cancel(turn, target)  # it alone runs anew: what is below it and done stays done


def transfer(turn: Turn, one: said.Transfer) -> None:
    """转办."""
    state = turn.step(one.step)
    demand(turn.plan(one.step), state, one.by, "transfer")
    if any(vote.person == one.by.person for vote in state.votes):
        raise NotAllowed("voted_already")
    if any(each.person == one.to for each in state.signers):
        raise NotAllowed("signer_already")
    turn.emit("transferred", step=one.step, run=one.run, **one.by.record, to=one.to)


def delegate(turn: Turn, one: said.Delegate) -> None:
    """委派: until it is given back nobody decides (rule 10)."""
    demand(turn.plan(one.step), turn.step(one.step), one.by, "delegate")
    turn.emit("delegated", step=one.step, run=one.run, **one.by.record, to=one.to)


def give_back(turn: Turn, one: said.GiveBack) -> None:
    """What was delegated comes back, with an opinion."""
    handed = turn.step(one.step).delegated
    person = next((by for by, to in handed.items() if to == one.by.person), None)
    if person is None:
        raise NotAllowed("not_yours")
    turn.emit(
        "given_back", step=one.step, run=one.run, person=person, to=one.by.person,
        name=one.by.name, opinion=one.opinion,
    )  # fmt: skip


def add_signer(turn: Turn, one: said.AddSigner) -> None:
    """加签."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    demand(plan, state, one.by, f"add_signer_{one.place}")
    if any(vote.person == one.by.person for vote in state.votes):
        raise NotAllowed("voted_already")
    signers, changed = with_signer(state.signers, one.by.person, one.person, one.place)
    if not changed:
        raise NotAllowed("signer_already")
    _change_signers(turn, one, signers)


def take_off_signer(turn: Turn, one: said.TakeOffSigner) -> None:
    """减签, of somebody who hasn't voted."""
    state = turn.step(one.step)
    demand(turn.plan(one.step), state, one.by, "take_off_signer")
    _demand_no_supplement(turn, turn.plan(one.step))
    if any(vote.person == one.person for vote in state.votes):
        raise NotAllowed("voted_already")
    _change_signers(turn, one, without_signer(state.signers, one.person))
    outcome = _count(turn, one.step)
    if outcome is not None:
        yes, no = _outcomes(turn.plan(one.step))
        _conclude(turn, one, yes if outcome else no)


def _outcomes(plan: PlanStep) -> tuple[str, str]:
    """The yes and the no of a step that people decide: one that only accepts has its own."""
    return ("approved", "rejected") if "approve" in actions(plan) else ("accepted", "refused")


def _change_signers(turn: Turn, one: said.OnStep, signers: Any) -> None:
    plain = [{"person": each.person, "after": list(each.after)} for each in signers]
    turn.emit("signers_changed", step=one.step, run=one.run, **one.by.record, signers=plain)


def copy_to(turn: Turn, one: said.CopyTo) -> None:
    """抄送."""
    demand(turn.plan(one.step), turn.step(one.step), one.by, "copy")
    turn.emit("copied", step=one.step, run=one.run, **one.by.record, to=one.to)


def hold(turn: Turn, one: said.Hold) -> None:
    """特别程序: the item's clocks stand still, with a reason, until it is over or its step is."""
    plan = turn.plan(one.step)
    demand(plan, turn.step(one.step), one.by, "hold")
    if not one.reason.strip():
        raise NotAllowed("reason_missing")
    pause = f"hold:{plan.id}#{len(turn.item(plan.use).pauses) + 1}"
    turn.emit(
        "paused", item=plan.use, pause=pause, reason=one.kind, words=one.reason, **one.by.record
    )


def resume(turn: Turn, one: said.Resume) -> None:
    """The special procedure is over."""
    plan = turn.plan(one.step)
    demand(plan, turn.step(one.step), one.by, "hold")
    open_ = {each.id for each in turn.item(plan.use).pauses if each.end is None}
    if one.pause not in open_ or not one.pause.startswith("hold:"):
        raise NotAllowed("no_hold")
    turn.emit("resumed", item=plan.use, pause=one.pause, **one.by.record)


def comment(turn: Turn, one: said.Comment) -> None:
    """A note for those who work on the item, maybe with files."""
    demand(turn.plan(one.step), turn.step(one.step), one.by, "attach" if one.files else "comment")
    turn.emit(
        "commented", step=one.step, run=one.run, **one.by.record, text=one.text,
        files=list(one.files),
    )  # fmt: skip


def remind(turn: Turn, one: said.Remind) -> None:
    """催办: by the applicant, or by whoever has to do with a step of the item.

    It is no reminder of the platform: what is overdue goes up the tree all the same.
    """
    plan = turn.plan(one.step)
    if not one.by.applicant and not any(
        is_theirs(turn.step(id), one.by) for id in turn.steps_of(plan.use)
    ):
        raise NotAllowed("not_yours")
    if "remind" not in actions(plan):
        raise NotAllowed("action_off", action="remind")
    turn.emit("reminded", step=one.step, run=one.run, **one.by.record)


def write(turn: Turn, one: said.Write) -> None:
    """Fields that an officer changes, where the step lets them."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    if not is_theirs(state, one.by):
        raise NotAllowed("not_yours")
    demand_in_hand(state, one.by)
    rights = plan.settings.get("fields", {})
    written = {*one.fields, *one.changes.get(plan.use, ())}
    closed = sorted(field for field in written if rights.get(field) != "write")
    if closed:
        raise NotAllowed("field_closed", fields=closed)
    turn.emit("written", step=one.step, run=one.run, **one.by.record, fields=list(one.fields))
    change_answers(turn, one.changes, one.digests)


def appoint(turn: Turn, one: said.Appoint) -> None:
    """A time for a visit: one side proposes it, the other agrees."""
    state, plan = turn.step(one.step), turn.plan(one.step)
    if not plan.settings.get("appointment"):
        raise NotAllowed("action_off", action="appoint")
    if not one.by.applicant and not is_theirs(state, one.by):
        raise NotAllowed("not_yours")
    side = "applicant" if one.by.applicant else "office"
    proposed = state.appointment
    if one.agreed and (proposed.get("at") != one.at or proposed.get("by") == side):
        raise NotAllowed("appointment_other", at=proposed.get("at", ""))
    turn.emit("appointed", step=one.step, run=one.run, at=one.at, by=side, agreed=one.agreed)


def _demand_no_supplement(turn: Turn, plan: PlanStep) -> None:
    waiting: Supplement | None = turn.item(plan.use).supplement
    if waiting is not None and waiting.waits:
        raise NotAllowed("supplement_waits")


Handler = Callable[[Turn, Any], None]
HANDLERS: Mapping[type, Handler] = {
    said.Decide: decide,
    said.Accept: accept,
    said.AskSupplement: ask_supplement,
    said.Return: go_back,
    said.Transfer: transfer,
    said.Delegate: delegate,
    said.GiveBack: give_back,
    said.AddSigner: add_signer,
    said.TakeOffSigner: take_off_signer,
    said.CopyTo: copy_to,
    said.Hold: hold,
    said.Resume: resume,
    said.Comment: comment,
    said.Remind: remind,
    said.Write: write,
    said.Appoint: appoint,
}
