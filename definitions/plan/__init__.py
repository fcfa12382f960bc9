"""From a release to a plan: everything that can be worked out before a request is.

    plan = compile_plan(release, release_id)
    plan.questions, plan.sections       # what to render
    plan.program                        # what `runtime.engine.form` runs

A plan is immutable and may be shared; it is named by the hash of its release, so that nothing
ever has to be thrown away because it changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.combine import Combination, PlanSection, Question, combine
from definitions.model import Fee, Library
from definitions.plan.compiler import NoPlan, program
from definitions.plan.conditions import condition
from definitions.plan.model import ItemPlan, Plan, PlanFee, PlanMaterial
from definitions.plan.papers import papers
from definitions.plan.process import PlanStep, Process, compile_process
from definitions.plan.program import Program
from definitions.problems import errors
from definitions.reader import read_bundle
from definitions.rules import compile_rule


def compile_plan(release: Mapping[str, Any], release_id: str) -> Plan:
    """The plan of a release. Raises NoPlan with every problem of one that should not be there."""
    library = read_bundle(release["definitions"])
    found = errors(list(library.problems))
    if found:
        raise NoPlan(found)
    return plan_of(library, release["service"], release_id)


def plan_of(library: Library, service_id: str, release_id: str = "") -> Plan:
    """The plan of a service in a library that isn't released yet.

    Raises NoPlan when the items can't be one form, KeyError when there is no such service.
    """
    combination = combine(library, service_id)
    found = errors(list(combination.problems))
    if found:
        raise NoPlan(found)
    return _plan(combination, release_id)


def _plan(combination: Combination, release_id: str) -> Plan:
    service = combination.service
    items = {
        use: ItemPlan(
            service.uses[use],
            item,
            combination,
            combination.later.get(use, {}),
            combination.readings[use],
            tuple(_fee(fee) for fee in item.fees.values()),
        )
        for use, item in combination.items.items()
    }
    questions = combination.questions
    situation = tuple(dict.fromkeys(combination.situation.values()))
    laid_out = {name for section in combination.sections for name in section.questions}
    answerable = frozenset(name for name, question in questions.items() if question.takes_answer)
    return Plan(
        id=release_id,
        library=combination.library,
        service=service,
        combination=combination,
        questions=questions,
        sections=combination.sections,
        items=items,
        situation=situation,
        aside=tuple(name for name in situation if name not in laid_out),
        materials=papers(combination),
        program=program(combination),
        process=compile_process(combination),
        answerable=answerable,
        told=frozenset(questions) - answerable,
        warnings=combination.problems,
    )


def _fee(fee: Fee) -> PlanFee:
    amount = None if fee.amount is None else compile_rule(fee.amount).fn
    return PlanFee(fee, condition(fee.when)[0], amount)


__all__ = [
    "ItemPlan",
    "NoPlan",
    "Plan",
    "PlanFee",
    "PlanMaterial",
    "PlanSection",
    "PlanStep",
    "Process",
    "Program",
    "Question",
    "compile_plan",
    "plan_of",
]
