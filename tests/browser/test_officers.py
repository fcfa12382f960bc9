"""What was sent is accepted, reviewed, returned and decided by the people of one office."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from runtime.installation import moment
from tests.browser.conftest import Arrive
from tests.browser.product import Product
from tests.browser.test_follow_up import sends_without
from tests.browser.visitor import Visitor
from tests.journey.beyond import answer_for_others

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
FOOD = "食品经营许可新办"


def sent(arrive: Arrive, product: Product) -> str:
    """An application that is at its first office; other journeys look at its pages."""
    owner = arrive("desk")
    with owner.hurrying():
        sends_without(owner)
    goes_on(product, owner.application)
    return owner.application


def goes_on(product: Product, application: str) -> None:
    """Systems outside have answered."""
    answer_for_others(product.installation, application, moment())


def comes_to_work(visitor: Visitor, name: str) -> Visitor:
    """Signs in as one of staff, which leads to the list."""
    visitor.go("/sign-in")
    visitor.press(name, visitor.page.get_by_role("list", name="工作人员"))
    visitor.arrives("工作台")
    return visitor


def opens(visitor: Visitor, application: str, title: str) -> None:
    """Finds the case in the list, and opens it."""
    visitor.go("/work")
    link = visitor.page.locator(f'a[href^="/work/{application}/"]', has_text=title).first
    with visitor.page.expect_navigation():
        link.click()
    visitor.look()
    visitor.arrives(title)


def decides(visitor: Visitor, outcome: str, opinion: str = "") -> None:
    """Chooses, writes, sends."""
    visitor.page.get_by_role("radio", name=outcome, exact=True).check()
    visitor.page.get_by_role("textbox", name="意见").fill(opinion)
    visitor.press("提交决定")


def forgets_to_choose(reviewer: Visitor) -> None:
    """What was typed is still there, and the summary leads to what is missing."""
    reviewer.page.get_by_role("textbox", name="意见").fill("面积和图纸一致")
    reviewer.press("提交决定")
    assert reviewer.problems == ["请选择决定。"]
    expect(reviewer.page.get_by_role("textbox", name="意见")).to_have_value("面积和图纸一致")


def looks_at_a_paper(reviewer: Visitor) -> None:
    """A paper opens beside the answers."""
    with reviewer.page.expect_navigation():
        reviewer.page.get_by_role("link", name="在旁边看").first.click()
    reviewer.look()
    expect(reviewer.page.locator(".viewer-picture, .viewer-page").first).to_be_visible()


def returns(visitor: Visitor, to: str, reason: str) -> None:
    """Back to a step that is done, to be redone from there."""
    way = visitor.page.locator("details.way", has_text="退回上一步")
    way.locator("summary").click()
    way.get_by_role("combobox", name="退回到").select_option(label=to)
    way.get_by_role("textbox", name="理由").fill(reason)
    visitor.press("退回", way)


def goes_through(arrive: Arrive, product: Product, device: str, *, scripts: bool = True) -> None:
    """From acceptance to the decision, with one return on the way."""
    case = sent(arrive, product)
    clerk = comes_to_work(arrive(device, scripts=scripts), "周敏")
    opens(clerk, case, "营业执照信息核验 · 核验")
    decides(clerk, "同意 同时受理", "与登记信息一致")
    clerk.sees("“营业执照信息核验”的决定已提交。")
    goes_on(product, case)
    opens(clerk, case, f"{FOOD} · 受理")
    decides(clerk, "受理")
    reviewer = comes_to_work(arrive(device, scripts=scripts), "何建军")
    opens(reviewer, case, f"{FOOD} · 书面审查")
    looks_at_a_paper(reviewer)
    forgets_to_choose(reviewer)
    decides(reviewer, "同意", "面积和图纸一致")
    approver = comes_to_work(arrive(device, scripts=scripts), "罗慧")
    opens(approver, case, f"{FOOD} · 决定")
    approver.sees("面积和图纸一致")
    returns(approver, "书面审查", "请再看一下冷食专间")
    opens(reviewer, case, f"{FOOD} · 书面审查")
    reviewer.sees("请再看一下冷食专间")
    reviewer.press("维持上次的意见")
    opens(approver, case, f"{FOOD} · 决定")
    decides(approver, "不同意", "场所不符合要求")
    approver.go("/work?view=done")
    approver.sees(f"{FOOD} · 决定")
    approver.go(f"/work/{case}/food.decide")
    approver.sees("不予许可")


def test_at_a_desk_an_office_accepts_returns_and_decides(arrive: Arrive, product: Product) -> None:
    goes_through(arrive, product, "desk")


def test_the_same_on_a_phone_without_scripts(arrive: Arrive, product: Product) -> None:
    goes_through(arrive, product, "phone", scripts=False)


def test_a_supplement_is_ticked_and_sent(arrive: Arrive, product: Product) -> None:
    case = sent(arrive, product)
    clerk = comes_to_work(arrive("desk"), "周敏")
    opens(clerk, case, "营业执照信息核验 · 核验")
    clerk.follow("要求补正")
    clerk.arrives("要求补正")
    clerk.press("发出补正通知")
    assert clerk.problems == ["请勾选要补正的内容或材料。"]
    asked = clerk.page.locator(".ask", has_text="租赁合同")
    asked.get_by_role("checkbox").check()
    asked.get_by_role("textbox").fill("第二页看不清")
    clerk.press("发出补正通知")
    clerk.go(f"/work/{case}/check.check")
    clerk.sees("等申请人补正")
    clerk.sees("第二页看不清")
