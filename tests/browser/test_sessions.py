"""A session that ends in the middle, another device, two tabs: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import to_the_household_form
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
End = Callable[[Visitor, Arrive], None]
NAME = "何家俊"
DAILY, FLOW = "最大日用水量", "带宽需求"


def typed(visitor: Visitor, title: str) -> str:
    """What stands in a box."""
    return visitor.question(title).locator("input").first.input_value()


def sign_out_elsewhere(visitor: Visitor, arrive: Arrive) -> None:
    """End the session on the server: the browser still has its cookie."""
    other = arrive("desk")
    other.page.context.add_cookies(visitor.page.context.cookies())
    other.go("/")
    other.press("退出")


def lose_the_cookie(visitor: Visitor, _: Arrive) -> None:
    """The browser forgets who it is."""
    visitor.page.context.clear_cookies()


ENDINGS = pytest.mark.parametrize("end", [sign_out_elsewhere, lose_the_cookie])


def back_to_the_form(resident: Visitor) -> None:
    """Sign in again, and go on with what was being sent."""
    resident.signs_in(NAME)
    resident.arrives("接着办")
    resident.press("继续保存")


@ENDINGS
def test_what_was_being_autosaved_is_kept(arrive: Arrive, end: End) -> None:
    resident = arrive("desk")
    to_the_household_form(resident)
    form = resident.page.url
    end(resident, arrive)
    with resident.page.expect_navigation():
        resident.answer(DAILY, "7")
    resident.look()
    resident.sees("登录")
    back_to_the_form(resident)
    resident.go(form)
    assert typed(resident, DAILY) == "7"


@ENDINGS
def test_what_was_posted_without_scripts_is_kept(arrive: Arrive, end: End) -> None:
    resident = arrive("phone", scripts=False)
    to_the_household_form(resident)
    end(resident, arrive)
    resident.answers({DAILY: "7", FLOW: "300Mbps"})
    resident.press("保存并继续")
    back_to_the_form(resident)
    assert typed(resident, DAILY) == "7"
    assert typed(resident, FLOW) == "300Mbps"


def test_somebody_else_does_not_get_what_was_kept(arrive: Arrive) -> None:
    resident = arrive("desk", scripts=False)
    to_the_household_form(resident)
    lose_the_cookie(resident, arrive)
    resident.answer(DAILY, "7")
    resident.press("保存并继续")
    resident.signs_in("李晓雯")
    if resident.heading == "接着办":
        resident.press("继续保存")
    assert "何家俊" not in resident.page.locator("main").inner_text()


def test_a_form_is_resumed_on_another_device(arrive: Arrive) -> None:
    phone = arrive("phone")
    to_the_household_form(phone)
    phone.saves(DAILY, "7")
    desk = arrive("desk")
    desk.go("/applications")
    desk.signs_in(NAME)
    desk.go(phone.page.url)
    assert typed(desk, DAILY) == "7"


def test_two_tabs_answer_different_questions(arrive: Arrive) -> None:
    first = arrive("desk")
    to_the_household_form(first)
    second = first.another_tab()
    first.saves(DAILY, "7")
    second.saves(FLOW, "300Mbps")
    first.go(f"/applications/{first.application}/form")
    assert typed(first, DAILY) == "7"
    assert typed(first, FLOW) == "300Mbps"


def test_two_tabs_answer_the_same_question(arrive: Arrive) -> None:
    first = arrive("desk")
    to_the_household_form(first)
    second = first.another_tab()
    first.saves(DAILY, "7")
    second.answer(DAILY, "9")
    expect(second.question(DAILY)).to_contain_text("在另一个窗口被改为“7")
    second.look()
    assert typed(second, DAILY) == "9"
    second.press("保存并继续")
    first.go(f"/applications/{first.application}/form")
    assert typed(first, DAILY) == "9"


def test_two_tabs_without_scripts_answer_the_same_question(arrive: Arrive) -> None:
    first = arrive("phone", scripts=False)
    to_the_household_form(first)
    second = first.another_tab()
    first.answer(DAILY, "7")
    first.press("保存并继续")
    second.answers({DAILY: "9", FLOW: "300Mbps"})
    second.press("保存并继续")
    assert second.problems
    assert typed(second, DAILY) == "9"
    assert typed(second, FLOW) == "300Mbps"
