"""Cases: what a service is expected to do, and how it differs when it does something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from definitions.model import License, Service, Text
from definitions.problems import Problem


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who fills the form in a case, for which enterprise and as which subject."""

    id_number: str
    name: str = ""
    credit_code: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what is given, and what is expected, as written."""

    id: str
    title: Text
    today: date
    signed_in: SignedIn | None = None
    licenses: tuple[License, ...] = ()
    situation: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service did. Questions and cells by control, papers by material, fees by use.fee."""

    items: tuple[str, ...]
    asked: frozenset[str]
    prefilled: Mapping[str, Any]
    papers: tuple[str, ...]
    not_needed: tuple[str, ...]
    steps: Mapping[str, tuple[str, ...]]
    charges: Mapping[str, int | None]
    problems: tuple[Problem, ...]


def cases(service: Service) -> list[Case]:
    """The cases that a service carries."""
    return [_case(name, raw) for name, raw in service.cases.items()]


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    given = raw.get("given", {})
    return Case(
        id=name,
        title=raw.get("title", {"zh-CN": name}),
        today=date.fromisoformat(given["today"]),
        signed_in=_signed_in(given.get("signed_in")),
        licenses=tuple(_license(one) for one in given.get("licenses", ())),
        situation=given.get("situation", {}),
        answers=given.get("answers", {}),
        expect=raw.get("expect", {}),
    )


def _signed_in(raw: Mapping[str, Any] | None) -> SignedIn | None:
    if raw is None:
        return None
    person = raw.get("person", {})
    return SignedIn(
        person.get("id_number", ""), person.get("name", ""), raw.get("for", ""), raw.get("as", "")
    )


def _license(raw: Mapping[str, Any]) -> License:
    return License(**{"number": "", "data": {}, **raw})


def compare(case: Case, outcome: Outcome) -> list[Problem]:
    """How an outcome differs from what a case expects, one problem for each difference.

    Items, papers and problems are expected exactly; what is asked, prefilled and charged, only as
    far as the case names it.
    """
    return [
        *_exactly("items", case, "items", outcome.items),
        *_exactly("papers", case, "papers", outcome.papers),
        *_among(case, outcome),
        *_equal(case, "prefilled", outcome.prefilled),
        *_equal(case, "charges", outcome.charges),
        *_steps(case, outcome),
        *_problems(case, outcome),
    ]


def _problem(case: Case, code: str, **params: Any) -> Problem:
    return Problem(f"case.{code}", f"cases/{case.id}", params)


def _exactly(code: str, case: Case, key: str, found: tuple[str, ...]) -> Iterator[Problem]:
    wanted = case.expect.get(key)
    if wanted is None:
        return
    for name in sorted(set(wanted) - set(found)):
        yield _problem(case, f"{code}_lacking", name=name)
    for name in sorted(set(found) - set(wanted)):
        yield _problem(case, f"{code}_unexpected", name=name)


def _among(case: Case, outcome: Outcome) -> Iterator[Problem]:
    for name in case.expect.get("asked", ()):
        if name not in outcome.asked:
            yield _problem(case, "not_asked", name=name)
    for name in case.expect.get("not_asked", ()):
        if name in outcome.asked:
            yield _problem(case, "asked", name=name)
    for name in case.expect.get("not_needed", ()):
        if name not in outcome.not_needed:
            yield _problem(case, "needed", name=name)


def _equal(case: Case, key: str, found: Mapping[str, Any]) -> Iterator[Problem]:
    for name, wanted in case.expect.get(key, {}).items():
        if name not in found:
            yield _problem(case, f"{key}_lacking", name=name, wanted=wanted)
        elif found[name] != wanted:
            yield _problem(case, f"{key}_differs", name=name, wanted=wanted, found=found[name])


def _steps(case: Case, outcome: Outcome) -> Iterator[Problem]:
    for use, wanted in case.expect.get("steps", {}).items():
        found = outcome.steps.get(use, ())
        if set(found) != set(wanted):
            words = {"wanted": ", ".join(wanted), "found": ", ".join(found)}
            yield _problem(case, "steps_differ", name=use, **words)


def _problems(case: Case, outcome: Outcome) -> Iterator[Problem]:
    wanted = {(one["code"], one.get("where", "")) for one in case.expect.get("problems", ())}
    found = {(one.code, one.where) for one in outcome.problems}
    for code, where in sorted(wanted - found):
        yield _problem(case, "problem_lacking", name=code, place=where)
    for code, where in sorted(found - wanted):
        yield _problem(case, "problem_unexpected", name=code, place=where)
