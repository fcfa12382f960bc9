"""Answers from e-licenses, by meaning: element and subject agree, and so do the keys.

wanted(plan, state, answers)                    # which licenses to ask the sources for
offers(plan, answers, licenses, today)          # what they fill, and what is left to the person
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from definitions.model import License, LicenseType
from definitions.plan import Plan
from definitions.plan.run import row_id
from runtime.engine.form import FormState, evaluate
from runtime.engine.meaning import (
    Answers,
    Controls,
    Who,
    compatible,
    key_element,
    known_keys,
    name_element,
)
from runtime.engine.offering import Collector
from runtime.engine.offers import (
    Candidate,
    Identity,
    LicenseRequest,
    Offer,
    Pick,
    Prefill,
    RowOffer,
    Unusable,
)

_MOST_ROUNDS = 5


def offers(
    plan: Plan,
    answers: Answers,
    licenses: Iterable[License],
    today: date,
    identity: Identity | None = None,
) -> Prefill:
    """Everything that licenses and the account say about the questions that are asked.

    Questions that come to be asked because of a value are filled too. A question that already has
    an answer is among the values as well: whether to keep the answer is for the caller, who knows
    where it is from.
    """
    known = list(licenses)
    state = evaluate(plan, answers, today)
    return settled(
        plan, answers, state, today, lambda given, at: said(plan, given, at, known, today, identity)
    )


def settled(
    plan: Plan,
    answers: Answers,
    state: FormState,
    today: date,
    look: Callable[[Answers, FormState], Prefill],
) -> Prefill:
    """What `look` finds, looking again while what it finds brings up questions that it fills.

    `state` is that of the answers. Where everything that is found is answered, one look does.
    """
    filled, found = answers, look(answers, state)
    for _ in range(_MOST_ROUNDS):
        before, filled = filled, apply(answers, found.values)
        if filled == before:
            break
        found = look(filled, evaluate(plan, filled, today))
    return found


def said(
    plan: Plan,
    answers: Answers,
    state: FormState,
    licenses: Iterable[License],
    today: date,
    identity: Identity | None = None,
) -> Prefill:
    """What licenses and the account say about the questions that a state of the form asks.

    It listens to no other answers than those by which subjects are known.
    """
    collector = Collector(plan, answers, list(licenses), today, identity)
    return collector.prefill(collector.collect(), state)


def apply(answers: Answers, values: Mapping[str, Offer]) -> dict[str, Any]:
    """The answers with offered values where nothing was answered."""
    filled = dict(answers)
    for control, offer in values.items():
        table, _, cell = control.partition("/")
        if cell:
            name, _, column = cell.partition("/")
            filled[table] = [
                {column: offer.value, **row} if row_id(row, number) == name else row
                for number, row in enumerate(filled.get(table) or [], 1)
            ]
        else:
            filled.setdefault(table, offer.value)
    return filled


def wanted(
    plan: Plan, state: FormState, answers: Answers, identity: Identity | None = None
) -> list[LicenseRequest]:
    """The licenses that a shown question or a paper of an active item needs, by whom they are of.

    Only subjects whose key is known can be asked for. Whether the person may ask for another
    party's license is for the caller.
    """
    collector = Collector(plan, answers, [], date.min, identity)
    collector.collect()
    grouped: dict[tuple[str, str, tuple[str, ...], str], list[str]] = {}
    for who, key in {**known_keys(plan, answers), **collector.keys}.items():
        for kind in plan.library.licenses.values():
            holder = kind.subjects.get("holder")
            subject = plan.service.subjects[who.subject]
            if holder is None or not compatible(plan, holder.kind, subject.kind):
                continue
            needs = {
                "prefill": _questions(plan, state, kind, who),
                "paper": _papers(plan, state, kind, who),
            }
            for purpose, uses in needs.items():
                if uses:
                    items = tuple(use for use in state.active if use in uses)
                    group = (who.subject, key, items, purpose)
                    grouped.setdefault(group, []).append(kind.id)
    return [
        LicenseRequest(subject, key, tuple(types), items, purpose)
        for (subject, key, items, purpose), types in grouped.items()
    ]


def _questions(plan: Plan, state: FormState, kind: LicenseType, who: Who) -> set[str]:
    """The active items that ask what a license of this holder could say.

    Every license prints who holds it: only the one that proves it is asked for that. Nobody's
    disability is looked up for a name.
    """
    controls = Controls.of(plan)
    proves = kind.id in {one.identity for one in plan.library.dictionary.kinds.values()}
    known = {key_element(plan, who.subject), name_element(plan, who.subject)}
    uses: set[str] = set()
    for printed in kind.fields.values():
        if printed.about == ("holder",) and printed.element in known and not proves:
            continue
        for about in _meant(plan, kind, printed.about, who):
            control = controls.find(printed.element, about)
            if control is None or control.partition("/")[0] not in state.asked:
                continue
            asking = {use for use, _ in plan.question(control).fields}
            uses |= asking & set(state.active)
    return uses


def _meant(
    plan: Plan, kind: LicenseType, about: tuple[str, ...], who: Who
) -> Iterator[tuple[Who, ...]]:
    """Whom a field of a license could be about, if `who` holds it."""
    choices = [list(_candidates(plan, kind, name, who)) for name in about]
    if not all(choices):
        return
    yield from _products(choices)


def _products(choices: list[list[Who]]) -> Iterator[tuple[Who, ...]]:
    first, *others = choices
    for who in first:
        for rest in _products(others) if others else [()]:
            yield (who, *rest)


def _candidates(plan: Plan, kind: LicenseType, name: str, who: Who) -> Iterator[Who]:
    if name == "holder":
        yield who
        return
    subject = kind.subjects[name]
    if subject.many:
        return
    for other in plan.service.subjects.values():
        if other.many or not compatible(plan, subject.kind, other.kind):
            continue
        related = subject.relation is not None and other.relation == subject.relation
        if related and other.of == who.subject:
            yield Who(other.id)
        if subject.relation is None and other.held_by in (None, who.subject):
            yield Who(other.id)


def _papers(plan: Plan, state: FormState, kind: LicenseType, who: Who) -> set[str]:
    """The active items that would be spared a paper by a license of this holder."""
    uses: set[str] = set()
    for paper in plan.materials.values():
        for use, material in paper.asks:
            for way in material.satisfied_by:
                if way.license != kind.id or use not in state.active:
                    continue
                bound = plan.service.uses[use].subjects.get(way.about or "", "")
                held = plan.service.subjects[bound].held_by if bound else None
                if who.subject in (bound, held) or not way.about:
                    uses.add(use)
    return uses


__all__ = [
    "Candidate",
    "Identity",
    "LicenseRequest",
    "Offer",
    "Pick",
    "Prefill",
    "RowOffer",
    "Unusable",
    "apply",
    "offers",
    "said",
    "settled",
    "wanted",
]
