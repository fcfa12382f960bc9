"""Papers that may follow: sent without them, handed in on the page of the application."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.papers import photo, program, scan
from tests.browser.stories import RESTAURANT, RESTAURANT_SITUATION
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
RULES = "食品安全规章制度目录清单"
FIRE_RULES = "消防安全制度"


def sends_without(owner: Visitor) -> None:
    """An application that is sent with two papers to follow; other journeys look at its pages."""
    with owner.hurrying():
        owner.begins("开办餐饮店一件事", RESTAURANT_SITUATION)
        owner.signs_in("陈海珊", "珠海市海珊餐饮有限公司")
        owner.picks()
        owner.answers(RESTAURANT)
        owner.press("保存并继续")
        owner.hands_in("租赁合同", scan("租赁合同"))
        owner.hands_in("食品经营设备布局", photo("布局图"))
        owner.hands_in_later(RULES)
        owner.hands_in("招牌效果图", photo("招牌"))
        owner.commits("建筑物产权人同意设置的书面证明")
        owner.commits("消防安全检查告知承诺书")
        owner.hands_in_later(FIRE_RULES)
        owner.hands_in("场所平面布置图", scan("平面布置"))
        owner.press("下一步")
        owner.signs("陈海珊")
    owner.arrives("已提交")
    owner.follow("去补交")


def hands_in_the_rest(owner: Visitor) -> None:
    """First what is none, then the papers; one is taken back and handed in again."""
    owner.sees("还欠 2 份材料，最早的请在")
    owner.hands_in(RULES, program("制度"))
    assert owner.problems
    owner.sees("没有收下")
    owner.hands_in(RULES, scan("制度"))
    expect(owner.paper(RULES)).to_contain_text("已补交")
    owner.sees("还欠 1 份材料，请在“事后核查”之前补交")
    owner.press("移除", owner.paper(RULES))
    expect(owner.paper(RULES)).to_contain_text("待补交")
    owner.hands_in(RULES, photo("制度"))
    owner.hands_in(FIRE_RULES, scan("预案"))
    owner.does_not_see("还欠")
    owner.sees(f"陈海珊移除补交的“{RULES}”：制度.pdf")


def test_at_a_desk_what_follows_is_handed_in_on_the_page_of_the_application(
    arrive: Arrive,
) -> None:
    owner = arrive("desk")
    sends_without(owner)
    address = owner.path
    owner.go("/applications")
    owner.sees("还欠 2 份材料")
    owner.go(address)
    hands_in_the_rest(owner)


def test_the_same_on_a_phone_without_scripts(arrive: Arrive) -> None:
    owner = arrive("phone", scripts=False)
    sends_without(owner)
    hands_in_the_rest(owner)


def test_pressing_twice_hands_in_once(arrive: Arrive) -> None:
    owner = arrive("desk")
    sends_without(owner)
    owner.paper(RULES).locator("input[type=file]").set_input_files([scan("制度")])
    with owner.page.expect_navigation():
        owner.paper(RULES).get_by_role("button", name="上传").dblclick()
    owner.page.wait_for_load_state()
    owner.look()
    expect(owner.paper(RULES).locator(".file")).to_have_count(1)
    expect(owner.page.locator(".history").get_by_text("补交")).to_have_count(1)
