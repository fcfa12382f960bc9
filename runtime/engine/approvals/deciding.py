"""Who may decide a step, and when it is decided.

Order, passing and rejecting are three things apart: 会签 is `pass: all`, 或签 `pass: any`, 票签 a
count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from definitions.plan.process import PlanStep
from runtime.engine.approvals.facts import By
from runtime.engine.approvals.state import Signer, StepState, Vote
from runtime.engine.approvals.turn import NotAllowed

USUAL: Mapping[str, tuple[str, ...]] = {
    "review": ("approve", "reject", "comment", "remind"),
    "task": ("approve", "comment", "attach", "remind"),
    "sign": ("remind",),
}
"""Actions of a step that names none."""

VOTES = frozenset({"approve", "reject", "accept", "refuse_acceptance"})
WHILE_DELEGATED = frozenset({"give_back", "comment", "attach"})
"""What may be done in a step that is in somebody else's hands (rule 10): nothing that decides."""

APPLICANT = "applicant"
"""Stands among the persons of a step that the applicant does."""


def actions(plan: PlanStep) -> tuple[str, ...]:
    """What may be done in a step: every action is switched on by itself."""
    return tuple(plan.settings.get("actions") or USUAL.get(plan.kind, ()))


def tally(rule: Mapping[str, Any], signers: Sequence[Signer], votes: Iterable[Vote]) -> bool | None:
    """Whether it is passed or not; None while it isn't decided.

    Rejection is looked at first; when all have voted and neither rule holds, it is not passed. A
    count is never more than the signers.
    """
    named = {one.person for one in signers}
    said = {vote.person: vote.yes for vote in votes if vote.person in named}
    yes = sum(said.values())
    no, many, early = len(said) - yes, len(signers), rule.get("stop_early", True)
    all_said = len(said) >= many
    if not (early or all_said):
        return None
    if no >= _needed(rule.get("reject", "any"), many):
        return False
    if yes >= _needed(rule.get("pass", "all"), many):
        return True
    return False if all_said else None


def _needed(rule: str | int, many: int) -> int:
    if rule == "all":
        return many
    return 1 if rule == "any" else min(int(rule), many)


def is_theirs(step: StepState, by: By) -> bool:
    """Whether somebody is among those who act in a step, be it their turn or not."""
    if step.signers:
        named = {one.person for one in step.signers} | set(step.delegated.values())
        return by.person in named
    if by.person in (*step.persons, *step.delegated.values()):
        return True
    if by.applicant and APPLICANT in step.persons:
        return True
    return not by.holds.isdisjoint(step.offices)


def demand(plan: PlanStep, step: StepState, by: By, action: str) -> None:
    """Nothing, when somebody may take an action in a step now.

    Raises:
        NotAllowed: it isn't theirs, not switched on, not their turn, or handed to somebody else.
    """
    if not is_theirs(step, by):
        raise NotAllowed("not_yours")
    if action not in actions(plan):
        raise NotAllowed("action_off", action=action)
    if action not in WHILE_DELEGATED:
        demand_in_hand(step, by)
    if action in VOTES:
        _demand_turn(step, by)


def demand_in_hand(step: StepState, by: By) -> None:
    """Nothing, when a step isn't delegated by somebody, nor to them (rule 10).

    What one of several signers has delegated doesn't stop the others; what somebody of an office
    has delegated stops all of it.

    Raises:
        NotAllowed: it is.
    """
    if by.person in step.delegated.values():
        raise NotAllowed("only_give_back")
    if by.person in step.delegated or (step.delegated and not step.signers):
        raise NotAllowed("handed_on")


def _demand_turn(step: StepState, by: By) -> None:
    if not step.signers:
        return
    said = {vote.person for vote in step.votes}
    if by.person in said:
        raise NotAllowed("voted_already")
    mine = next(one for one in step.signers if one.person == by.person)
    if not said.issuperset(mine.after):
        raise NotAllowed("not_your_turn")


def signers_of(rule: Mapping[str, Any], persons: Sequence[str]) -> tuple[Signer, ...]:
    """The signers of a step, in turn or together."""
    if rule.get("order") != "in_turn":
        return tuple(Signer(one) for one in persons)
    return tuple(Signer(one, tuple(persons[:at][-1:])) for at, one in enumerate(persons))


def with_signer(
    signers: Sequence[Signer], by: str, person: str, place: str
) -> tuple[tuple[Signer, ...], bool]:
    """The signers with one more before or after somebody, and whether anything changed."""
    all_ = list(signers) or [Signer(by)]
    if person in [one.person for one in all_]:
        return tuple(signers), False
    at = next(number for number, one in enumerate(all_) if one.person == by)
    if place == "before":
        all_[at : at + 1] = [Signer(person, all_[at].after), Signer(by, (*all_[at].after, person))]
    else:
        behind = [
            Signer(one.person, (*one.after, person)) if by in one.after else one for one in all_
        ]
        all_ = [*behind[: at + 1], Signer(person, (by,)), *behind[at + 1 :]]
    return tuple(all_), True


def without_signer(signers: Sequence[Signer], person: str) -> tuple[Signer, ...]:
    """The signers with one less; who waited for them waits for whom they waited for.

    Raises:
        NotAllowed: they are the last.
    """
    gone = next((one for one in signers if one.person == person), None)
    if gone is None:
        raise NotAllowed("no_signer")
    if len(signers) == 1:
        raise NotAllowed("last_signer")
    return tuple(
        Signer(one.person, tuple(x for name in one.after for x in _instead(name, gone)))
        for one in signers
        if one is not gone
    )


def _instead(name: str, gone: Signer) -> tuple[str, ...]:
    return gone.after if name == gone.person else (name,)
