"""Connecting utilities: a developer for a new project, a resident for his own home."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.papers import scan
from tests.browser.receipts import keeps_the_receipt
from tests.browser.stories import HOUSEHOLD, HOUSEHOLD_SITUATION, PROJECT, PROJECT_SITUATION

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
SERVICE = "水电气网联合报装一件事"


def test_a_developer_connects_a_project(arrive: Arrive) -> None:
    developer = arrive("desk")
    developer.begins(SERVICE, PROJECT_SITUATION)
    developer.signs_in("梁振邦", "珠海市港湾建设有限公司")
    developer.picks()
    developer.answers(PROJECT)
    developer.press("保存并继续")
    developer.arrives("材料")
    developer.hands_in("总平面图及负荷清单", scan("总平面图"))
    developer.commits("小型市政公用接入告知承诺书")
    developer.press("下一步")
    developer.arrives("核对并签名")
    developer.signs("梁振邦")
    keeps_the_receipt(developer)


def test_a_resident_connects_his_home_on_the_phone(arrive: Arrive) -> None:
    resident = arrive("phone")
    resident.begins(SERVICE, HOUSEHOLD_SITUATION)
    resident.signs_in("何家俊")
    resident.picks()
    resident.answers(HOUSEHOLD)
    resident.press("保存并继续")
    resident.arrives("材料")
    resident.sees("要交的都齐了")
    resident.press("下一步")
    resident.arrives("核对并签名")
    resident.signs("何家俊")
    keeps_the_receipt(resident)
