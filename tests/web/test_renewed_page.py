"""A form that has changed since says so before it is shown, and takes the answers along."""

from __future__ import annotations

from definitions.diff import Change
from runtime.web.apply.renewed import _told
from runtime.web.texts import speak
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


def test_only_what_reads_differently_is_told_and_in_plain_words(app: Flask) -> None:
    both = {"zh-CN": "厨师", "en": "Cook"}
    called = {"title": both, "from": both, "to": {**both, "en": "Chef"}}
    changes = [
        Change("diff.field_title", "", called),
        Change("diff.field_title", "", {"title": both, "from": both, "to": ""}),
        Change("diff.field_limit", "", {"title": both, "keyword": "maxLength", "from": 1, "to": 2}),
        Change("diff.field_required", "", {"title": both}),
    ]
    with app.test_request_context():
        speak("zh-CN")
        assert _told(changes) == (["“厨师”这一项现在必填。"], 2)
        speak("en")
        told, counted = _told(changes)
        assert told[0] == "The question “Cook” is called “Chef” now."
        assert (len(told), counted) == (2, 2)


def test_there_is_nothing_to_renew_on_the_live_release(app: Flask, world: World) -> None:
    draft = started(world)
    visitor = browser(app, world, draft.actor)
    address = f"/applications/{draft.application.id}"
    assert visitor.get(f"{address}/renew").headers["Location"] == f"{address}/form"
