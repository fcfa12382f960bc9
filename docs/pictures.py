"""Takes the pictures of these pages: a restaurant owner's way through the product.

    python -m docs.pictures     # all of them, into docs/pictures/; takes a minute or two

It needs what the browser tests need.
"""

from __future__ import annotations

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CALM, PROGRAMS
from tests.browser.product import running
from tests.browser.stories import RESTAURANT, RESTAURANT_SITUATION
from tests.browser.test_restaurant import COMPANY, SERVICE, hand_in_papers
from tests.browser.visitor import Visitor, visitor

FOLDER = Path(__file__).with_name("pictures")
COLOURS = 128
SETTLED = 300
"""Milliseconds after which a page has stopped moving."""


def takes(who: Visitor, name: str, at: str = "") -> None:
    """A picture of the screen in few colours, from the heading `at` on or from the top."""
    if at:
        heading = who.page.get_by_role("heading", name=at, exact=True).first
        heading.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 24)")
    else:
        who.page.evaluate("scrollTo(0, 0)")
    who.page.evaluate("document.activeElement.blur()")
    who.page.wait_for_timeout(SETTLED)
    taken = Image.open(BytesIO(who.page.screenshot(animations="disabled")))
    taken.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def begins(owner: Visitor) -> None:
    """From the first page to the form with its facts."""
    owner.go("/")
    takes(owner, "home")
    owner.searches("餐饮")
    owner.follow(SERVICE)
    takes(owner, "guide")
    owner.follow("开始办理")
    owner.answers(RESTAURANT_SITUATION)
    owner.press("开始填表")
    owner.signs_in("陈海珊", COMPANY)
    owner.picks()
    takes(owner, "form")


def finishes(owner: Visitor) -> None:
    """From the form to the receipt."""
    owner.answers(RESTAURANT)
    owner.press("保存并继续")
    takes(owner, "papers")
    hand_in_papers(owner)
    takes(owner, "check", at="谁会收到什么")
    owner.signs("陈海珊")
    takes(owner, "receipt")


def on_a_phone(browser: Browser, owner: Visitor) -> None:
    """The same form on the owner's phone."""
    phone = visitor(browser, owner.address, [], "phone")
    kept = owner.page.context.cookies()
    phone.page.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": owner.address} for one in kept]
    )
    phone.go(owner.path)
    takes(phone, "phone", at="经营场所")


def main() -> None:
    """Run the product, walk through it and take the pictures."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    arguments = [*CALM, "--lang=zh-CN"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        with running(folder, f"sqlite:///{folder / 'yibiao.db'}") as product:
            owner = visitor(browser, product.address, [], "desk")
            begins(owner)
            on_a_phone(browser, owner)
            finishes(owner)
        browser.close()


if __name__ == "__main__":
    main()
