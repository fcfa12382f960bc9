"""What is recorded in a step: a form of its own, asked, read and judged like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from definitions.model import Form, Item, Service, Use
from definitions.plan import Plan, PlanStep, plan_of
from definitions.problems import Problem
from runtime.engine.form import FormState, evaluate
from runtime.journey.answers import Posted, read
from runtime.kept import Kept

NAME = "record"
"""The one item of such a form: its questions are called `record.<field>`."""

_kept: Kept[tuple[str, str], Plan] = Kept(most=256)


@dataclass(frozen=True)
class Recording:
    """A step's form with what somebody has put into it.

    `typed` is what could not be read, by control, as it was typed; `unread` says why.
    """

    plan: Plan
    answers: Mapping[str, Any]
    today: date
    typed: Mapping[str, Sequence[str]]
    unread: tuple[Problem, ...] = ()

    @cached_property
    def state(self) -> FormState:
        """The form, judged as it stands."""
        return evaluate(self.plan, self.answers, self.today)

    def problems(self, *, complete: bool) -> tuple[Problem, ...]:
        """What is wrong with it; that something is missing counts only when it must be complete."""
        wrong = [one for one in self.state.problems if complete or one.code != "answer.missing"]
        unread = {one.where for one in self.unread}
        return (*self.unread, *(one for one in wrong if one.where not in unread))

    @property
    def values(self) -> dict[str, Any]:
        """What is recorded, by the names of the step's form."""
        return self.state.slices(NAME)


def recording(plan: Plan, step: PlanStep, posted: Posted, today: date) -> Recording | None:
    """What was posted into a step's form; None where it records nothing."""
    if step.form is None:
        return None
    form = _kept.get((plan.id, step.id), lambda: _form_of(plan, step))
    reading = read(form, form.answerable, posted)
    return Recording(form, reading.given, today, reading.unread, tuple(reading.problems))


def _form_of(plan: Plan, step: PlanStep) -> Plan:
    """A plan of one item, whose form is what the step records."""
    own = plan.items[step.use].item
    title, form = step.step.title, _of_nobody(step.form or Form({}))
    item = Item(NAME, title, own.department, {}, form)
    service = Service(
        id=NAME,
        title=title,
        lead=own.department,
        subjects={},
        applicant=(),
        uses={NAME: Use(NAME, NAME)},
        situation=Form({}),
    )
    library = replace(plan.library, services={NAME: service}, items={NAME: item}, sources={})
    return plan_of(library, NAME, f"{plan.id}/{step.id}")


def _of_nobody(form: Form) -> Form:
    """The same form, about nobody: what is recorded stands under its own names."""
    fields = {
        name: replace(
            one,
            about=(),
            columns={key: replace(column, about=()) for key, column in one.columns.items()},
        )
        for name, one in form.fields.items()
    }
    return replace(form, fields=fields)
