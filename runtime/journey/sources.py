"""Asking the sources of licences for a form: in parallel, in time, and only for what may be asked.

A form opens whatever they answer. Who did not answer is kept with the draft and named on the page.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.model import License
from plugins.asking import Question, Silent
from plugins.contract import Purpose
from runtime.engine.form import Answers, evaluate
from runtime.engine.offers import LicenseRequest
from runtime.engine.prefill import apply, offers, wanted
from runtime.journey.draft import Draft
from runtime.store.changes import identity

DEADLINE = 2.5
"""Seconds that a person waits for all sources together."""
OWN_DOCUMENT = "own_document"
"""The source of licences that the applicant brought as a document."""
ROUNDS = 3
"""A licence may bring to light whose others are needed: the home, the legal representative."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came back: licences, and who was silent by source name, as JSON."""

    licenses: tuple[License, ...]
    silent: Mapping[str, Any]

    def as_data(self, now: datetime) -> dict[str, Any]:
        """What the draft keeps of it: when, how many, and who was silent."""
        at = now.isoformat(timespec="seconds")
        return {"asked_at": at, "licenses": len(self.licenses), "silent": dict(self.silent)}


def ask(
    draft: Draft,
    answers: Answers,
    deadline: float = DEADLINE,
    *,
    pressed: bool = False,
) -> Asked:
    """The licences that a form with these answers needs, of those whom this person may ask about.

    That is themselves, the enterprise that they act for, and invited persons who have authorised
    it. When they have `pressed` for it, sources that rest are tried once.
    """
    allowed = {draft.identity.id_number, draft.identity.credit_code, *draft.authorised} - {""}
    until = time.monotonic() + deadline
    licenses: dict[tuple[str, ...], License] = {}
    silent: dict[str, Any] = {}
    asked: set[tuple[str, str]] = set()
    for number in range(ROUNDS):
        requests = [one for one in _wanted(draft, answers, licenses) if one.holder in allowed]
        questions = _questions(draft, requests, asked)
        if not questions or time.monotonic() >= until:
            break
        left = until - time.monotonic()
        first = pressed and number == 0
        report = draft.installation.asker.ask_all(questions, left, pressed=first)
        licenses |= {identity(one): one for one in report.licenses}
        silent |= {one.source: _plain(one) for one in report.silent}
    return Asked(tuple(licenses.values()), silent)


def _wanted(
    draft: Draft, answers: Answers, licenses: Mapping[tuple[str, ...], License]
) -> list[LicenseRequest]:
    """What is wanted once the licences at hand have filled what they can."""
    plan, today = draft.plan, draft.today
    found = offers(plan, answers, licenses.values(), today, draft.identity)
    filled = apply(answers, found.values)
    return wanted(plan, evaluate(plan, filled, today), filled, draft.identity)


def _questions(
    draft: Draft, requests: list[LicenseRequest], asked: set[tuple[str, str]]
) -> list[Question]:
    """One question for each holder, with every type that wasn't asked for yet."""
    types: dict[str, dict[str, None]] = defaultdict(dict)
    items: dict[str, dict[str, None]] = defaultdict(dict)
    for one in requests:
        fresh = [name for name in one.types if (one.holder, name) not in asked]
        types[one.holder] |= dict.fromkeys(fresh)
        items[one.holder] |= dict.fromkeys(one.items)
    asked |= {(holder, name) for holder, names in types.items() for name in names}
    return [
        Question(holder, tuple(names), _purpose(draft, tuple(items[holder])))
        for holder, names in types.items()
        if names
    ]


def _purpose(draft: Draft, uses: tuple[str, ...]) -> Purpose:
    """Why: the items' codes and the application, as the sharing interface wants it (GB/T 36906)."""
    codes = [draft.plan.items[use].item.guide.get("code") or use for use in uses]
    return Purpose(tuple(codes), draft.application.id, "prefill")


def _plain(one: Silent) -> dict[str, Any]:
    return {"code": one.problem.code, "params": dict(one.problem.params)}
