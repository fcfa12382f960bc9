"""Selling a home: a seller begins, the other owner and the buyer confirm their parts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Arrive
from tests.browser.receipts import keeps_the_receipt, scanned
from tests.browser.stories import HOME_SITUATION, SALE, WIFE
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
SERVICE = "二手房转移登记及水电气网联动过户"


def fill_the_form(seller: Visitor) -> None:
    """He picks his home; his wife is named on its certificate, the buyer comes into a table."""
    seller.begins(SERVICE, HOME_SITUATION)
    seller.signs_in("周建国")
    seller.press("卖方")
    seller.picks()
    seller.sees("卖方（义务人）：吴秀兰")
    seller.press("加进来")
    seller.answers_row("卖方（义务人）", 1, WIFE)
    seller.answers(SALE)
    seller.press("保存并继续")
    seller.arrives("材料")


def invite(seller: Visitor, name: str) -> str:
    """The link that the seller is to pass on; the code beside it says the same."""
    seller.go(f"/applications/{seller.application}/parties")
    party = seller.page.locator(".paper", has=seller.page.get_by_role("heading", name=name))
    seller.press("生成邀请链接", party)
    link = party.get_by_label("邀请链接", exact=True).input_value()
    if seller.scripts:
        copies(party)
    assert scanned(party.locator(".receipt-code svg").screenshot()) == link
    return link


def copies(party: Locator) -> None:
    """The button beside the link says that it has put it on the clipboard."""
    party.get_by_role("button", name="复制").click()
    expect(party.get_by_role("status")).to_have_text("已复制，可以粘贴发给对方。")


def confirm(party: Visitor, link: str, name: str) -> None:
    """Whom a link is for opens it, lets their licences be asked for, and signs."""
    party.go(link)
    party.signs_in(name)
    party.sees("周建国邀请您以")
    party.press("同意查询我的电子证照")
    party.sees("已查询您的电子证照")
    party.signs(name, "确认并签名")
    party.sees("您已签名")
    party.go("/applications")
    party.sees("请您确认的")
    party.sees("您已答复")


@pytest.mark.parametrize(
    ("device", "other", "scripts"), [("desk", "phone", True), ("phone", "desk", False)]
)
def test_a_seller_and_a_buyer_transfer_a_home(
    arrive: Arrive, device: str, other: str, scripts: bool
) -> None:
    seller = arrive(device, scripts)
    fill_the_form(seller)
    for name in ("吴秀兰", "李晓雯"):
        confirm(arrive(other, scripts), invite(seller, name), name)
    seller.go(f"/applications/{seller.application}/papers")
    seller.press("下一步")
    seller.arrives("核对并签名")
    seller.signs("周建国")
    keeps_the_receipt(seller)


def test_an_invitation_is_for_one_person(arrive: Arrive) -> None:
    seller = arrive("desk")
    fill_the_form(seller)
    link = invite(seller, "李晓雯")
    stranger = arrive("phone")
    stranger.go(link)
    stranger.signs_in("何家俊")
    stranger.arrives("这份邀请不是给您的")
    stranger.go(f"/applications/{seller.application}/part")
    stranger.does_not_see("李晓雯")
    buyer = arrive("phone")
    buyer.go(link)
    buyer.signs_in("李晓雯")
    buyer.page.get_by_text("不同意？").click()
    buyer.page.get_by_label("原因").fill("价格不对")
    buyer.press("不同意")
    buyer.sees("您没有同意")
    seller.go(f"/applications/{seller.application}/parties")
    seller.sees("价格不对")
    seller.go(f"/applications/{seller.application}/check")
    seller.signs("周建国")
    assert seller.problems
