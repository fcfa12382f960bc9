"""Connecting utilities: charges that nobody knows yet, and limits in the unit of their field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.world import World, built
from tests.web.test_begin import app
from tests.web.test_finishing_pages import Flask, browser, page, started

__all__ = ["app"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'charges.db'}", ("connect_utilities",)) as made:
        yield made


def test_each_charge_is_told_with_its_item_and_the_sum_in_whole_words(
    app: Flask, world: World
) -> None:
    draft = started(world, "connect_utilities")
    shown = page(
        browser(app, world, draft.actor, "en").get(f"/applications/{draft.application.id}/check")
    )
    charges = shown.partition("<dt>Charges</dt>")[2].partition("</dl>")[0]
    for use in draft.state.active:
        if draft.plan.items[use].fees:
            assert draft.plan.items[use].item.title["en"] in charges
    total = charges.partition("charge-total")[2]
    assert "worked out on the way" in total
    assert "CNY 0.00" not in total


def test_a_limit_is_told_in_the_unit_of_its_field(app: Flask, world: World) -> None:
    draft = started(world, "connect_utilities")
    sent = {"place.utilities.water_daily": "-5", "version": str(draft.application.version)}
    told = page(
        browser(app, world, draft.actor, "en").post(
            f"/applications/{draft.application.id}/answers",
            data=sent,
            headers={"HX-Request": "true"},
        )
    )
    assert "“Greatest daily use of water” must be more than 0 m³." in told
