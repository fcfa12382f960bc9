"""Sources that fail are named and cost nobody the form; what they know may be disputed."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.product import Product
from tests.browser.shortcuts import to_the_restaurant_form
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
SILENT = "有的来源没有回应"
OFFICE = "香洲区市场监管局"
"""What she types while nobody says better; it stays hers."""
FACT = "营业执照，2021年5月20日签发"


@pytest.mark.parametrize("fault", ["down", "late", "wrong", "errors"])
def test_failing_sources_are_named_and_asked_again(
    arrive: Arrive, failing: Product, fault: str
) -> None:
    failing.fault(fault)
    owner = arrive("phone" if fault in ("down", "wrong") else "desk")
    to_the_restaurant_form(owner)
    owner.sees(SILENT)
    owner.does_not_see(FACT)
    owner.saves("登记机关", OFFICE)
    failing.heal()
    owner.press("再查一次")
    owner.does_not_see(SILENT)
    owner.sees(FACT)
    assert owner.question("登记机关").locator("input").first.input_value() == OFFICE


def test_sources_that_are_back_answer_whoever_asks_again(arrive: Arrive, failing: Product) -> None:
    failing.fault("down")
    owner = arrive("desk")
    to_the_restaurant_form(owner)
    for _ in range(3):
        owner.press("再查一次")
        owner.sees(SILENT)
    failing.heal()
    owner.press("再查一次")
    owner.does_not_see(SILENT)
    owner.sees(FACT)


def test_one_source_is_down_and_the_other_answers(arrive: Arrive, failing: Product) -> None:
    failing.fault("down", "province")
    owner = arrive("desk", scripts=False)
    to_the_restaurant_form(owner)
    owner.sees(SILENT)
    owner.press("再查一次")
    owner.sees(SILENT)


def dispute(owner: Visitor) -> None:
    """Say that the company's scope of business is wrong, and what it is."""
    question = owner.question("经营范围")
    owner.press("这不对", question)
    if owner.scripts:
        owner.saves("经营范围", "餐饮服务")
    else:
        owner.answer("经营范围", "餐饮服务")
        owner.press("保存并继续")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_fact_is_disputed_and_restored(arrive: Arrive, scripts: bool) -> None:
    owner = arrive("desk", scripts)
    to_the_restaurant_form(owner)
    dispute(owner)
    owner.go(f"/applications/{owner.application}/form")
    question = owner.question("经营范围")
    assert question.locator("input, textarea").first.input_value() == "餐饮服务"
    assert FACT.partition("，")[0] in question.inner_text()
    owner.press("恢复原值", question)
    assert "食品销售" in owner.question("经营范围").inner_text()
    assert owner.question("经营范围").locator("input, textarea").count() == 0
