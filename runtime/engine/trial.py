"""Runs a case as an applicant would: situation, prefill, answers; then looks what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from definitions.cases import Case, Outcome, SignedIn, cases, compare
from definitions.combine.model import Asked, Calculated, Fixed, Rows
from definitions.model import Step
from definitions.plan import Plan
from definitions.plan.conditions import condition
from definitions.problems import Problem
from runtime.engine.charges import charges
from runtime.engine.form import FormState, evaluate
from runtime.engine.materials import Paper, papers
from runtime.engine.prefill import Identity, Prefill, apply, offers

HAPPY: Mapping[str, str] = {
    "review": "approved",
    "task": "done",
    "sign": "signed",
    "connector": "done",
    "payment": "paid",
    "notice": "done",
    "issue": "issued",
}
"""How a step of each kind ends when nothing goes wrong."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A case that was run: the outcome, and all that it was read from."""

    case: Case
    outcome: Outcome
    answers: Mapping[str, Any]
    state: FormState
    prefill: Prefill
    papers: tuple[Paper, ...]

    @property
    def problems(self) -> list[Problem]:
        """How the outcome differs from what the case expects."""
        return compare(self.case, self.outcome)


def run_cases(plan: Plan) -> list[Trial]:
    """Every case of a plan's service, run; a release with a failing one is not published."""
    return [trial(plan, case) for case in cases(plan.service)]


def trial(plan: Plan, case: Case) -> Trial:
    """Run one case. What a person answers in it is never overwritten by a source."""
    typed = _answers(plan, case)
    prefill = offers(plan, typed, case.licenses, case.today, _identity(case.signed_in))
    answers = apply(typed, prefill.values)
    state = evaluate(plan, answers, case.today)
    found = papers(plan, state, case.licenses, answers, case.today)
    outcome = Outcome(
        items=state.active,
        asked=frozenset(_asked(state)),
        prefilled={control: offer.value for control, offer in prefill.values.items()},
        papers=_unique(paper.material for paper in found if paper.to_hand_in),
        not_needed=_unique(paper.material for paper in found if not paper.asking),
        steps={use: steps_that_run(plan, state, use) for use in state.active},
        charges={charge.id: charge.amount for charge in charges(plan, state)},
        problems=tuple(state.problems),
    )
    return Trial(case, outcome, answers, state, prefill, tuple(found))


def _unique(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _identity(signed_in: SignedIn | None) -> Identity | None:
    if signed_in is None:
        return None
    return Identity(signed_in.id_number, signed_in.name, signed_in.credit_code, signed_in.subject)


def _asked(state: FormState) -> list[str]:
    """Questions and cells; a column of a table by its own too, as `<table>/<column>`."""
    cells = [
        name
        for table, rows in state.columns.items()
        for row, columns in rows.items()
        for column in columns
        for name in (f"{table}/{row}/{column}", f"{table}/{column}")
    ]
    return [*state.asked, *cells]


def _answers(plan: Plan, case: Case) -> dict[str, Any]:
    """Answers by question id; a case may also name a situation question or `<use>.<field>`."""
    situation = plan.combination.situation
    answers = {situation.get(name, name): value for name, value in case.situation.items()}
    for name, value in case.answers.items():
        question, columns = _question(plan, name)
        answers[question] = _rows(value, columns) if isinstance(value, list) else value
    return answers


def _question(plan: Plan, name: str) -> tuple[str, Mapping[str, str]]:
    """The question that a name means, and its columns by the names that a case may use."""
    use, _, path = name.partition(".")
    if name in plan.questions or use not in plan.items:
        return name, {}
    match plan.items[use].readings.get(path):
        case Asked(question) | Calculated(question) | Fixed(question, _):
            return question, {}
        case Rows(question, columns):
            return question, columns
    return name, {}


def _rows(value: list[Any], columns: Mapping[str, str]) -> list[Any]:
    """Rows with ids; what isn't a row stays as it is."""
    return [
        {
            "$row": f"r{number}",
            **{columns.get(name, name): cell for name, cell in row.items()},
        }
        if isinstance(row, Mapping)
        else row
        for number, row in enumerate(value, 1)
    ]


def steps_that_run(plan: Plan, state: FormState, use: str) -> tuple[str, ...]:
    """The steps of an item that would run with these answers if every step ended well."""
    steps = plan.items[use].item.steps
    view = dict(state.views[use])
    for step in steps.values():
        view[f"steps.{step.id}.outcome"] = HAPPY[step.kind]
    return tuple(step.id for step in steps.values() if _runs(step, view))


def _runs(step: Step, view: dict[str, Any]) -> bool:
    when, _ = condition(step.when)
    return when is None or when(view)
