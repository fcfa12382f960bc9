"""Typing: nothing is lost, and mistakes are told where they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import to_the_household_form, to_the_restaurant_form
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
UNREADABLE = "2026-13-40"


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
