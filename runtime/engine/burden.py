"""Burden: what the departments ask for separately, what one form asks, what a person must type."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from definitions.cases import Case, cases
from definitions.model import Field
from definitions.plan import ItemPlan, Plan
from runtime.engine.form import FormState
from runtime.engine.meaning import value_at
from runtime.engine.trial import Trial, trial

_ANY_DAY = date(2000, 1, 1)
"""The day on which a form without cases is looked at; a case brings its own."""


@dataclass(frozen=True, slots=True)
class Burden:
    """Fields are controls: a table counts its columns once per row. Papers count per row too.

    `fields_after` are the questions asked, those of the situation and those that are prefilled
    included. `prefilled` are facts that nobody types; `typed` are the others that have to be
    answered or were.
    """

    fields_before: int
    fields_after: int
    prefilled: int
    typed: int
    papers_before: int
    papers_after: int


def burden(plan: Plan) -> dict[str, int]:
    """The burden of a service's first case by name of the figure; of a blank form without cases."""
    known = cases(plan.service) or [Case("", plan.service.title, _ANY_DAY)]
    return asdict(burden_of(plan, trial(plan, known[0])))


def burden_of(plan: Plan, tried: Trial) -> Burden:
    """The burden of one case that was run."""
    state, answers = tried.state, tried.answers
    after = controls(plan, state)
    filled = {one for one in after if one in tried.prefill.values}
    typed = {
        control
        for control in after
        if control not in filled
        and (control in state.required or value_at(answers, control) is not None)
    }
    return Burden(
        fields_before=sum(
            _alone(plan.items[use], state, use, tried.case.today) for use in state.active
        ),
        fields_after=len(after),
        prefilled=len(filled),
        typed=len(typed),
        papers_before=sum(len(paper.asks) for paper in tried.papers),
        papers_after=sum(paper.to_hand_in for paper in tried.papers),
    )


def controls(plan: Plan, state: FormState) -> list[str]:
    """Every control that takes an answer: a table as its cells, once if it has no row yet."""
    found = []
    for name in state.asked:
        question = plan.questions[name]
        if not question.columns:
            found.append(name)
            continue
        rows = state.columns.get(name) or {"": tuple(question.columns)}
        found += [
            f"{name}/{row}/{column}"
            for row, columns in rows.items()
            for column in columns
            if question.columns[column].takes_answer
        ]
    return found


def _alone(item: ItemPlan, state: FormState, use: str, today: date) -> int:
    """How many fields an item would ask by itself, given what it receives here."""
    run = item.alone.run(state.slices(use), today)
    fields = item.item.form.fields
    worked_out = {rule.set for rule in item.item.form.rules.values()}
    count = 0
    for name in run.shown:
        if fields[name].columns:
            rows = run.cells.get(name) or {"": frozenset(fields[name].columns)}
            count += sum(_answered(fields[name], columns) for columns in rows.values())
        else:
            count += _takes_answer(fields[name], worked_out)
    return count


def _answered(table: Field, columns: frozenset[str]) -> int:
    worked_out = {rule.set for rule in table.rules.values()}
    return sum(_takes_answer(table.columns[name], worked_out) for name in columns)


def _takes_answer(form_field: Field, worked_out: set[str | None]) -> bool:
    return form_field.id not in worked_out and form_field.type not in ("note", "computed")
