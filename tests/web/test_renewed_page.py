"""A form that has changed since says so before it is shown, and takes the answers along."""

from __future__ import annotations

from tests.journey.test_renewing import go_live
from tests.journey.world import World
from tests.web.test_finishing_pages import Flask, app, browser, page, started, world

__all__ = ["app", "world"]


def test_the_form_waits_until_the_person_has_seen_what_changed(app: Flask, world: World) -> None:
    draft = started(world)
    visitor = browser(app, world, draft.actor)
    address = f"/applications/{draft.application.id}"
    assert visitor.get(f"{address}/form").status_code == 200
    go_live(world)
    for place in ("form", "check"):
        assert visitor.get(f"{address}/{place}").headers["Location"] == f"{address}/renew"
    shown = page(visitor.get(f"{address}/renew"))
    assert "表单有更新" in shown
    assert "厨师长姓名" in shown
    assert "主要设备设施清单" in shown
    gone_on = visitor.post(f"{address}/renew")
    assert gone_on.headers["Location"] == f"{address}/form"
    form = page(visitor.get(f"{address}/form"))
    assert "厨师长姓名" in form
    assert "珠海市海珊餐饮有限公司" in form


def test_there_is_nothing_to_renew_on_the_live_release(app: Flask, world: World) -> None:
    draft = started(world)
    visitor = browser(app, world, draft.actor)
    address = f"/applications/{draft.application.id}"
    assert visitor.get(f"{address}/renew").headers["Location"] == f"{address}/form"
