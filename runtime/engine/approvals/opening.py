"""What follows by itself: items start, steps open or are skipped, items end with their result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from definitions.plan.process import PlanStep
from definitions.plan.run import View
from definitions.rules import compile_rule
from runtime.engine.approvals.assigning import assigned
from runtime.engine.approvals.endings import end, lines_of, resume_for
from runtime.engine.approvals.facts import PLATFORM, By
from runtime.engine.approvals.finishing import finish, start_clock
from runtime.engine.approvals.state import LOOSE, StepState
from runtime.engine.approvals.turn import Turn

SETTLED = frozenset({"done", "skipped"})


def advance(turn: Turn) -> None:
    """Let happen what now can, until nothing more does."""
    before = -1
    while before != len(turn.events):
        before = len(turn.events)
        for use in turn.process.items:
            if use in turn.state.items:
                _start(turn, use)
        for id in turn.process.steps:
            if id in turn.state.steps:
                _move(turn, id)
        for use in turn.process.items:
            if use in turn.state.items and turn.item(use).running:
                _finish(turn, use)
    if turn.state.closed_at is None and _all_over(turn):
        turn.emit("closed")


def _start(turn: Turn, use: str) -> None:
    """Start an item when those before it have ended as it needs (rule 13)."""
    item = turn.item(use)
    if item.started_at or item.ending:
        return
    before = [one for one in turn.process.after[use] if one in turn.state.items]
    if any(not turn.item(one).ending for one in before):
        return
    without = [one for one in before if turn.item(one).ending != "issued"]
    if without and use not in turn.process.ends_suffice:
        end(turn, use, "not_started", {"items": without})
        return
    turn.emit("item_started", item=use, digest=turn.facts.digests.get(use, ""))
    if not any(turn.plan(id).step.settings.get("accepts") for id in turn.steps_of(use)):
        accept(turn, use, PLATFORM)


def accept(turn: Turn, use: str, by: By) -> None:
    """An item is accepted: its clocks start, unless a step says that it starts them."""
    turn.emit("item_accepted", item=use, **by.record)
    if not any(turn.plan(id).settings.get("starts_clock") for id in turn.steps_of(use)):
        turn.emit("clock_started", item=use)


def _move(turn: Turn, id: str) -> None:
    state, plan = turn.step(id), turn.plan(id)
    if state.standing == "frozen" and _above_settled(turn, plan):
        turn.emit("step_woken", step=id)
        _stop_clock(turn, plan)
    if state.standing != "waiting" or not _may_run(turn, plan):
        return
    if not _above_settled(turn, plan) or state.effect in LOOSE or _waits_for_paper(turn, plan):
        return
    if plan.when is not None and not plan.when(cast(View, turn.view(plan.use))):
        skip(turn, id, "when")
    elif all(_is_ready(turn, part) for part in turn.process.parts(id) if part != id):
        open_step(turn, id)


def _may_run(turn: Turn, plan: PlanStep) -> bool:
    """Whether its item is at the point where it may run: a follow-up after the result."""
    item = turn.item(plan.use)
    if plan.follow_up:
        return item.ending == "issued" and not item.revoked
    return item.running and (item.supplement is None or not item.supplement.waits)


def _above_settled(turn: Turn, plan: PlanStep) -> bool:
    return all(_settled(turn, one) for one in plan.above if one in turn.state.steps)


def _settled(turn: Turn, step: str) -> bool:
    """Skipped; or done, and what it did still holds or has led to a result (rule 14)."""
    state = turn.step(step)
    if state.standing != "done":
        return state.standing == "skipped"
    has_result = turn.item(turn.plan(step).use).ending == "issued"
    return has_result or state.effect not in (*LOOSE, "undone")


def _is_ready(turn: Turn, part: str) -> bool:
    """Whether a part of a joint step is no reason to wait any longer (rule: it opens together)."""
    state = turn.state.steps.get(part)
    if state is None or state.standing != "waiting":
        return True
    plan = turn.plan(part)
    if not _can_come(turn, plan):
        return True
    return (
        _may_run(turn, plan)
        and _above_settled(turn, plan)
        and state.effect not in LOOSE
        and not _waits_for_paper(turn, plan)
    )


def _can_come(turn: Turn, plan: PlanStep) -> bool:
    """Whether a step can still open: nothing above it has closed for good."""
    return not any(_is_lost(turn, one) for one in plan.above if one in turn.state.steps)


def _is_lost(turn: Turn, step: str) -> bool:
    state, item = turn.step(step), turn.item(turn.plan(step).use)
    without = bool(item.ending) and item.ending != "issued"
    return state.standing == "closed" or (without and not _settled(turn, step))


def _waits_for_paper(turn: Turn, plan: PlanStep) -> bool:
    """容缺: whether a paper is owed that must be there before this step."""
    owed = turn.facts.owed.get(plan.use, ())
    return any(one.by_step == plan.step.id for one in owed)


def skip(turn: Turn, id: str, why: str) -> None:
    """A step is passed over. What would have begun with it begins now: acceptance, the clocks."""
    plan = turn.plan(id)
    turn.emit("step_skipped", step=id, why=why)
    resume_for(turn, id)
    if plan.settings.get("accepts") and not turn.item(plan.use).accepted_at:
        accept(turn, plan.use, PLATFORM)
    start_clock(turn, plan)


def _stop_clock(turn: Turn, plan: PlanStep) -> None:
    """The item's clock stands still while a step is open, where the item says so (rule 19)."""
    if plan.settings.get("stops_clock"):
        turn.emit("paused", item=plan.use, pause=plan.id, reason=plan.kind)


def open_step(turn: Turn, id: str) -> None:
    """Open a step: who acts is found, a call goes out, a bill is made, a clock may stop."""
    plan = turn.plan(id)
    turn.emit("step_opened", step=id, run=turn.step(id).run + 1, **assigned(turn, plan))
    _stop_clock(turn, plan)
    if plan.has_effect:
        turn.emit("effect_sent", step=id, run=turn.step(id).run)
    if plan.kind == "payment":
        bill(turn, id)
    if plan.kind == "sign":
        _take_signatures(turn, plan)


def _take_signatures(turn: Turn, plan: PlanStep) -> None:
    """Who has signed the same before the form was sent need not do so again."""
    signed = turn.facts.signed.get(f"{plan.use}.{plan.settings['party']}", {})
    for person in turn.step(plan.id).persons:
        if signed.get(person) == turn.item(plan.use).digest:
            record = {"person": person, "name": "", "digest": signed[person]}
            turn.emit("signed", step=plan.id, run=turn.step(plan.id).run, **record)
    if all_signed(plan, turn.step(plan.id), turn.item(plan.use).digest):
        finish(turn, plan.id, "signed")


def all_signed(plan: PlanStep, state: StepState, digest: str) -> bool:
    """Whether all have signed this who must: one, where one is enough or no party was found."""
    signed = {person for person, what in state.signed.items() if what == digest}
    if plan.settings.get("any") or state.fallback:
        return bool(signed)
    return bool(state.persons) and signed.issuperset(state.persons)


def bill(turn: Turn, id: str, *, again: bool = False) -> None:
    """Make the bill of a step, with what its other parts have open already on the same bill.

    Nothing to pay: the step is done. What is paid of an earlier bill isn't asked for again.
    """
    plan = turn.plan(id)
    paid = {line.id for _, line in lines_of(turn, id, "paid")}
    lines = [one for one in _charges(turn, plan) if one["id"] not in paid]
    if not lines:
        finish(turn, id, "paid" if paid else "nothing_due")
        return
    shared = plan.joint or id
    name = turn.bills.setdefault(shared, f"{shared}#{_bills_of(turn, shared) + 1}")
    mates = turn.state.bills.get(name)
    known = [_plain(line) for line in mates.lines] if mates else []
    turn.emit("billed", bill=name, lines=known + lines, quoted_again=again)


def _bills_of(turn: Turn, shared: str) -> int:
    return sum(name.rpartition("#")[0] == shared for name in turn.state.bills)


def _plain(line: Any) -> dict[str, Any]:
    return {
        "id": line.id, "step": line.step, "payer": line.payer, "amount": line.amount,
        "kept": line.kept,
    }  # fmt: skip


def _charges(turn: Turn, plan: PlanStep) -> Iterable[dict[str, Any]]:
    """A line for each charge that comes to something, in fen."""
    view, fees = turn.view(plan.use), turn.process.fees[plan.use]
    named = plan.settings.get("charges") or tuple(fees)
    kept = bool(plan.settings.get("kept")) or plan.settings.get("refund") is False
    for name in named:
        fee = fees[name]
        if fee.when is not None and compile_rule(fee.when).fn(view) is not True:
            continue
        amount = _quoted(turn, plan, name, fee.source) if fee.amount is None else None
        if fee.amount is not None:
            amount = compile_rule(fee.amount).fn(view)
        if amount:
            yield {
                "id": f"{plan.use}.{name}",
                "step": plan.id,
                "payer": fee.payer or "",
                "amount": int(amount),
                "kept": kept,
            }


def _quoted(turn: Turn, plan: PlanStep, name: str, source: str | None) -> Any:
    """What the connector that knows a charge has said: by the charge's name, or its `amount`."""
    for id in turn.steps_of(plan.use):
        if turn.plan(id).settings.get("operation") == source and turn.step(id).standing == "done":
            form: Mapping[str, Any] = turn.step(id).form
            return form.get(name, form.get("amount"))
    return None


def _finish(turn: Turn, use: str) -> None:
    """End an item that has its result, or that can't get there any more."""
    steps = [id for id in turn.steps_of(use) if not turn.plan(id).follow_up]
    if all(turn.step(id).standing in SETTLED for id in steps):
        end(turn, use, "issued")
        return
    for id in steps:
        plan = turn.plan(id)
        if turn.step(id).standing in ("waiting", "frozen") and not _can_come(turn, plan):
            lost = [one for one in plan.above if one in turn.state.steps and _is_lost(turn, one)]
            end(turn, use, "not_completed", {"steps": sorted(lost)})
            return


def _all_over(turn: Turn) -> bool:
    """Whether every item has ended, no step is open and no effect or money is on its way back."""
    if not all(item.ending for item in turn.state.items.values()):
        return False
    going = any(
        state.standing in ("open", "frozen")
        or state.effect in LOOSE
        or (state.standing == "waiting" and _may_run(turn, plan) and _can_come(turn, plan))
        for id, state, plan in _steps(turn)
    )
    refunds = any(
        line.standing == "refunding" for one in turn.state.bills.values() for line in one.lines
    )
    return not going and not refunds


def _steps(turn: Turn) -> Iterable[tuple[str, StepState, PlanStep]]:
    return ((id, state, turn.plan(id)) for id, state in turn.state.steps.items())
