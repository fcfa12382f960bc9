"""The quick way to where a test begins, through pages that the journeys look at."""

from __future__ import annotations

from tests.browser.stories import HOUSEHOLD, HOUSEHOLD_SITUATION, RESTAURANT_SITUATION
from tests.browser.visitor import Visitor

RESTAURANT = "开办餐饮店一件事"
UTILITIES = "水电气网联合报装一件事"
COMPANY = "珠海市海珊餐饮有限公司"


def to_the_restaurant_form(owner: Visitor) -> None:
    """Chen Haishan before her form, with what her licences say."""
    with owner.hurrying():
        owner.begins(RESTAURANT, RESTAURANT_SITUATION)
        owner.signs_in("陈海珊", COMPANY)


def to_the_household_form(resident: Visitor) -> None:
    """He Jiajun before his form; his home is picked."""
    with resident.hurrying():
        resident.begins(UTILITIES, HOUSEHOLD_SITUATION)
        resident.signs_in("何家俊")
        resident.picks()


def to_the_household_check(resident: Visitor) -> None:
    """He Jiajun before his signature."""
    to_the_household_form(resident)
    with resident.hurrying():
        resident.answers(HOUSEHOLD)
        resident.press("保存并继续")
        resident.press("下一步")
