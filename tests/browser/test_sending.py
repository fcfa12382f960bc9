"""Sending twice makes one application and says so; going back breaks nothing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import to_the_household_check
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
NAME = "何家俊"
REPEATED = "之前已经提交过"


def number(resident: Visitor) -> str:
    """The number on the receipt."""
    return resident.page.locator(".receipt-number").inner_text()


def sent(resident: Visitor) -> int:
    """How many of the person's applications are not drafts any more."""
    resident.go("/applications")
    return resident.page.locator("[aria-labelledby=sent] li").count()


def test_sending_from_two_tabs_makes_one_application(arrive: Arrive) -> None:
    resident = arrive("desk")
    to_the_household_check(resident)
    other = resident.another_tab()
    resident.signs(NAME)
    resident.arrives("已提交")
    other.signs(NAME)
    other.arrives(REPEATED)
    assert number(other) == number(resident)


def test_two_clicks_make_one_application(arrive: Arrive) -> None:
    resident = arrive("phone")
    to_the_household_check(resident)
    resident.page.get_by_label("我已看过并同意").check()
    resident.page.get_by_role("textbox", name="签名").fill(NAME)
    resident.page.get_by_role("button", name="签名并提交").dblclick(no_wait_after=True)
    resident.page.wait_for_url("**/done*")
    resident.look()
    assert number(resident)
    resident.sees("办件编号")


def test_going_back_after_sending_leads_to_the_same_receipt(arrive: Arrive) -> None:
    resident = arrive("phone", scripts=False)
    to_the_household_check(resident)
    resident.signs(NAME)
    first = number(resident)
    resident.page.go_back()
    resident.look()
    resident.sees(first)
    assert resident.page.get_by_role("button", name="签名并提交").count() == 0


def test_going_back_from_the_check_finds_the_form_as_it_was(arrive: Arrive) -> None:
    resident = arrive("desk")
    to_the_household_check(resident)
    resident.page.go_back()
    resident.look()
    resident.arrives("材料")
    resident.page.go_back()
    resident.look()
    assert resident.page.get_by_label("最大日用水量").input_value() == "2"


def test_what_is_missing_at_the_signature_is_told(arrive: Arrive) -> None:
    resident = arrive("phone")
    to_the_household_check(resident)
    resident.press("签名并提交")
    assert len(resident.problems) == 2
    assert resident.page.title().startswith("有错误")
    resident.signs("别人")
    assert len(resident.problems) == 1


def test_an_answer_is_changed_from_the_check(arrive: Arrive) -> None:
    resident = arrive("desk")
    to_the_household_check(resident)
    row = resident.page.locator(".summary-row", has_text="最大日用水量")
    with resident.page.expect_navigation():
        row.first.get_by_role("link").click()
    resident.look()
    resident.answer("最大日用水量", "3")
    resident.press("保存并继续")
    resident.arrives("核对并签名")
    assert "3" in resident.page.locator(".summary-row", has_text="最大日用水量").first.inner_text()
