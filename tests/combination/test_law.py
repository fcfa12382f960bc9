"""The law of combination.

The form is submitted only if each active item's slice passes its own bundled schema, later answers
left out, and its own rules; each slice holds only fields that its own rules show; when later
answers arrive, the complete slice passes before the step starts.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from definitions.bundle_schema import item_schema, service_schema
from definitions.combine.model import Asked
from definitions.plan import Plan
from runtime.engine.completion import complete
from runtime.engine.form import FormState, evaluate
from tests.combination import naive
from tests.combination.factory import TODAY, library, plan_of
from tests.combination.generated import Maker, answers, value

EXAMPLES = 150


def _plan(rng: Random) -> Plan:
    return plan_of(library(*Maker(rng).definitions()), "service")


def _later(plan: Plan, state: FormState, use: str) -> set[str]:
    """Paths that an active earlier item will answer."""
    return {
        path
        for path, sources in plan.items[use].later.items()
        if any(source.use in state.active for source in sources)
    }


def _valid(schema: dict[str, Any], instance: Any) -> list[str]:
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(instance)]


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**9))
def test_what_can_be_submitted_is_what_each_item_accepts(seed: int) -> None:
    rng = Random(seed)
    plan = _plan(rng)
    for spoilt in (0, 0, 0, 4):
        given_answers = answers(plan, rng, spoilt)
        state = evaluate(plan, given_answers, TODAY)
        for use in state.active:
            item = plan.items[use].item
            later = _later(plan, state, use)
            wrong = _valid(item_schema(item, later), state.slices(use))
            wrong += naive.faults(item, state.slices(use), later)
            assert state.problems or not wrong, (use, wrong)


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**9))
def test_a_slice_holds_only_what_its_own_rules_show(seed: int) -> None:
    rng = Random(seed)
    plan = _plan(rng)
    state = evaluate(plan, answers(plan, rng, 10), TODAY)
    for use in state.active:
        item = plan.items[use].item
        received = state.slices(use)
        assert received.keys() <= item.form.fields.keys()
        assert not any("hidden" in fault for fault in naive.faults(item, received, set()))
        assert not received.keys() & _later(plan, state, use)


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**9))
def test_later_answers_make_a_slice_complete(seed: int) -> None:
    rng = Random(seed)
    plan = _plan(rng)
    state = evaluate(plan, answers(plan, rng, 0), TODAY)
    for use in state.active:
        item = plan.items[use].item
        values = {path: _value(plan, use, path, rng) for path in _later(plan, state, use)}
        whole, problems = complete(plan, use, state.slices(use), values, TODAY)
        wrong = _valid(item_schema(item), whole) + naive.faults(item, whole, set())
        assert problems or not wrong, (use, wrong)


def _value(plan: Plan, use: str, path: str, rng: Random) -> Any:
    readings = plan.items[use].readings
    name, _, column = path.partition(".")
    reading = readings[name].columns[column] if column else readings[name]  # type: ignore[union-attr]
    assert isinstance(reading, Asked) or reading
    question = getattr(reading, "question", "")
    if question:
        return value(plan.questions[question], rng)
    table = plan.questions[reading.table]  # type: ignore[union-attr]
    return value(table.columns[reading.column], rng)  # type: ignore[union-attr]


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**9))
def test_items_that_mean_the_same_read_the_same(seed: int) -> None:
    rng = Random(seed)
    plan = _plan(rng)
    state = evaluate(plan, answers(plan, rng, 0), TODAY)
    seen: dict[tuple[str, tuple[str, ...]], Any] = {}
    for use in state.active:
        subjects = plan.items[use].use.subjects
        received = state.slices(use)
        for name, field in plan.items[use].item.form.fields.items():
            asked = isinstance(plan.items[use].readings[name], Asked)
            if asked and field.element and name in received:
                bound = tuple(sorted(subjects[one] for one in field.about))
                key = field.element, bound
                assert seen.setdefault(key, received[name]) == received[name]


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**9))
def test_a_form_without_problems_passes_the_schema_of_the_one_form(seed: int) -> None:
    rng = Random(seed)
    plan = _plan(rng)
    given_answers = answers(plan, rng, 0)
    state = evaluate(plan, given_answers, TODAY)
    schema = service_schema(plan)
    Draft202012Validator.check_schema(schema)
    if not state.problems:
        asked = {name: given_answers[name] for name in state.asked if name in given_answers}
        for table, columns in state.columns.items():
            asked[table] = [
                {one: row[one] for one in row if one in ("$row", *columns[row["$row"]])}
                for row in asked.get(table, ())
            ]
        assert not _valid(schema, asked)
