"""Cases run as an applicant would fill the form, and what differs is said; charges and burden."""

from __future__ import annotations

from typing import Any

from definitions.plan import Plan
from definitions.wording import say
from runtime.engine.burden import burden
from runtime.engine.charges import charges, total
from runtime.engine.form import evaluate
from runtime.engine.reasons import why
from runtime.engine.trial import run_cases
from tests.combination.factory import (
    TODAY,
    Raw,
    equals,
    item,
    leaf,
    meaning,
    plan,
    service,
    text,
    use,
    var,
)
from tests.engine.test_prefill import CARD

WHO: Raw = {"who": {"kind": "person"}}
ANN: Raw = {"ann": {"kind": "person"}}
STEP: Raw = {"kind": "review", "title": text("s"), "after": []}
GIVEN: Raw = {
    "today": "2026-11-23",
    "signed_in": {"person": {"id_number": "K1", "name": "安"}},
    "licenses": [{"type": "card", "holder": "K1", "data": {"姓名": "安", "号码": "K1"}}],
    "situation": {"big": True},
    "answers": {"ann.e.key": "K1", "b.count": 7},
}


def made(expect: Raw, **given: Any) -> Plan:
    one = item("one", WHO, {"key": meaning("e.key", "who"), "name": meaning("e.name", "who")})
    fees = {
        "sum": {"title": text("sum"), "amount": {"*": [var("count"), 100]}},
        "never": {"title": text("never"), "amount": 5, "when": equals("count", 0)},
        "tax": {"title": text("tax"), "from": "tax.quote", "payer": "who"},
    }
    steps = {
        "check": STEP,
        "skip": {**STEP, "after": ["check"], "when": {">": [var("count"), 9]}},
        "issue": {
            "kind": "issue",
            "title": text("i"),
            "after": ["check"],
            "when": equals("steps.check.outcome", "approved"),
        },
    }
    fields = {"name": meaning("e.name", "who"), "count": leaf("integer")}
    two = item("two", WHO, fields, ["count"], fees=fees, steps=steps)
    uses = {
        "a": use("one", {"who": "ann"}),
        "b": use("two", {"who": "ann"}, when=equals("big", True)),
    }
    situation = {"questions": {"big": leaf("boolean")}, "order": ["big"]}
    case = {"title": text("case"), "given": {**GIVEN, **given}, "expect": expect}
    return plan(one, two, service(ANN, uses, situation=situation, cases={"c": case}), CARD)


GOOD: Raw = {
    "items": ["a", "b"],
    "asked": ["b.count"],
    "not_asked": ["c.count"],
    "prefilled": {"ann.e.name": "安"},
    "papers": [],
    "steps": {"b": ["check", "issue"]},
    "charges": {"b.sum": 700},
}


def test_a_case_that_comes_true_has_no_problem() -> None:
    [found] = run_cases(made(GOOD))
    assert found.problems == []
    assert found.outcome.charges == {"b.sum": 700, "b.tax": None}


def test_every_difference_is_said_in_words() -> None:
    wrong: Raw = {
        "items": ["a", "c"],
        "asked": ["c.count"],
        "not_asked": ["b.count"],
        "prefilled": {"ann.e.name": "波", "b.count": 7},
        "papers": ["lease"],
        "not_needed": ["card"],
        "steps": {"b": ["check"]},
        "charges": {"b.sum": 1, "b.never": 5},
        "problems": [{"code": "answer.missing", "where": "/b.count"}],
    }
    [found] = run_cases(made(wrong))
    assert len(found.problems) == 12
    for problem in found.problems:
        for lang in ("zh-CN", "en"):
            assert say(problem, lang) != problem.code
            assert "{" not in say(problem, lang)


def test_a_problem_that_nobody_expects_is_a_difference() -> None:
    [found] = run_cases(made({}, answers={}))
    [problem] = found.problems
    assert problem.code == "case.problem_unexpected"


def test_burden_counts_what_departments_ask_and_what_is_left() -> None:
    assert burden(made(GOOD)) == {
        "fields_before": 4,
        "fields_after": 4,
        "prefilled": 2,
        "typed": 2,
        "papers_before": 0,
        "papers_after": 0,
    }


def test_a_charge_is_worked_out_or_waits_for_its_quote() -> None:
    plan_ = made(GOOD)
    state = evaluate(plan_, {"situation.big": True, "b.count": 3}, TODAY)
    found = charges(plan_, state)
    assert [(one.id, one.amount, one.source, one.payer) for one in found] == [
        ("b.sum", 300, "", ""),
        ("b.tax", None, "tax.quote", "ann"),
    ]
    assert total(found) == (300, False)


def test_a_question_can_say_why_it_is_asked() -> None:
    plan_ = made(GOOD)
    state = evaluate(plan_, {"situation.big": True}, TODAY)
    assert [(one.use, one.effect) for one in why(plan_, state, "b.count")] == [
        ("b", "shows"),
        ("b", "requires"),
    ]
    hidden = evaluate(plan_, {"situation.big": False}, TODAY)
    [reason] = why(plan_, hidden, "b.count")
    assert (reason.effect, reason.when) == ("inactive", equals("big", True))
