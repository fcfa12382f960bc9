"""Beginning: for which party, back again, and for whom a service is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.journey.world import World, built, released
from tests.web.test_finishing_pages import Flask, app, browser, page

__all__ = ["app"]
SERVICES = ("sell_home", "deregister_enterprise")
OWNER = ("440402196811013192", "陈国雄")
FIRM = "91440402MA5161619R"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'begin.db'}", SERVICES) as made:
        yield made


def waiting(client: Any, service: str) -> None:
    """The situation has been answered."""
    district = released(service)[1].service.districts[0]
    with client.session_transaction() as session:
        session["begin"] = {"service": service, "district": district, "answers": {}}


def test_going_back_to_choose_another_party_works(app: Flask, world: World) -> None:
    client = browser(app, world, world.meet(*OWNER))
    waiting(client, "sell_home")
    assert 'value="buyers"' in page(client.get("/begin"))
    seller = client.post("/begin", data={"party": "sellers"}).location
    buyer = client.post("/begin", data={"party": "buyers"}).location
    assert seller.endswith("/form")
    assert buyer.endswith("/form")
    assert buyer != seller
    assert client.post("/begin", data={"party": "sellers"}).location == seller
    listed = page(client.get("/applications"))
    assert listed.count(" 开始，") == 2, "two drafts of one service are told apart"


def test_without_a_situation_one_comes_to_ones_own_applications(app: Flask, world: World) -> None:
    client = browser(app, world, world.meet(*OWNER))
    assert client.get("/begin").location == "/applications"


def test_who_acts_for_nobody_is_told_that_a_service_is_for_enterprises(
    app: Flask, world: World
) -> None:
    alone = browser(app, world, world.meet(*OWNER))
    waiting(alone, "deregister_enterprise")
    told = page(alone.get("/begin"))
    assert "这项服务要以企业身份办理" in told
    assert "/acting-for" not in told.partition("<main")[2], "there is no enterprise to choose"
    assert alone.post("/begin").location.endswith("/form")


def test_who_acts_for_an_enterprise_goes_straight_on(app: Flask, world: World) -> None:
    agent = browser(app, world, world.meet(*OWNER, FIRM))
    waiting(agent, "deregister_enterprise")
    assert agent.get("/begin").location.endswith("/form")


def test_who_has_an_enterprise_is_led_to_choose_it(app: Flask, world: World) -> None:
    agent = world.meet(*OWNER, FIRM)
    alone = browser(app, world, replace(agent, acting_for=None))
    waiting(alone, "deregister_enterprise")
    assert 'href="/acting-for?back=/begin"' in page(alone.get("/begin"))
