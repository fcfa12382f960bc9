"""The taxes of a sale are those of its day; the figures below are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.sandbox.outside.system import data
from plugins.sandbox.outside.tax import taxes

TABLES = data("tax_rates")
SALE: dict[str, Any] = {
    "price": 200_000_000,
    "building_area": 100.0,
    "usage": "residential",
    "held_two_years": True,
    "only_home_five_years": True,
    "home_count": "first",
    "signed_on": "2026-11-20",
}


def figures(**more: Any) -> tuple[int, int, int]:
    found = taxes({**SALE, **more}, TABLES)
    return found["deed_tax"], found["vat"], found["income_tax"]


@pytest.mark.parametrize(
    ("area", "homes", "day", "percent"),
    [
        (89, "first", "2024-11-30", 1),
        (100, "first", "2024-11-30", 1.5),
        (100, "second", "2024-11-30", 2),
        (100, "first", "2024-12-01", 1),
        (140, "first", "2026-11-20", 1),
        (140.01, "first", "2026-11-20", 1.5),
        (140, "second", "2026-11-20", 1),
        (141, "second", "2026-11-20", 2),
        (60, "third", "2026-11-20", 3),
    ],
)
def test_deed_tax_of_homes(area: float, homes: str, day: str, percent: float) -> None:
    deed_tax, *_ = figures(building_area=area, home_count=homes, signed_on=day)
    assert deed_tax == SALE["price"] * percent / 100


def test_a_home_held_for_two_years_bears_no_vat() -> None:
    assert figures() == (2_000_000, 0, 0)


def test_vat_within_two_years_is_part_of_the_price() -> None:
    # 200000000 / 1.03 * 3% = 5825243, surcharges 6% of it = 349515, deed tax 1% of 194174757
    assert figures(held_two_years=False) == (1_941_748, 5_825_243 + 349_515, 0)
    # until 2025: 200000000 / 1.05 * 5% = 9523810, 6% = 571429, 1% of 190476190
    before = figures(held_two_years=False, signed_on="2025-12-31")
    assert before == (1_904_762, 9_523_810 + 571_429, 0)


def test_surcharges_were_whole_before_they_were_halved() -> None:
    _, vat, _ = figures(held_two_years=False, signed_on="2021-06-01")
    assert vat == 9_523_810 + 1_142_857


def test_income_tax_is_of_the_gain_or_of_the_price() -> None:
    assert figures(only_home_five_years=False)[2] == 2_000_000
    assert figures(only_home_five_years=False, acquired_price=150_000_000)[2] == 10_000_000
    assert figures(only_home_five_years=False, acquired_price=250_000_000)[2] == 0


def test_a_shop_has_no_favours() -> None:
    deed_tax, vat, income_tax = figures(usage="commercial", acquired_price=179_000_000)
    # gain 21000000: VAT 21000000 / 1.05 * 5% = 1000000, 6% = 60000
    assert vat == 1_060_000
    assert deed_tax == round((200_000_000 - 9_523_810) * 0.03)
    assert income_tax == round((200_000_000 - 9_523_810 - 179_000_000) * 0.2)


def test_every_row_names_its_law_and_its_day() -> None:
    for table in TABLES.values():
        days = [row["since"] for row in table]
        assert days == sorted(set(days))
        assert all(row["law"] for row in table)


def test_every_line_names_the_law_that_it_follows() -> None:
    found = taxes({**SALE, "held_two_years": False}, TABLES)
    assert [line["tax"] for line in found["lines"]] == [
        "vat",
        "surcharge",
        "deed_tax",
        "income_tax",
    ]
    assert "2025年第17号" in found["lines"][0]["law"]
    assert found["lines"][0]["rate"] == "3%"
