"""Every route: strangers are asked to sign in, neighbours find nothing, every page is guarded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from runtime.journey.draft import Draft
from runtime.store import SYSTEM, Actor
from runtime.web.application import create
from runtime.web.identity.routes import TOKEN
from tests.journey.world import World, built

PUBLIC = {
    "portal.home", "portal.find", "portal.guide", "portal.situation", "identity.sign_in",
    "identity.begin", "identity.complete", "identity.sign_out", "held.resume", "apply.begin",
    "preferences.choose", "design.show", "health", "static", "callbacks.receive",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("routes")
    with built(folder, f"sqlite:///{folder / 'one.db'}") as made:
        yield made


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    made = create(world.installation)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return made


@pytest.fixture(scope="module")
def draft(world: World) -> Draft:
    return world.filled("open_restaurant", now=datetime.now(UTC))


def client(app: Flask, world: World, actor: Actor | None = None) -> FlaskClient:
    made = app.test_client()
    if actor:
        token = world.installation.store.sessions.start(SYSTEM, actor, datetime.now(UTC))
        with made.session_transaction() as session:
            session[TOKEN] = token
    return made


def guarded(app: Flask, draft: Draft | None = None) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, address) that isn't for everybody."""
    values = {"application": draft.application.id if draft else "x"}
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("")
        for rule in app.url_map.iter_rules():
            if rule.endpoint in PUBLIC:
                continue
            arguments = {name: values.get(name, "x") for name in rule.arguments}
            address = adapter.build(rule.endpoint, arguments, method=None)
            methods = (rule.methods or set()) & {"GET", "POST"}
            found += [(rule.endpoint, method, address) for method in sorted(methods)]
    return found


def test_a_stranger_is_asked_to_sign_in_everywhere(app: Flask, world: World, draft: Draft) -> None:
    for endpoint, method, address in guarded(app, draft):
        answer = client(app, world).open(address, method=method)
        assert answer.status_code == 302, (endpoint, method, answer.status_code)
        assert answer.headers["Location"].startswith("/sign-in"), endpoint


def test_a_neighbour_finds_nothing(app: Flask, world: World, draft: Draft) -> None:
    neighbour = client(app, world, world.meet("440402199001010010", "邻居"))
    for endpoint, method, address in guarded(app, draft):
        if "/applications/" in address or address.startswith("/q/"):
            answer = neighbour.open(address, method=method)
            assert answer.status_code == 404, (endpoint, method, answer.status_code)


def test_what_a_stranger_was_sending_is_kept(app: Flask, world: World, draft: Draft) -> None:
    late = client(app, world)
    address = f"/applications/{draft.application.id}/form"
    question = "food.seats"
    sent = late.post(address, data={"version": "1", question: "36"})
    assert sent.status_code == 302
    token = world.installation.store.sessions.start(SYSTEM, draft.actor, datetime.now(UTC))
    with late.session_transaction() as session:
        session[TOKEN] = token
    shown = late.get("/continue").get_data(as_text=True)
    assert f'action="{address}"' in shown
    assert f'name="{question}" value="36"' in shown


def test_every_page_carries_the_policy_and_one_heading(
    app: Flask, world: World, draft: Draft
) -> None:
    visitor = client(app, world, draft.actor)
    pages = ["/", "/services", "/services?q=餐饮", "/services?q=无", "/services/sell_home",
             "/services/sell_home/situation", "/sign-out", "/nowhere", "/applications",
             f"/applications/{draft.application.id}/form",
             f"/applications/{draft.application.id}/papers",
             f"/applications/{draft.application.id}/check"]  # fmt: skip
    for address in pages:
        answer = visitor.get(address)
        html = answer.get_data(as_text=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert len(re.findall(r"<h1[ >]", html)) == 1, address
        assert '<html lang="zh-CN"' in html, address
        assert not re.findall(r"<[^>]+\s(?:style|on\w+)=", html), address


def test_a_page_in_english_has_no_chinese_words_of_ours(app: Flask, world: World) -> None:
    visitor = client(app, world)
    visitor.set_cookie("language", "en")
    for address in ("/", "/services/open_restaurant", "/services/open_restaurant/situation"):
        html = visitor.get(address).get_data(as_text=True)
        found = re.findall(r">([^<]*[\u4e00-\u9fff][^<]*)<", html)
        assert found == ["简体中文"], address


def test_a_crash_is_told_with_a_reference_and_logged(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(world.installation, "cards", broken)
    answer = client(app, world).get("/")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert re.search(r"[0-9A-F]{8}", html)
    assert "the disk is full" not in html


def test_back_never_leads_to_another_site(app: Flask, world: World, draft: Draft) -> None:
    visitor = client(app, world, draft.actor)
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = visitor.get("/sign-in", query_string={"back": back})
        assert answer.headers["Location"] == "/"
