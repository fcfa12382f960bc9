"""On a slow network people answer faster than pages do: no answer is dropped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import RESTAURANT, to_the_household_form
from tests.browser.stories import RESTAURANT_SITUATION
from tests.browser.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]


def slow_network(visitor: Visitor, latency: int) -> None:
    """From now on each answer of the server takes this long, in milliseconds."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def test_a_situation_answered_faster_than_the_page_follows(arrive: Arrive) -> None:
    owner = arrive("phone")
    owner.go("/")
    owner.follow(RESTAURANT)
    owner.follow("开始办理")
    slow_network(owner, 500)
    quick = ("是否已领取营业执照", "经营场所是怎么取得的", "是否设置户外招牌", "是否属公众聚集场所")
    for title in quick:
        owner.answer(title, RESTAURANT_SITUATION[title])
    expect(owner.question("消防是否采用告知承诺")).to_be_visible(timeout=PATIENCE)
    for title in quick:
        chosen = owner.question(title).locator("input:checked")
        expect(chosen).to_have_count(1)
    owner.sees("公众聚集场所投入使用、营业前消防安全检查")


def test_a_form_answered_faster_than_it_saves(arrive: Arrive) -> None:
    resident = arrive("desk")
    to_the_household_form(resident)
    resident.saves("用水性质", "居民")
    slow_network(resident, 500)
    quick = {"最大日用水量": "7", "用户户数": "3", "报装容量": "12"}
    for title, answer in quick.items():
        resident.answer(title, answer)
    status = resident.page.locator("#status")
    expect(status).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    resident.go(f"/applications/{resident.application}/form")
    for title, answer in quick.items():
        expect(resident.question(title).locator("input").first).to_have_value(answer)
