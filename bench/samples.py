"""What is measured: synthetic forms and the four services, each filled in rightly and wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from bench.forms import WRONG_ANSWERS, make_form, text
from definitions.cases import cases
from definitions.model import Library, Provenance
from definitions.plan import Plan, plan_of
from definitions.reader import LIBRARY, read, read_bundle
from runtime.engine.form import evaluate
from runtime.engine.trial import trial

SERVICE = "service"
TODAY = date(2026, 11, 23)
UNANSWERABLE = {"integer": -(10**12), "number": -1e12, "money": -(10**12), "date": "2026-13-45"}
"""A wrong answer for types that have one; for others that hold text it is one line end."""
TEXTS = frozenset({"text", "address", "phone", "email", "person_id", "social_credit_code"})

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A plan with a submission that passes and one with (up to) ten errors, on a day.

    `provenance` says of the right answers which a source gave."""

    name: str
    plan: Plan
    right: Answers
    wrong: Answers
    today: date = TODAY
    provenance: Mapping[str, Provenance] = field(default_factory=dict)


@cache
def library() -> Library:
    """The definitions that ship."""
    return read([LIBRARY])


def synthetic(size: int, dependents: int = 0) -> Sample:
    """A form of so many fields; `dependents` of them hang on one choice."""
    form = make_form(size, dependents=dependents)
    plan = plan_of(read_bundle(_definitions({"form": form.item})), SERVICE)
    right, wrong = (
        {f"form.{name}": value for name, value in answers.items()}
        for answers in (form.right, form.wrong)
    )
    return Sample(f"{size} fields", plan, right, wrong)


def services() -> Iterator[Sample]:
    """Each service that ships, filled in as its first case says, prefilled answers included."""
    for name in sorted(library().services):
        yield service(name)


@cache
def service(name: str) -> Sample:
    """One service that ships."""
    plan = plan_of(library(), name)
    case = cases(plan.service)[0]
    tried = trial(plan, case)
    wrong = _spoilt(plan, tried.answers, case.today)
    sources = {control: offer.provenance for control, offer in tried.prefill.values.items()}
    return Sample(name, plan, tried.answers, wrong, case.today, sources)


def samples(sizes: tuple[int, ...]) -> Iterator[Sample]:
    """Synthetic forms of these sizes, then the services."""
    for size in sizes:
        yield synthetic(size)
    yield from services()


def _spoilt(plan: Plan, right: Answers, today: date) -> Answers:
    """The answers with one after the other made wrong, until there are ten problems more."""
    wrong, found = dict(right), len(evaluate(plan, right, today).problems)
    most = found + WRONG_ANSWERS
    for name in right:
        kind = plan.questions[name].type
        if found == most or not (kind in UNANSWERABLE or kind in TEXTS):
            continue
        tried = {**wrong, name: UNANSWERABLE.get(kind, "\n")}
        problems = len(evaluate(plan, tried, today).problems)
        if problems == found + 1:
            wrong, found = tried, problems
    return wrong


def release_of(items: int, size: int) -> dict[str, Any]:
    """A release of so many synthetic items, `item_0` and so on, of so many fields each."""
    names = [f"item_{number}" for number in range(items)]
    made = {name: make_form(size, name).item for name in names}
    return {"format": 1, "service": SERVICE, "definitions": _definitions(made)}


def _definitions(items: Mapping[str, Any]) -> dict[str, Any]:
    """A bundle of these items and the service that they are."""
    service = {
        "kind": "service",
        "id": SERVICE,
        "title": text("服务", 1),
        "summary": text("服务", 1),
        "lead": "office",
        "audience": ["person"],
        "subjects": {"applicant": {"kind": "person"}},
        "applicant": ["applicant"],
        "items": {name: {"use": name, "subjects": {}} for name in items},
    }
    return {
        f"service/{SERVICE}": service,
        "elements/person": library().sources["elements/person"],
        "elements/party": library().sources["elements/party"],
        **{f"item/{name}": item for name, item in items.items()},
    }
