"""What the applicant and other parties do: sign, pay, supply, withdraw, dispute, object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.engine.approvals import commands as said
from runtime.engine.approvals.changing import change_answers
from runtime.engine.approvals.deciding import is_theirs
from runtime.engine.approvals.endings import LIVE, MADE, end, lines_of
from runtime.engine.approvals.finishing import finish
from runtime.engine.approvals.opening import all_signed
from runtime.engine.approvals.turn import NotAllowed, Turn


def sign(turn: Turn, one: said.Sign) -> None:
    """One party's word over what has this hash (rule 17).

    Where no party was found the admin says it, visibly. Declining rejects the item of the step; of
    a joint one only that of the part that was declined.
    """
    plan, state = turn.plan(one.step), turn.step(one.step)
    if plan.kind != "sign":
        raise NotAllowed("action_off", action="sign")
    if not is_theirs(state, one.by):
        raise NotAllowed("not_yours")
    if not one.yes:
        turn.emit("commented", step=one.step, run=one.run, **one.by.record, text=one.reason)
        finish(turn, one.step, "declined", words=one.reason)
        return
    digest = turn.item(plan.use).digest
    if one.digest != digest:
        raise NotAllowed("signature_stale")
    turn.emit("signed", step=one.step, run=one.run, **one.by.record, digest=one.digest)
    if all_signed(plan, turn.step(one.step), digest):
        finish(turn, one.step, "signed")


def paid(turn: Turn, one: said.Paid) -> None:
    """Lines of a bill are paid. What nobody owes any more goes back at once."""
    bill = turn.state.bills.get(one.bill)
    if bill is None:
        raise NotAllowed("no_bill", bill=one.bill)
    standing = {line.id: line.standing for line in bill.lines}
    due = [line for line in one.lines if standing.get(line) == "due"]
    dropped = [line for line in one.lines if standing.get(line) == "dropped"]
    if due or dropped:
        turn.emit("lines_paid", bill=bill.id, lines=[*due, *dropped])
    if dropped:
        turn.emit("lines_refunding", bill=bill.id, lines=dropped)
    for step in dict.fromkeys(line.step for line in bill.lines if line.id in due):
        is_open = turn.step(step).standing in LIVE
        if is_open and not lines_of(turn, step, "due"):
            finish(turn, step, "paid")


def refunded(turn: Turn, one: said.Refunded) -> None:
    """Lines were paid back; a step whose money is all back may open again."""
    bill = turn.state.bills.get(one.bill)
    if bill is None:
        raise NotAllowed("no_bill", bill=one.bill)
    back = [line for line in bill.lines if line.id in one.lines and line.standing == "refunding"]
    if not back:
        return
    turn.emit("lines_refunded", bill=bill.id, lines=[line.id for line in back])
    for step in dict.fromkeys(line.step for line in back):
        going = lines_of(turn, step, "refunding")
        if turn.step(step).effect in ("undoing", "stuck") and not going:
            turn.emit("effect_undone", step=step, run=turn.step(step).run)


def supply(turn: Turn, one: said.Supply) -> None:
    """The answer to a supplement: the clock runs on, what has read the old answers is redone."""
    if not one.by.applicant:
        raise NotAllowed("not_yours")
    item = turn.state.items.get(one.use)
    if item is None or item.supplement is None or not item.supplement.waits or item.ending:
        raise NotAllowed("no_supplement")
    turn.emit("supplement_answered", item=one.use, **one.by.record)
    turn.emit("resumed", item=one.use, pause=item.supplement_pause)
    change_answers(turn, one.changes, one.digests)


def withdraw(turn: Turn, one: said.Withdraw) -> None:
    """Items are taken back; without a name all that still can be, and it is noted which can't."""
    if not one.by.applicant:
        raise NotAllowed("not_yours")
    named = one.uses or tuple(turn.state.items)
    fixed = [use for use in named if use not in turn.state.items or not withdrawable(turn, use)]
    chosen = [use for use in dict.fromkeys(named) if use not in fixed]
    if not chosen or (one.uses and fixed):
        raise NotAllowed("not_withdrawable", items=fixed)
    for use in chosen:
        end(turn, use, "withdrawn", {"words": one.reason})
    left = [use for use in fixed if turn.item(use).ending in ("", "issued")]
    if left:
        turn.emit("not_withdrawn", items=left)


def withdrawable(turn: Turn, use: str) -> bool:
    """Whether an item may still be taken back: before its decision and its first final effect."""
    item = turn.item(use)
    if item.ending or item.decided_at:
        return False
    return not any(
        turn.plan(id).final and turn.step(id).effect in MADE for id in turn.steps_of(use)
    )


def dispute(turn: Turn, one: said.Dispute) -> None:
    """A prefilled value is said to be wrong: whoever decides sees both."""
    if not one.by.applicant:
        raise NotAllowed("not_yours")
    if one.use not in turn.state.items or turn.item(one.use).ending:
        raise NotAllowed("item_over")
    turn.emit("disputed", item=one.use, field=one.field, words=one.words, **one.by.record)


def object_to(turn: Turn, one: said.Object) -> None:
    """An objection to what a notice says; later steps read how many there are."""
    if turn.plan(one.step).kind != "notice" or not turn.plan(one.step).settings.get("objections"):
        raise NotAllowed("action_off", action="object")
    turn.emit("objected", step=one.step, run=one.run, **one.by.record, words=one.words)


HANDLERS: Mapping[type, Callable[[Turn, Any], None]] = {
    said.Sign: sign,
    said.Paid: paid,
    said.Refunded: refunded,
    said.Supply: supply,
    said.Withdraw: withdraw,
    said.Dispute: dispute,
    said.Object: object_to,
}
