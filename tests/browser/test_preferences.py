"""Language, large text and high contrast: a click away, remembered, and as good as the rest."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.shortcuts import to_the_restaurant_form
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
PAGES = ("/", "/services?q=餐饮", "/services/open_restaurant", "/services/sell_home/situation")


def walk(visitor: Visitor) -> None:
    """Look at the public pages and at a form."""
    for path in PAGES:
        visitor.go(path)


def test_everything_is_there_in_english(arrive: Arrive) -> None:
    owner = arrive("phone")
    to_the_restaurant_form(owner)
    owner.follow("English")
    assert owner.page.locator("html").get_attribute("lang") == "en"
    owner.page.get_by_role("button", name="Save and continue").wait_for()
    assert owner.path.startswith("/applications/")
    owner.go(f"/applications/{owner.application}/papers")
    owner.go(f"/applications/{owner.application}/check")
    walk(owner)


@pytest.mark.parametrize(("device", "scripts"), [("phone", True), ("desk", False)])
def test_large_text_and_high_contrast(arrive: Arrive, device: str, scripts: bool) -> None:
    owner = arrive(device, scripts)
    owner.go("/")
    size = "getComputedStyle(document.querySelector('main p')).fontSize"
    normal = float(owner.page.evaluate(size).removesuffix("px"))
    owner.follow("大字")
    owner.follow("高对比")
    assert float(owner.page.evaluate(size).removesuffix("px")) > normal
    to_the_restaurant_form(owner)
    assert owner.page.locator("html").get_attribute("data-set") == "high"
    owner.press("保存并继续")
    walk(owner)
