"""Closing a company by the simple route."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.papers import scan
from tests.browser.receipts import keeps_the_receipt
from tests.browser.stories import CLOSING, CLOSING_SITUATION
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
SERVICE = "企业注销登记一件事"
SEALS = "印章清单"


def leave_a_row_empty(owner: Visitor) -> None:
    """However often it is added, there is one; the keyboard is in it, or at what is wrong there."""
    rows = owner.question(SEALS).locator(".rows-row")
    before = rows.count()
    for _ in range(3):
        owner.press(f"添加一行 {SEALS}")
        expect(rows).to_have_count(before + 1)
    if owner.scripts:
        expect(rows.last.get_by_label("印章类型")).to_be_focused()
        rows.last.get_by_label("印章编码").fill("?")
        owner.press("保存并继续")
        expect(owner.page.locator("#error-summary")).to_be_focused()
        owner.answers_row(SEALS, before, {"印章编码": ""})


@pytest.mark.parametrize(("device", "scripts"), [("phone", True), ("desk", False)])
def test_an_owner_closes_his_company(arrive: Arrive, device: str, scripts: bool) -> None:
    owner = arrive(device, scripts)
    owner.begins(SERVICE, CLOSING_SITUATION)
    owner.signs_in("黄文杰", "珠海市文杰贸易有限公司")
    owner.picks()
    owner.answers(CLOSING)
    leave_a_row_empty(owner)
    owner.press("保存并继续")
    owner.arrives("材料")
    assert owner.page.url.partition("#")[2] == "top", "not the place in the form"
    owner.commits("全体投资人承诺书")
    owner.commits("清税承诺书")
    owner.hands_in("股东会决议或决定", scan("股东会决议"))
    owner.press("下一步")
    owner.arrives("核对并签名")
    owner.signs("黄文杰")
    keeps_the_receipt(owner)
