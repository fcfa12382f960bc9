"""Closing a company by the simple route."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.papers import scan
from tests.browser.receipts import keeps_the_receipt
from tests.browser.stories import CLOSING, CLOSING_SITUATION

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
SERVICE = "企业注销登记一件事"


@pytest.mark.parametrize(("device", "scripts"), [("phone", True), ("desk", False)])
def test_an_owner_closes_his_company(arrive: Arrive, device: str, scripts: bool) -> None:
    owner = arrive(device, scripts)
    owner.begins(SERVICE, CLOSING_SITUATION)
    owner.signs_in("黄文杰", "珠海市文杰贸易有限公司")
    owner.picks()
    owner.answers(CLOSING)
    owner.press("保存并继续")
    owner.arrives("材料")
    owner.commits("全体投资人承诺书")
    owner.commits("清税承诺书")
    owner.hands_in("股东会决议或决定", scan("股东会决议"))
    owner.press("下一步")
    owner.arrives("核对并签名")
    owner.signs("黄文杰")
    keeps_the_receipt(owner)
