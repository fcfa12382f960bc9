"""Papers that follow after sending, page by page, as a browser without scripts would go."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from runtime.journey import papers
from runtime.journey.follow import follow
from runtime.web.apply.shown import day_words
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import PDF, World
from tests.web.test_finishing_pages import (
    STRANGER,
    app,
    browser,
    now,
    page,
    started,
    upload,
    world,
)  # fmt: skip

__all__ = ["app", "world"]
RULES = "food_safety_rules"
TITLE = "食品安全规章制度目录清单"


WHO = ("440402198503124260", "陈海珊", "91440402MA5161619R")


def sent_at(world: World, moment: datetime) -> str:
    """The address of an application that was sent without one paper."""
    draft = world.filled("open_restaurant", now=moment)
    papers.choose(draft, RULES, "may_follow")
    draft = hand_in_everything(world, world.open(draft.actor, draft.application.id, moment))
    sent(world, world.open(draft.actor, draft.application.id, moment))
    return f"/applications/{draft.application.id}"


@pytest.fixture
def base(world: World) -> str:
    """One that was sent today."""
    return sent_at(world, now())


@pytest.fixture
def client(app: Flask, world: World) -> FlaskClient:
    """Whoever sends."""
    return browser(app, world, world.meet(*WHO))


def last_day(world: World, base: str) -> str:
    """The day by which it is owed, in words."""
    actor = world.meet(*WHO)
    (one,) = follow(world.open(actor, base.rpartition("/")[2], now())).promised
    assert one.promise.day
    return day_words(one.promise.day)


def test_the_page_the_list_and_the_end_say_what_is_owed(
    world: World, client: FlaskClient, base: str
) -> None:
    day = last_day(world, base)
    words = f"还欠 1 份材料，请在 {day}前补交"
    shown = page(client.get(base))
    assert words in shown
    assert TITLE in shown
    assert f'action="{base}/owed/{RULES}"' in shown
    assert words in page(client.get("/applications"))
    assert f"{day}前补交" in page(client.get(f"{base}/done"))


def test_handing_in_shows_the_file_and_the_list_is_quiet(client: FlaskClient, base: str) -> None:
    answer = upload(client, f"{base}/owed/{RULES}", PDF, "制度.pdf")
    assert answer.location == f"{base}#paper-{RULES}"
    upload(client, f"{base}/owed/{RULES}", PDF, "制度.pdf")
    shown = page(client.get(base))
    assert f"陈海珊补交“{TITLE}”：制度.pdf" in shown
    assert shown.count("补交“") == 1, "pressed twice, handed in once"
    assert "还欠" not in shown
    assert "还欠" not in page(client.get("/applications"))
    address = re.search(rf"{base}/files/([0-9a-f]+)", shown)
    assert address
    assert client.get(address[0]).data == PDF
    for _ in range(2):
        removed = client.post(f"{base}/owed/{RULES}", data={"remove_file": address[1]})
        assert removed.status_code == 303
    assert "还欠 1 份材料" in page(client.get(base))


def test_what_cannot_be_taken_is_said_at_its_place(client: FlaskClient, base: str) -> None:
    answer = upload(client, f"{base}/owed/{RULES}", b"MZ\x90", "制度.pdf")
    assert answer.status_code == 422
    shown = page(answer)
    assert "有错误：" in shown
    assert "“制度.pdf”没有收下" in shown
    assert f'href="#f-{RULES}"' in shown
    assert f'id="f-{RULES}"' in shown
    assert "还没有选择文件" in page(client.post(f"{base}/owed/{RULES}"))


def test_after_its_day_the_page_says_so_and_still_takes_it(
    world: World, client: FlaskClient
) -> None:
    base = sent_at(world, now() - timedelta(days=20))
    shown = page(client.get(base))
    assert "已过期限" in shown
    assert "现在仍可以补交" in shown
    assert "已过期限" in page(client.get("/applications"))
    upload(client, f"{base}/owed/{RULES}", PDF, "制度.pdf")
    shown = page(client.get(base))
    assert "已补交" in shown
    assert "remove_file" not in shown
    address = re.search(rf"{base}/files/([0-9a-f]+)", shown)
    assert address
    answer = client.post(f"{base}/owed/{RULES}", data={"remove_file": address[1]})
    assert answer.status_code == 422
    assert "补交期限已过" in page(answer)
    assert client.get(address[0]).data == PDF


def test_nobody_else_hands_in_and_nothing_else_is_taken(
    app: Flask, world: World, client: FlaskClient, base: str
) -> None:
    stranger = browser(app, world, world.meet(*STRANGER))
    assert upload(stranger, f"{base}/owed/{RULES}", PDF, "a.pdf").status_code == 404
    assert upload(client, f"{base}/owed/lease_contract", PDF, "a.pdf").status_code == 404
    client.post(f"{base}/withdraw", data={"reason": ""})
    assert upload(client, f"{base}/owed/{RULES}", PDF, "a.pdf").location == base
    assert "还欠" not in page(client.get(base))
    assert "还欠" not in page(client.get("/applications"))


def test_a_draft_owes_nothing_yet(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    address = f"/applications/{draft.application.id}/owed/{RULES}"
    assert upload(client, address, PDF, "a.pdf").status_code == 404


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_receipt_says_what_was_promised(client: FlaskClient, base: str, lang: str) -> None:
    client.set_cookie("language", lang)
    upload(client, f"{base}/owed/{RULES}", PDF, "制度.pdf")
    assert client.get(f"{base}/receipt.pdf").data.startswith(b"%PDF-")
    assert page(client.get(base)).count("<h1") == 1
