"""At submission the licences are looked at once more: in force, still there, still saying the same.

A source that doesn't answer in time is named and stops nobody; the officer's check comes later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.model import License, Provenance
from definitions.problems import Problem
from definitions.wording import LANGUAGES, say
from plugins.asking import Question, Silent
from plugins.contract import Purpose
from runtime.engine.prefill import offers
from runtime.engine.validity import why_not
from runtime.journey.draft import Draft
from runtime.journey.papers import VOUCHED, HandIn
from runtime.journey.sources import DEADLINE
from runtime.store.changes import Change, identity


@dataclass(frozen=True, slots=True)
class Recheck:
    """What came of it: problems with the change that mends the draft, and who was silent.

    `checked` is how many licences a source has answered about.
    """

    checked: int
    problems: tuple[Problem, ...]
    silent: tuple[Silent, ...]
    change: Change | None


def recheck(draft: Draft, papers: Sequence[HandIn], deadline: float = DEADLINE) -> Recheck:
    """Ask the sources again for every licence that fills a question or spares a paper."""
    used = _used(draft, papers)
    report = draft.installation.asker.ask_all(_questions(draft, used), deadline)
    silent = {one.source for one in report.silent}
    fresh = {identity(one): one for one in report.licenses}
    told = [one for one in used if identity(one) in fresh or one.source not in silent]
    problems, now_is = [], {}
    for one in told:
        current = fresh.get(identity(one))
        code = _fault(draft, one, current)
        if code:
            problems.append(_problem(draft, one, code))
            now_is[identity(one)] = current
    change = _mended(draft, now_is) if problems else None
    return Recheck(len(told), tuple(problems), report.silent, change)


def _used(draft: Draft, papers: Sequence[HandIn]) -> list[License]:
    """The licences that stand behind an answer or a paper, those that no longer may among them."""
    told = [
        one
        for where, one in draft.application.provenance.items()
        if where.partition("/")[0] in draft.state.asked
    ]
    fallen = {_name(one) for one in told if not one.edited_by} - _speaking(draft)
    named = {_name(one) for one in told}
    named |= _names(identity(one) for paper in papers for one in paper.paper.licenses)
    return [
        one
        for one in draft.application.licenses
        if one.trust in VOUCHED
        and identity(one)[:3] in named
        and (identity(one)[:3] in fallen or why_not(one, draft.plan.library, draft.today) is None)
    ]


def _speaking(draft: Draft) -> set[tuple[str, ...]]:
    """The names of the licences that bear an answer out today."""
    found = draft.prefill
    offered = [*found.values.values(), *(one for many in found.conflicts.values() for one in many)]
    return {_name(one.provenance) for one in offered}


def _questions(draft: Draft, used: Sequence[License]) -> list[Question]:
    types: dict[str, dict[str, None]] = defaultdict(dict)
    for one in used:
        types[one.holder][one.type] = None
    items = [draft.plan.items[use].item for use in draft.state.active]
    codes = tuple(item.guide.get("code") or item.id for item in items)
    purpose = Purpose(codes, draft.application.id, "submission")
    return [Question(holder, tuple(names), purpose) for holder, names in types.items()]


def _fault(draft: Draft, one: License, current: License | None) -> str | None:
    if current is None:
        return "application.license_gone"
    code = why_not(current, draft.plan.library, draft.today)
    if code is not None:
        return code
    return "application.license_changed" if dict(current.data) != dict(one.data) else None


def _problem(draft: Draft, one: License, code: str) -> Problem:
    params: dict[str, Any] = {
        "title": draft.plan.library.licenses[one.type].title,
        "holder": one.holder_name,
    }
    if code.startswith("source."):
        params["reason"] = {lang: say(Problem(code), lang) for lang in LANGUAGES}
        code = "application.license_unusable"
    return Problem(code, f"/licenses/{one.type}", params)


def _mended(draft: Draft, now_is: Mapping[tuple[str, ...], License | None]) -> Change:
    """The snapshot as it is now; what a licence that fell away said counts as typed."""
    known = (now_is.get(identity(one), one) for one in draft.application.licenses)
    licenses = tuple(one for one in known if one is not None)
    offered = offers(draft.plan, draft.answers, licenses, draft.today, draft.identity).values
    answers: dict[str, Any] = {}
    provenance: dict[str, Provenance | None] = {}
    altered = _names(now_is)
    for where, one in draft.application.provenance.items():
        if _name(one) in altered and not one.edited_by:
            offer = offered.get(where)
            provenance[where] = offer.provenance if offer else None
            if offer:
                answers[where] = offer.value
    return Change(answers=answers, provenance=provenance, licenses=licenses)


def _name(one: Provenance) -> tuple[str, ...]:
    return one.source, one.license_type, one.license_number


def _names(licenses: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Licences as provenance names them: by source, type and number, whoever holds them."""
    return {one[:3] for one in licenses}
