"""What happened, as the history keeps it, and how each event changes the state.

A state is nothing but its events, folded in their order. An event's data is plain JSON and says
everything that its fold needs: no fold asks the definitions, the clock or anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from runtime.engine.approvals.state import (
    Bill,
    ItemState,
    Line,
    Pause,
    Signer,
    State,
    StepState,
    Supplement,
    Vote,
)

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its kind, its data, and when."""

    kind: str
    data: Data
    at: datetime


Fold = Callable[[State, Data, datetime], State]
_FOLDS: dict[str, Fold] = {}


def _folds(*kinds: str) -> Callable[[Fold], Fold]:
    def register(fold: Fold) -> Fold:
        for kind in kinds:
            _FOLDS[kind] = fold
        return fold

    return register


def kinds() -> frozenset[str]:
    """Every kind of event there is, but for the first."""
    return frozenset(_FOLDS)


def begun(uses: Iterable[str], steps: Iterable[str], at: datetime) -> Event:
    """The first event of a process: which items and steps there are."""
    return Event("begun", {"items": list(uses), "steps": list(steps)}, at)


def fold(events: Iterable[Event]) -> State:
    """The state that a history comes to.

    Raises:
        ValueError: it doesn't begin with its beginning.
        KeyError: it holds a kind of event that there is not.
    """
    history = iter(events)
    first = next(history, None)
    if first is None or first.kind != "begun":
        raise ValueError("a history begins with `begun`")
    state = State(
        first.at,
        {use: ItemState() for use in first.data["items"]},
        {step: StepState() for step in first.data["steps"]},
    )
    for event in history:
        state = apply(state, event)
    return state


def apply(state: State, event: Event) -> State:
    """The state after one more event. Raises KeyError for a kind that there is not."""
    return _FOLDS[event.kind](state, event.data, event.at)


# Steps open and end


@_folds("step_opened")
def _opened(state: State, data: Data, at: datetime) -> State:
    old = state.steps[data["step"]]
    return state.with_step(
        data["step"],
        standing="open",
        run=data["run"],
        outcome="",
        form={},
        opened_at=at,
        done_at=None,
        offices=tuple((unit, role) for unit, role in data.get("offices", ())),
        persons=tuple(data.get("persons", ())),
        fallback=data.get("fallback", False),
        signers=_signers(data.get("signers", ())),
        votes=(),
        earlier=old.votes or old.earlier,
        delegated={},
        signed={},
        effect="",
        failed="",
        bill="",
        objections=0,
        appointment={},
        reminded_on=None,
        level=0,
    )


@_folds("step_done")
def _done(state: State, data: Data, at: datetime) -> State:
    form = data.get("form", state.steps[data["step"]].form)
    return state.with_step(
        data["step"], standing="done", outcome=data["outcome"], form=form, done_at=at, failed=""
    )


@_folds("step_skipped")
def _skipped(state: State, data: Data, at: datetime) -> State:
    """Whatever an earlier run recorded no longer counts; what was said can still be confirmed."""
    old = state.steps[data["step"]]
    return state.with_step(
        data["step"],
        standing="skipped",
        outcome="skipped",
        form={},
        done_at=at,
        votes=(),
        earlier=old.votes or old.earlier,
    )


@_folds("step_cancelled")
def _cancelled(state: State, data: Data, at: datetime) -> State:
    """Back to waiting: it may open again, as another run."""
    return state.with_step(data["step"], standing="waiting", outcome="", done_at=None, failed="")


@_folds("step_closed")
def _closed(state: State, data: Data, at: datetime) -> State:
    """For good; but an effect that couldn't be undone is still for a person to see to."""
    old = state.steps[data["step"]]
    failed = old.failed if old.effect == "stuck" else ""
    return state.with_step(data["step"], standing="closed", failed=failed)


@_folds("step_frozen")
def _frozen(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], standing="frozen")


@_folds("opened_again")
def _opened_again(state: State, data: Data, at: datetime) -> State:
    """The same run, its time counted from now."""
    return state.with_step(data["step"], opened_at=at, reminded_on=None, level=0)


@_folds("step_woken")
def _woken(state: State, data: Data, at: datetime) -> State:
    """The same run; its time is counted anew, as nobody could act while it stood still."""
    return state.with_step(data["step"], standing="open", opened_at=at, reminded_on=None, level=0)


# People decide


@_folds("voted")
def _voted(state: State, data: Data, at: datetime) -> State:
    vote = Vote(data["person"], data["yes"], data.get("opinion", ""), at)
    step = state.steps[data["step"]]
    form = {**step.form, **data.get("form", {})}
    return state.with_step(data["step"], votes=(*step.votes, vote), form=form)


@_folds("transferred")
def _transferred(state: State, data: Data, at: datetime) -> State:
    step, old, new = state.steps[data["step"]], data["person"], data["to"]
    if step.signers:
        signers = tuple(
            Signer(
                new if one.person == old else one.person,
                tuple(new if name == old else name for name in one.after),
            )
            for one in step.signers
        )
        return state.with_step(data["step"], signers=signers)
    return state.with_step(data["step"], offices=(), persons=(new,))


@_folds("delegated")
def _delegated(state: State, data: Data, at: datetime) -> State:
    handed = state.steps[data["step"]].delegated
    return state.with_step(data["step"], delegated={**handed, data["person"]: data["to"]})


@_folds("given_back")
def _given_back(state: State, data: Data, at: datetime) -> State:
    handed = state.steps[data["step"]].delegated
    left = {person: to for person, to in handed.items() if person != data["person"]}
    return state.with_step(data["step"], delegated=left)


@_folds("signers_changed")
def _signers_changed(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], signers=_signers(data["signers"]))


@_folds("copied")
def _copied(state: State, data: Data, at: datetime) -> State:
    copied = state.steps[data["step"]].copied
    return state.with_step(data["step"], copied=tuple(dict.fromkeys((*copied, data["to"]))))


@_folds("appointed")
def _appointed(state: State, data: Data, at: datetime) -> State:
    appointment = {"at": data["at"], "by": data["by"], "agreed": data["agreed"]}
    return state.with_step(data["step"], appointment=appointment)


@_folds("objected")
def _objected(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], objections=state.steps[data["step"]].objections + 1)


@_folds("signed")
def _signed(state: State, data: Data, at: datetime) -> State:
    signed = state.steps[data["step"]].signed
    return state.with_step(data["step"], signed={**signed, data["person"]: data["digest"]})


@_folds("reminded")
def _reminded(state: State, data: Data, at: datetime) -> State:
    """By the platform, on a day, maybe a level further up; a person's counts for neither."""
    if "on" not in data:
        return state
    on = date.fromisoformat(data["on"])
    return state.with_step(data["step"], reminded_on=on, level=data.get("level", 0))


@_folds("late", "commented", "written", "came_back", "not_withdrawn")
def _told(state: State, data: Data, at: datetime) -> State:
    """Kept in the history; it changes nothing that anything hangs on."""
    return state


# What systems outside do


@_folds("effect_sent")
def _effect_sent(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="sent", failed="")


@_folds("effect_made")
def _effect_made(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="in_force", failed="")


@_folds("called_again")
def _called_again(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], failed="")


@_folds("effect_none")
def _effect_none(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="", failed="")


@_folds("effect_unwanted")
def _effect_unwanted(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="unwanted", failed="")


@_folds("effect_undoing")
def _effect_undoing(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="undoing", failed="")


@_folds("effect_undone")
def _effect_undone(state: State, data: Data, at: datetime) -> State:
    return state.with_step(data["step"], effect="undone", failed="")


@_folds("effect_stuck")
def _effect_stuck(state: State, data: Data, at: datetime) -> State:
    return _to_person(state, data, effect="stuck")


@_folds("call_failed")
def _call_failed(state: State, data: Data, at: datetime) -> State:
    return _to_person(state, data)


def _to_person(state: State, data: Data, **changes: Any) -> State:
    offices = tuple((unit, role) for unit, role in data["offices"])
    return state.with_step(
        data["step"], failed=data["reason"], offices=offices, persons=(), **changes
    )


# Items


@_folds("item_started")
def _item_started(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], started_at=at, digest=data.get("digest", ""))


@_folds("item_accepted")
def _item_accepted(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], accepted_at=at)


@_folds("clock_started")
def _clock_started(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], clock_started_at=at)


@_folds("item_decided")
def _item_decided(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], decided_at=at)


@_folds("item_undecided")
def _item_undecided(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], decided_at=None)


@_folds("item_ended")
def _item_ended(state: State, data: Data, at: datetime) -> State:
    pauses = tuple(
        one if one.end is not None else replace(one, end=at)
        for one in state.items[data["item"]].pauses
    )
    return state.with_item(
        data["item"],
        ended_at=at,
        ending=data["ending"],
        reason=data.get("reason", {}),
        pauses=pauses,
    )


@_folds("result_revoked")
def _result_revoked(state: State, data: Data, at: datetime) -> State:
    return state.with_item(data["item"], revoked=True)


@_folds("paused")
def _paused(state: State, data: Data, at: datetime) -> State:
    pause = Pause(data["pause"], data["reason"], at)
    return state.with_item(data["item"], pauses=(*state.items[data["item"]].pauses, pause))


@_folds("resumed")
def _resumed(state: State, data: Data, at: datetime) -> State:
    pauses = tuple(
        replace(one, end=at) if one.id == data["pause"] and one.end is None else one
        for one in state.items[data["item"]].pauses
    )
    return state.with_item(data["item"], pauses=pauses)


@_folds("supplement_asked")
def _supplement_asked(state: State, data: Data, at: datetime) -> State:
    item = state.items[data["item"]]
    old = item.supplement
    if old is None or old.answered_at is not None:
        old = Supplement()
    asked = Supplement(
        asked=tuple(dict.fromkeys((*old.asked, data["step"]))),
        fields={**old.fields, **data["fields"]},
        papers={**old.papers, **data["papers"]},
    )
    return state.with_item(data["item"], supplement=asked)


@_folds("supplement_sent")
def _supplement_sent(state: State, data: Data, at: datetime) -> State:
    item = state.items[data["item"]]
    supplement = replace(item.supplement or Supplement(), sent_at=at)
    return state.with_item(
        data["item"],
        supplement=supplement,
        supplements=item.supplements + 1,
        allowed_again=frozenset(),
    )


@_folds("supplement_answered")
def _supplement_answered(state: State, data: Data, at: datetime) -> State:
    supplement = state.items[data["item"]].supplement or Supplement()
    return state.with_item(data["item"], supplement=replace(supplement, answered_at=at))


@_folds("answers_changed")
def _answers_changed(state: State, data: Data, at: datetime) -> State:
    item = state.items[data["item"]]
    again = item.allowed_again | frozenset(data["fields"])
    return state.with_item(data["item"], digest=data["digest"], allowed_again=again)


@_folds("disputed")
def _disputed(state: State, data: Data, at: datetime) -> State:
    disputes = {**state.items[data["item"]].disputes, data["field"]: data["words"]}
    return state.with_item(data["item"], disputes=disputes)


@_folds("closed")
def _application_closed(state: State, data: Data, at: datetime) -> State:
    return replace(state, closed_at=at)


# Money


@_folds("billed")
def _billed(state: State, data: Data, at: datetime) -> State:
    lines = tuple(
        Line(one["id"], one["step"], one["payer"], one["amount"], one["kept"])
        for one in data["lines"]
    )
    bill = Bill(data["bill"], lines, at, data.get("quoted_again", False))
    for step in dict.fromkeys(line.step for line in lines):
        state = state.with_step(step, bill=bill.id)
    return state.with_bill(bill)


@_folds("lines_paid")
def _lines_paid(state: State, data: Data, at: datetime) -> State:
    return _with_lines(state, data, "paid")


@_folds("lines_refunding")
def _lines_refunding(state: State, data: Data, at: datetime) -> State:
    return _with_lines(state, data, "refunding")


@_folds("lines_refunded")
def _lines_refunded(state: State, data: Data, at: datetime) -> State:
    return _with_lines(state, data, "refunded")


@_folds("lines_dropped")
def _lines_dropped(state: State, data: Data, at: datetime) -> State:
    return _with_lines(state, data, "dropped")


def _with_lines(state: State, data: Data, standing: Any) -> State:
    bill = state.bills[data["bill"]]
    lines = tuple(
        replace(one, standing=standing) if one.id in data["lines"] else one for one in bill.lines
    )
    return state.with_bill(replace(bill, lines=lines))


def _signers(raw: Iterable[Mapping[str, Any]]) -> tuple[Signer, ...]:
    return tuple(Signer(one["person"], tuple(one.get("after", ()))) for one in raw)
