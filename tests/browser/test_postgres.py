"""One journey on PostgreSQL: to the receipt."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.product import running
from tests.browser.receipts import keeps_the_receipt
from tests.browser.shortcuts import to_the_household_check
from tests.browser.visitor import Visitor, visitor
from tests.databases import postgres_database

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]


def test_a_resident_connects_his_home(browser: Browser, postgres: str, tmp_path: Path) -> None:
    arrived: list[Visitor] = []
    with postgres_database(postgres) as url, running(tmp_path, url) as product:
        resident = visitor(browser, product.address, arrived, "desk")
        to_the_household_check(resident)
        resident.signs("何家俊")
        keeps_the_receipt(resident)
        resident.leave()
    assert not resident.said
