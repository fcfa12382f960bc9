"""A whole service by keyboard alone: from the front page to the receipt, nothing pointed at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.keyboard import Keyboard
from tests.browser.papers import license, scan
from tests.browser.receipts import keeps_the_receipt
from tests.browser.shortcuts import UTILITIES, to_the_restaurant_form
from tests.browser.stories import HOUSEHOLD, HOUSEHOLD_SITUATION
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
NAME = "何家俊"
WHOLE_FORM = 200
"""Stops of the longest form: no question of it takes more than three."""
CHANGES = 60
"""Stops of the page of answers: each of them can be changed."""
DEVICES = pytest.mark.parametrize("device", ["desk", "phone"])
"""A desk whose text is enlarged to 400 % has the width of a phone: sticky bars come with it."""


def find_the_service(resident: Visitor, keys: Keyboard) -> None:
    """From the front page past the header, by a search and the guide, to who he is."""
    resident.go("/")
    keys.skips_to_the_page()
    keys.searches("报装")
    resident.arrives("“报装”的搜索结果")
    keys.presses("link", UTILITIES)
    keys.skips_to_the_page()
    keys.presses("link", "开始办理")
    keys.answers(HOUSEHOLD_SITUATION)
    keys.presses("button", "开始填表")
    keys.presses("button", NAME)


def fill_the_form(resident: Visitor, keys: Keyboard) -> None:
    """His home is picked; what no licence says is typed; he looks back before he goes on."""
    keys.presses("button", "就是这一个")
    keys.answers(HOUSEHOLD)
    keys.reach(resident.question("带宽需求").get_by_role("textbox"), "Shift+Tab")
    keys.presses("button", "保存并继续")


def bring_a_document(resident: Visitor, keys: Keyboard) -> None:
    """The chooser of files opens by Enter and by the space bar; then back to the papers."""
    keys.presses("link", "上传电子证照")
    box = resident.page.locator("input[type=file]")
    keys.chooses_file(box, scan("扫描件"), "Enter")
    keys.reach(keys.named("button", "上传"))
    keys.reach(box, "Shift+Tab")
    keys.chooses_file(box, license("real_estate_certificate", NAME), "Space")
    keys.presses("button", "上传")
    expect(resident.page.get_by_role("heading", name="不动产权证书")).to_be_visible()
    keys.presses("link", "返回材料")


def sign(resident: Visitor, keys: Keyboard) -> None:
    """Read, declare, type one's name, send."""
    resident.arrives("核对并签名")
    keys.ticks(resident.page.get_by_label("我已看过并同意"), stops=CHANGES)
    keys.reach(resident.page.get_by_role("textbox", name="签名"))
    resident.page.keyboard.type(NAME)
    keys.presses("button", "签名并提交")


@DEVICES
def test_a_resident_connects_his_home_by_keyboard_alone(arrive: Arrive, device: str) -> None:
    resident = arrive(device)
    keys = Keyboard(resident)
    find_the_service(resident, keys)
    fill_the_form(resident, keys)
    resident.arrives("材料")
    bring_a_document(resident, keys)
    keys.presses("button", "下一步")
    sign(resident, keys)
    resident.arrives("已提交")
    expect(resident.page.locator(".receipt-number")).to_be_visible()
    keys.reach(keys.named("link", "下载回执"))
    keeps_the_receipt(resident)


@DEVICES
def test_every_stop_of_a_long_form_is_seen_there_and_back(arrive: Arrive, device: str) -> None:
    owner = arrive(device)
    to_the_restaurant_form(owner)
    keys = Keyboard(owner)
    keys.reach(keys.named("button", "保存并继续"), stops=WHOLE_FORM)
    keys.reach(owner.page.locator(".skip"), "Shift+Tab", stops=WHOLE_FORM)
