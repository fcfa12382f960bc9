"""What officers do: decide, accept, ask, hand on, hold, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from definitions.plan.process import PlanStep
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.changing import change_answers, fixed_fields
from runtime.engine.approvals.deciding import (
    actions,
    demand,
    is_theirs,
    tally,
    with_signer,
    without_signer,
)
from runtime.engine.approvals.endings import (
    cancel,
    demand_none_final,
    demand_not_final,
    end,
    freeze,
    redo,
    resume_for,
)
from runtime.engine.approvals.finishing import finish
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
    turn.emit(
        "voted", step=one.step, run=one.run, **one.by.record, yes=one.yes,
        opinion=one.opinion, form=dict(one.form),
    )  # fmt: skip
    state = turn.step(one.step)
    outcome: bool | None = one.yes
    if state.signers:
        outcome = tally(plan.settings.get("rule", {}), state.signers, state.votes)
    if outcome is not None:
        _conclude(turn, one, outcome)


def _conclude(turn: Turn, one: said.OnStep, outcome: bool) -> None:
    """What the votes have come to."""
    plan = turn.plan(one.step)
    if outcome and plan.step.settings.get("accepts") and not turn.item(plan.use).accepted_at:
        accept_item(turn, plan.use, one.by)
    finish(turn, one.step, "approved" if outcome else "rejected")


def accept(turn: Turn, one: said.Accept) -> None:
    """受理 or 不予受理. A step that also approves stays open for that."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    demand(plan, state, one.by, "accept" if one.yes else "refuse_acceptance")
    _demand_no_supplement(turn, plan)
    if not one.yes and not one.reason.strip():
        raise NotAllowed("reason_missing")
    accepted = bool(turn.item(plan.use).accepted_at)
    if one.yes and accepted and "approve" in actions(plan):
        raise NotAllowed("accepted_already")
    if one.yes and not accepted:
        accept_item(turn, plan.use, one.by)
    if "approve" not in actions(plan) or not one.yes:
        turn.emit(
            "voted", step=one.step, run=one.run, **one.by.record, yes=one.yes, opinion=one.reason
        )
    if not one.yes:
        turn.emit("step_done", step=one.step, outcome="refused")
        resume_for(turn, one.step)
        end(turn, plan.use, "not_accepted", {"step": plan.id, "words": one.reason})
    elif "approve" not in actions(plan):
        finish(turn, one.step, "accepted")


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
    if item.supplement and item.supplement.answered_at:
        again = set(one.fields) - item.allowed_again
        if again or one.papers:
            raise NotAllowed("supplement_once", fields=sorted(again))
    fixed = fixed_fields(turn, plan.use) & frozenset(one.fields)
    if fixed:
        raise NotAllowed("fixed_field", fields=sorted(fixed))
    turn.emit(
        "supplement_asked", item=plan.use, step=one.step, run=one.run, **one.by.record,
        fields=dict(one.fields), papers=dict(one.papers),
    )  # fmt: skip
    if one.send:
        turn.emit("supplement_sent", item=plan.use)
        turn.emit(
            "paused", item=plan.use, pause=supplement_pause(turn, plan.use), reason="supplement"
        )


def supplement_pause(turn: Turn, use: str) -> str:
    """The id of the pause that a supplement makes."""
    number = sum(one.reason == "supplement" for one in turn.item(use).pauses)
    return f"supplement:{number + 1}"


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
    state = turn.step(one.step)
    outcome = tally(turn.plan(one.step).settings.get("rule", {}), state.signers, state.votes)
    if outcome is not None:
        _conclude(turn, one, outcome)


def _change_signers(turn: Turn, one: said.OnStep, signers: Any) -> None:
    plain = [{"person": each.person, "after": list(each.after)} for each in signers]
    turn.emit("signers_changed", step=one.step, run=one.run, **one.by.record, signers=plain)


def copy_to(turn: Turn, one: said.CopyTo) -> None:
    """抄送."""
    demand(turn.plan(one.step), turn.step(one.step), one.by, "copy")
    turn.emit("copied", step=one.step, run=one.run, **one.by.record, to=one.to)


def hold(turn: Turn, one: said.Hold) -> None:
    """特别程序: the item's clocks stand still, with a reason."""
    plan = turn.plan(one.step)
    demand(plan, turn.step(one.step), one.by, "hold")
    if not one.reason.strip():
        raise NotAllowed("reason_missing")
    number = len(turn.item(plan.use).pauses) + 1
    turn.emit(
        "paused", item=plan.use, pause=f"hold:{number}", reason=one.kind, words=one.reason,
        **one.by.record,
    )  # fmt: skip


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
    """催办: by the applicant, or by somebody whose step waits for this one."""
    if not one.by.applicant and not is_theirs(turn.step(one.step), one.by):
        raise NotAllowed("not_yours")
    on = turn.now.isoformat()
    turn.emit("reminded", step=one.step, on=on, level=turn.step(one.step).level, **one.by.record)


def write(turn: Turn, one: said.Write) -> None:
    """Fields that an officer changes, where the step lets them."""
    plan, state = turn.plan(one.step), turn.step(one.step)
    if not is_theirs(state, one.by):
        raise NotAllowed("not_yours")
    rights = plan.settings.get("fields", {})
    closed = sorted(field for field in one.fields if rights.get(field) != "write")
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
