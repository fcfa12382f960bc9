"""Typing: nothing is lost, mistakes are told where they are, and the keyboard is enough."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import to_the_household_form, to_the_restaurant_form
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
UNREADABLE = "2026-13-40"
TABS = 80
"""Presses of Tab after which a control must have been reached."""


def box(visitor: Visitor, title: str) -> str:
    """What stands in the box of a question."""
    return visitor.question(title).locator("input").first.input_value()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_cannot_be_read_stays_as_it_was_typed(arrive: Arrive, scripts: bool) -> None:
    resident = arrive("phone", scripts)
    to_the_household_form(resident)
    if scripts:
        resident.saves("计划接入日期", UNREADABLE)
        expect(resident.question("计划接入日期")).to_contain_text("错误")
        resident.look()
    else:
        resident.answer("计划接入日期", UNREADABLE)
        resident.press("保存并继续")
    resident.go(f"/applications/{resident.application}/form")
    assert box(resident, "计划接入日期") == UNREADABLE
    resident.answer("计划接入日期", "2027年1月15日")
    resident.press("保存并继续")
    assert "2027" in box(resident, "计划接入日期")


def test_the_summary_takes_the_focus_and_leads_to_the_fields(arrive: Arrive) -> None:
    owner = arrive("desk")
    to_the_restaurant_form(owner)
    owner.press("保存并继续")
    assert owner.page.title().startswith("有错误")
    expect(owner.page.locator("#error-summary")).to_be_focused()
    first = owner.page.locator("#error-summary a").first
    words = first.inner_text()
    first.click()
    control = owner.page.locator(":focus")
    expect(control).to_have_attribute("aria-invalid", "true")
    described = str(control.get_attribute("aria-describedby")).split()[-1]
    expect(owner.page.locator(f"[id='{described}']")).to_contain_text(words)


def test_an_input_method_sends_nothing_while_it_composes(arrive: Arrive) -> None:
    owner = arrive("desk")
    to_the_restaurant_form(owner)
    posted: list[str] = []
    owner.page.on("request", lambda request: _note(request, posted))
    owner.question("招牌文字").locator("input").focus()
    composing = owner.page.context.new_cdp_session(owner.page)
    for text in ("h", "ha", "hai", "hai s", "hai sh"):
        composing.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    owner.page.keyboard.press("Enter")
    assert posted == []
    composing.send("Input.insertText", {"text": "海珊"})
    with owner.page.expect_response("**/answers"):
        owner.page.keyboard.press("Tab")
    assert box(owner, "招牌文字") == "海珊"
    owner.go(f"/applications/{owner.application}/form")
    assert box(owner, "招牌文字") == "海珊"


def _note(request: Request, posted: list[str]) -> None:
    if request.method == "POST":
        posted.append(request.url)


def reach(visitor: Visitor, name: str) -> None:
    """Press Tab until the control of this name has the focus, and is seen to have it."""
    for _ in range(TABS):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.locator(":focus")
        if focus.count() and name in (focus.inner_text() or focus.input_value() or ""):
            width = focus.evaluate("element => getComputedStyle(element).outlineWidth")
            assert width != "0px", f"nobody sees that {name} has the focus"
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_the_keyboard_alone_finds_and_begins_a_service(arrive: Arrive) -> None:
    owner = arrive("desk")
    owner.go("/")
    owner.page.keyboard.press("Tab")
    owner.page.keyboard.press("Enter")
    expect(owner.page.locator("#main")).to_be_focused()
    owner.page.keyboard.press("Tab")
    owner.page.keyboard.type("餐饮")
    with owner.page.expect_navigation():
        owner.page.keyboard.press("Enter")
    for name in ("开办餐饮店一件事", "开始办理"):
        _go_through(owner, name)
    reach_choice(owner, "situation.has_license")
    owner.page.keyboard.press("Space")
    assert owner.page.locator("[name='situation.has_license']:checked").count() == 1


def reach_choice(visitor: Visitor, name: str) -> None:
    """Press Tab until a radio button of this question has the focus."""
    for _ in range(TABS):
        if visitor.page.locator(f"[name='{name}']:focus").count():
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by keyboard")


def _go_through(visitor: Visitor, name: str) -> None:
    reach(visitor, name)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()
