"""What the applicant and other parties see of a sent application and do in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from runtime.engine.approvals import By, NotAllowed
from runtime.engine.approvals.applicants import withdrawable
from runtime.engine.approvals.clocks import Clock, clock
from runtime.engine.approvals.commands import Appoint, Dispute, Remind, Sign, Withdraw
from runtime.engine.approvals.deciding import actions
from runtime.engine.approvals.state import Bill
from runtime.engine.approvals.turn import Turn
from runtime.engine.meaning import known_keys
from runtime.engine.schedule import limit
from runtime.installation import Installation
from runtime.journey.cases import Case, act, by, names_of, open_case, signer, view_of
from runtime.journey.draft import CHINA, Draft
from runtime.journey.fill import VOUCHED
from runtime.journey.papers import row_name, work_calendar
from runtime.store import Actor, NotFound, Person

Fixed = Literal["ended", "decided", "final"]
"""Why an item can't be taken back."""


@dataclass(frozen=True)
class Todo:
    """Something that waits for whoever looks: `supplement` of an item, `sign`, `pay`, `appoint`."""

    kind: Literal["supplement", "sign", "pay", "appoint"]
    use: str
    step: str = ""
    bill: str = ""


def case_of(draft: Draft) -> Case | None:
    """The case of a sent application; None where it was sent before there were approvals."""
    try:
        return open_case(
            draft.installation, draft.actor, draft.person, draft.application.id, draft.now
        )
    except NotFound:
        return None


def own_case(
    installation: Installation, actor: Actor, person: Person, application: str, now: datetime
) -> Case:
    """The case, for whoever acts for the application.

    Raises:
        NotFound: there is none, or it isn't theirs.
    """
    case = open_case(installation, actor, person, application, now)
    if not by(case).applicant:
        raise NotFound
    return case


def todos(case: Case) -> list[Todo]:
    """What waits for whoever looks, the most urgent sort first."""
    found = []
    if by(case).applicant:
        found += [
            Todo("supplement", use)
            for use, item in case.state.items.items()
            if item.running and item.supplement and item.supplement.waits
        ]
    for id, step in case.state.steps.items():
        plan = case.plan(id)
        if step.standing == "open" and plan.kind == "sign" and signs_as(case, id):
            found.append(Todo("sign", plan.use, id))
    if by(case).applicant:
        found += [Todo("pay", due_use(one), bill=one.id) for one in open_bills(case)]
        found += [
            Todo("appoint", case.plan(id).use, id)
            for id, step in case.state.steps.items()
            if step.standing == "open"
            and step.appointment.get("by") == "office"
            and not step.appointment.get("agreed")
        ]
    return found


def open_bills(case: Case) -> Iterator[Bill]:
    """The bills with lines that are to be paid."""
    for bill in case.state.bills.values():
        if any(line.standing == "due" for line in bill.lines):
            yield bill


def due_use(bill: Bill) -> str:
    """The item of the first line of a bill that is to be paid."""
    return next(line.step for line in bill.lines if line.standing == "due").partition(".")[0]


def signs_as(case: Case, step: str) -> str:
    """The name under which whoever looks has still to sign a step; empty if they haven't."""
    draft, state = case.draft, case.state.steps[step]
    names = names_of(draft.installation, draft.actor, draft.person)
    return next((one for one in names if one in state.persons and one not in state.signed), "")


def signers(case: Case, step: str) -> list[tuple[str, bool]]:
    """Who signs a step, by name, and whether they have."""
    draft, state = case.draft, case.state.steps[step]
    names = {
        signer(draft.installation, key): row_name(draft, who.subject, who.row)
        or _named(draft, who.subject)
        for who, key in known_keys(draft.plan, draft.answers).items()
    }
    return [(names.get(one, ""), one in state.signed) for one in state.persons]


def sign(case: Case, step: str, run: int, digest: str) -> Case:
    """The case with the signature of whoever looks over what has this digest.

    Raises:
        NotFound: it isn't theirs to sign.
        NotAllowed: it has changed since it was shown.
        Conflict: somebody was first.
    """
    return act(case, Sign(step=step, run=run, by=_signing(case, step), digest=digest))


def decline(case: Case, step: str, run: int, reason: str) -> Case:
    """The case after whoever looks has declined to sign. Raises as `sign` does."""
    who = _signing(case, step)
    return act(case, Sign(step=step, run=run, by=who, digest="", yes=False, reason=reason))


def fixed(case: Case) -> dict[str, Fixed | None]:
    """By item why it can't be taken back; None where it can."""
    draft = case.draft
    turn = Turn(draft.plan.process, case.state, case.facts, draft.now)
    found: dict[str, Fixed | None] = {}
    for use, item in case.state.items.items():
        if withdrawable(turn, use):
            found[use] = None
        else:
            found[use] = "ended" if item.ending else "decided" if item.decided_at else "final"
    return found


def withdraw(case: Case, uses: tuple[str, ...], reason: str) -> Case:
    """The case without these items; none named: without all that can still be taken back.

    Raises:
        NotAllowed: one of them can't be.
        Conflict: something has happened since it was loaded.
    """
    return act(case, Withdraw(uses, by(case), reason))


def appoint(case: Case, step: str, run: int, at: str, *, agreed: bool) -> Case:
    """The case with a time agreed to, or another one proposed. Raises NotAllowed and Conflict."""
    return act(case, Appoint(step=step, run=run, by=by(case), at=at, agreed=agreed))


def may_remind(case: Case, step: str) -> bool:
    """Whether the office of a step can be reminded: it has it, and wasn't today."""
    plan, state = case.plan(step), case.state.steps[step]
    waits = state.standing == "open" and plan.kind in ("review", "task")
    if not waits or "remind" not in actions(plan) or not by(case).applicant:
        return False
    today = case.draft.today
    return not any(
        one["kind"] == "reminded"
        and one["data"].get("step") == step
        and one["data"].get("person") == case.draft.actor.person
        and told.at.astimezone(CHINA).date() == today
        for told in case.stored.history
        for one in told.data.get("events", ())
    )


def remind(case: Case, step: str, run: int) -> Case:
    """The case after its office was reminded of a step. Raises NotAllowed: twice on a day."""
    if not may_remind(case, step):
        raise NotAllowed("reminded_today")
    return act(case, Remind(step=step, run=run, by=by(case)))


def dispute(case: Case, use: str, field: str, words: str) -> Case:
    """The case after the applicant has said that a prefilled value is wrong.

    Raises:
        NotAllowed: the item has ended.
        NotFound: no such value was prefilled.
    """
    if field not in prefilled(case, use):
        raise NotFound
    return act(case, Dispute(use, field, words, by(case)))


def prefilled(case: Case, use: str) -> Mapping[str, str]:
    """The own fields of an item whose values are from a source, each with its question."""
    draft, found = case.draft, {}
    if use not in case.state.items:
        raise NotFound
    for name in draft.state.slices(use):
        reading = draft.plan.items[use].readings.get(name)
        question = str(getattr(reading, "question", ""))
        source = draft.application.provenance.get(question)
        if source is not None and source.origin in VOUCHED and not source.edited_by:
            found[name] = question
    return found


def clock_of(case: Case, use: str) -> Clock | None:
    """The clock of what an item promises, else of what the law allows; None before it runs."""
    draft = case.draft
    view = view_of(draft, use, case.state)
    for kind in ("promised", "legal"):
        span = limit(draft.plan.items[use], kind, view)
        calendar = work_calendar(draft.installation)
        found = span and clock(kind, span, case.state.items[use], calendar, draft.now)
        if found:
            return found
    return None


def _signing(case: Case, step: str) -> By:
    if step not in case.state.steps or case.plan(step).kind != "sign":
        raise NotFound
    name = signs_as(case, step)
    if not name:
        raise NotFound
    return By(name, case.draft.person.name)


def _named(draft: Draft, subject: str) -> str:
    for name in ("party.name", "enterprise.name"):
        found = draft.answers.get(f"{subject}.{name}")
        if found:
            return str(found)
    return ""
