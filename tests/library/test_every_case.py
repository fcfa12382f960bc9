"""Every case of every service that ships comes true, and one form asks less than many."""

from __future__ import annotations

from functools import cache

import pytest
from jsonschema import Draft202012Validator

from definitions.bundle_schema import service_schema
from definitions.cases import cases
from definitions.plan import Plan, compile_plan, plan_of
from definitions.reader import load_library
from definitions.release import make_release
from definitions.wording import say
from runtime.engine.burden import burden
from runtime.engine.trial import trial

LIBRARY = load_library()
CASES = [(name, case.id) for name, one in LIBRARY.services.items() for case in cases(one)]


@cache
def plan(service: str) -> Plan:
    return plan_of(LIBRARY, service)


@pytest.mark.parametrize(("service", "case"), CASES, ids="/".join)
def test_every_case_comes_true(service: str, case: str) -> None:
    [found] = [one for one in cases(plan(service).service) if one.id == case]
    assert [say(problem, "en") for problem in trial(plan(service), found).problems] == []


@pytest.mark.parametrize(("service", "case"), CASES, ids="/".join)
def test_what_every_case_answers_fits_the_plain_schema_of_the_form(service: str, case: str) -> None:
    [found] = [one for one in cases(plan(service).service) if one.id == case]
    validator = Draft202012Validator(service_schema(plan(service)))
    assert [error.message for error in validator.iter_errors(dict(found.answers))] == []


@pytest.mark.parametrize("service", LIBRARY.services)
def test_a_service_has_cases_for_its_branches(service: str) -> None:
    assert len(cases(LIBRARY.services[service])) >= 6


@pytest.mark.parametrize("service", LIBRARY.services)
def test_one_form_asks_less_than_the_departments_would(service: str) -> None:
    found = burden(plan(service))
    assert found["typed"] < found["fields_after"] < found["fields_before"]
    assert found["papers_after"] < found["papers_before"]


def test_a_restaurant_owner_types_at_most_about_a_third() -> None:
    found = burden(plan("open_restaurant"))
    assert found["typed"] <= 0.35 * found["fields_before"]


@pytest.mark.parametrize("item", LIBRARY.items)
def test_every_item_stands_on_its_own(item: str) -> None:
    release = make_release(LIBRARY, item)
    assert compile_plan(release.content, release.id).questions
