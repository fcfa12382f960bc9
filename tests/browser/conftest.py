"""One browser and one running product for all journeys of a worker."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.product import Product, running
from tests.browser.visitor import Visitor, visitor

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
CALM = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
"""Works as root and in small containers, which is where tests run."""

Arrive = Callable[..., Visitor]
"""`arrive(device, scripts=True)`: somebody opens a browser of their own."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CALM)
        yield started
        started.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product over a database file."""
    folder: Path = tmp_path_factory.mktemp("product")
    with running(folder, f"sqlite:///{folder / 'yibiao.db'}") as started:
        yield started


@pytest.fixture
def arrive(browser: Browser, product: Product) -> Iterator[Arrive]:
    """Opens browsers at the product; when the test ends they must have had nothing to say."""
    arrived: list[Visitor] = []
    yield partial(visitor, browser, product.address, arrived)
    for one in arrived:
        one.leave()
    said = [line for one in arrived for line in one.said]
    assert not said


@pytest.fixture
def failing(product: Product) -> Iterator[Product]:
    """The product whose sources a test lets fail; afterwards they answer again."""
    yield product
    product.heal()
