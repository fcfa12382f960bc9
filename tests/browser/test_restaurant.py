"""Opening a restaurant: an owner acts for her company; most of the form is already there."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.papers import photo, program, scan
from tests.browser.receipts import keeps_the_receipt
from tests.browser.stories import RESTAURANT, RESTAURANT_SITUATION
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
SERVICE = "开办餐饮店一件事"
COMPANY = "珠海市海珊餐饮有限公司"
FACTS = 15
"""Answers that she finds filled in, at least."""


def hand_in_papers(owner: Visitor) -> None:
    """Files, commitments, and one paper that may follow."""
    owner.arrives("材料")
    owner.sees("由营业执照")
    owner.hands_in("租赁合同", scan("租赁合同"))
    owner.hands_in("食品经营设备布局", photo("布局图"))
    owner.hands_in_later("食品安全规章制度目录清单")
    owner.hands_in("招牌效果图", photo("招牌"))
    owner.commits("建筑物产权人同意设置的书面证明")
    owner.commits("消防安全检查告知承诺书")
    owner.hands_in("消防安全制度", scan("预案"))
    owner.hands_in("场所平面布置图", scan("平面布置"))
    owner.press("下一步")


def test_an_owner_opens_a_restaurant_at_her_desk(arrive: Arrive) -> None:
    owner = arrive("desk")
    owner.go("/")
    owner.searches("餐饮")
    owner.follow(SERVICE)
    owner.follow("开始办理")
    owner.answers(RESTAURANT_SITUATION)
    owner.press("开始填表")
    owner.signs_in("陈海珊", COMPANY)
    owner.sees("营业执照，2021年5月20日签发")
    assert owner.page.locator(".fact").count() >= FACTS
    owner.picks()
    owner.answers(RESTAURANT)
    owner.press("保存并继续")
    hand_in_papers(owner)
    owner.arrives("核对并签名")
    owner.signs("陈海珊")
    number = keeps_the_receipt(owner)
    owner.go("/applications")
    owner.sees(number)


def test_the_same_on_a_phone_without_scripts(arrive: Arrive) -> None:
    owner = arrive("phone", scripts=False)
    owner.begins(SERVICE, RESTAURANT_SITUATION)
    owner.signs_in("陈海珊", COMPANY)
    owner.picks()
    owner.answers(RESTAURANT)
    owner.press("保存并继续")
    hand_in_papers(owner)
    owner.arrives("核对并签名")
    owner.signs("陈海珊")
    keeps_the_receipt(owner)


def test_what_is_not_a_paper_is_refused_in_words(arrive: Arrive) -> None:
    owner = arrive("desk")
    owner.begins(SERVICE, RESTAURANT_SITUATION)
    owner.signs_in("陈海珊", COMPANY)
    owner.go(f"/applications/{owner.application}/papers")
    owner.hands_in("租赁合同", program("租赁合同"))
    owner.sees("没有收下")
    owner.does_not_see("已上传")
