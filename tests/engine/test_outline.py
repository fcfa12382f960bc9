"""What a situation leads to: items, papers and days, before anything is filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from definitions.plan import Plan
from runtime.engine.outline import outline
from tests.journey.world import released

TODAY = date(2026, 11, 24)
LEASE, LOAN, KITCHEN = "租赁合同", "无偿使用证明", "中央厨房（集体用餐配送）布局和检验能力说明"


@pytest.fixture(scope="module")
def restaurant() -> Plan:
    return released("open_restaurant")[1]


def papers(plan: Plan, **answers: Any) -> set[str]:
    names = {
        "licence": "situation.has_license",
        "tenure": "premises.premises.tenure",
        "kitchen": "premises.food.central_kitchen",
    }
    given = {names[name]: value for name, value in answers.items()}
    return {one.title["zh-CN"] for one in outline(plan, given, TODAY).papers}


def test_papers_that_may_still_be_asked_for_are_named(restaurant: Plan) -> None:
    assert {LEASE, LOAN, KITCHEN} <= papers(restaurant, licence=True)


def test_papers_that_the_answers_rule_out_are_not(restaurant: Plan) -> None:
    leased = papers(restaurant, licence=True, tenure="leased", kitchen=False)
    assert LEASE in leased
    assert not {LOAN, KITCHEN} & leased
    assert KITCHEN in papers(restaurant, licence=True, kitchen=True)


def test_items_that_are_not_active_ask_for_nothing(restaurant: Plan) -> None:
    assert not {LEASE, LOAN} & papers(restaurant)
