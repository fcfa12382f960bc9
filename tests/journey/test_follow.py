"""After sending: days by the calendar, what each office has, withdrawing, the receipt on paper."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pdfplumber
import pytest

from runtime.journey.follow import follow, withdraw
from runtime.journey.offices import office, schedule
from runtime.journey.receipt import receipt_pdf
from runtime.store import NotFound, Refused
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import NOW, World, built


def test_days_run_along_what_waits_for_what(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    stops = {one.use: one for one in schedule(draft, date(2026, 11, 23))}
    assert stops["check"].waits_for == ()
    assert stops["food"].waits_for == ("check",)
    assert stops["food"].due > stops["check"].due  # type: ignore[operator]
    assert stops["check"].wave < stops["food"].wave


def test_holidays_do_not_count(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    eve = {one.use: one.due for one in schedule(draft, date(2026, 12, 31))}
    assert eve["check"] is not None
    assert eve["check"] > date(2027, 1, 1), "New Year's Day is no working day"


def test_a_notice_is_waited_for(tmp_path: Path) -> None:
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}", ["deregister_enterprise"]) as world:
        draft = world.filled("deregister_enterprise")
        stops = {one.use: one for one in schedule(draft, date(2026, 11, 23))}
    assert stops["notice"].due == date(2026, 12, 14), "one working day, then twenty days"
    assert stops["registry"].due > date(2026, 12, 14)  # type: ignore[operator]


def test_a_district_handles_its_own_items(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    assert office(draft, "food").id == "xiangzhou_market_regulation"
    assert office(draft, "food").contact.get("phone")


def test_one_page_has_the_way_the_slices_and_the_history(world: World) -> None:
    draft = hand_in_everything(world, world.filled("open_restaurant"))
    sent(world, draft)
    followed = follow(world.open(draft.actor, draft.application.id))
    assert {one.use for one in followed.stops} == set(draft.state.active)
    assert [one.use for one in followed.slices] == [one.use for one in followed.stops]
    assert [one.kind for one in followed.events] == ["created", "submitted"]
    assert followed.day == date(2026, 11, 23)


def test_the_number_leads_to_the_application_and_strangers_nowhere(world: World) -> None:
    draft = hand_in_everything(world, world.filled("open_restaurant"))
    number = sent(world, draft).receipt.application.number or ""
    load = world.installation.store.applications.load_by_number
    assert load(draft.actor, number, NOW).id == draft.application.id
    with pytest.raises(NotFound):
        load(world.meet("440403197707070039", "何不识"), number, NOW)


def test_withdrawing_stops_it_once(world: World) -> None:
    draft = hand_in_everything(world, world.filled("open_restaurant"))
    with pytest.raises(Refused):
        withdraw(draft, "")
    sent(world, draft)
    draft = world.open(draft.actor, draft.application.id)
    assert withdraw(draft, "不办了").status == "withdrawn"
    draft = world.open(draft.actor, draft.application.id)
    assert withdraw(draft, "again").status == "withdrawn"
    kinds = [one.kind for one in follow(draft).events]
    assert kinds.count("withdrawn") == 1


WORDS = {
    "lang": "zh", "region": "cn", "brand": "一表", "issuer": "数据局", "title": "申请提交回执",
    "service": "开办餐饮店 #evil[*bold*]", "number_label": "办件编号", "number": "4404-1-B",
    "qr": "扫码查看进度", "facts": [["申请人", "甲"]], "items_title": "办理事项",
    "heads": ["事项", "承办单位", "预计办结", "电话"],
    "items": [["食品经营许可", "市场监督管理局", "2026年12月2日", "0756-1"]],
    "items_note": "", "papers_title": "以后要补交的材料", "papers": [],
    "signed_title": "声明与签名", "declaration": "属实", "signed": "签名：甲", "footer": "",
}  # fmt: skip


def test_the_receipt_is_one_page_and_what_it_says_stays_data() -> None:
    made = receipt_pdf(WORDS, "https://yibiao.test/q/1", datetime.now(UTC))
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        text = pdf.pages[0].extract_text()
    assert "4404-1-B" in text
    assert "#evil[*bold*]" in text
