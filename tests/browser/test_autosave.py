"""Autosave in a real browser: one control a post, in turn, swapped in place, told in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, render_template_string, request
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect

from runtime.web.render import FormView
from tests.browser.served import bare_app, served
from tests.web.forms import pieces_of, question, state_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

PAGE = """
{% extends "base.html" %}
{% from "components/autosave.html" import autosave %}
{% from "components/status_line.html" import status_line %}
{% block main %}<h1>{{ title }}</h1>
<form method="post" action="/save" novalidate {{ autosave("/save", "status") }}>
<input type="hidden" id="version" name="version" value="0" data-always>
{{ form }}{{ status_line() }}{{ button("保存") }}</form>{% endblock %}
"""
QUESTIONS = {
    "name": question("name", "text"),
    "kind": question("kind", "choice"),
    "platform": question("platform", "text"),
    "many": question("many", "multi_choice"),
}


@dataclass
class Office:
    """A form in memory: `platform` is asked when the kind is takeaway."""

    posts: list[dict[str, list[str]]] = field(default_factory=list)
    status: int = 200
    slow: threading.Event = field(default_factory=threading.Event)

    def view(self) -> FormView:
        values = {name: sent[-1] for post in self.posts for name, sent in post.items()}
        state = state_of(QUESTIONS, {id: values[id] for id in ("name", "kind") if id in values})
        if values.get("kind") != "takeaway":
            del state.shown["platform"]
        return FormView(state)


def application(office: Office) -> Flask:
    app, pieces = bare_app(), pieces_of(QUESTIONS)

    @app.get("/")
    def show() -> str:
        return render_template_string(PAGE, title="申请", form=Markup(pieces.form(office.view())))

    @app.post("/save")
    def save() -> Response | tuple[str, int]:
        office.slow.wait(2)
        if office.status != 200:
            return "", office.status
        office.posts.append({name: request.form.getlist(name) for name in request.form})
        version = (
            f'<input type="hidden" id="version" name="version" value="{len(office.posts)}"'
            ' data-always hx-swap-oob="true">'
        )
        return Response(pieces.swap(["platform"], office.view()) + version)

    return app


@pytest.fixture
def office() -> Office:
    made = Office()
    made.slow.set()
    return made


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    with served(application(office)) as address:
        opened = browser.new_page()
        opened.goto(address)
        yield opened
        opened.close()


def control(name: str) -> str:
    return f"[id='f-{name}']"


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_attribute("data-state", "saved")


def test_a_change_posts_that_control_and_what_always_goes_along(page: Page, office: Office) -> None:
    page.fill(control("name"), "老街茶餐厅")
    page.press(control("name"), "Tab")
    saved(page)
    assert office.posts == [{"version": ["0"], "name": ["老街茶餐厅"]}]
    expect(page.locator("#status")).to_have_text("已保存")


def test_a_question_that_appears_takes_its_place(page: Page, office: Office) -> None:
    expect(page.locator(control("platform"))).to_have_count(0)
    page.check("[name=kind][value=takeaway]")
    expect(page.locator(control("platform"))).to_be_visible()
    page.check("[name=kind][value=dine_in]")
    expect(page.locator(control("platform"))).to_have_count(0)


def test_saves_wait_for_each_other_and_carry_the_version_of_the_one_before(
    page: Page, office: Office
) -> None:
    office.slow.clear()
    page.fill(control("name"), "老街")
    page.check("[name=kind][value=takeaway]")
    expect(page.locator("#status")).to_have_attribute("data-state", "saving")
    office.slow.set()
    expect(page.locator(control("platform"))).to_be_visible()
    assert [post["version"] for post in office.posts] == [["0"], ["1"]]
    assert [sorted(post)[0] for post in office.posts] == ["name", "kind"]


def test_none_of_many_quick_changes_is_dropped(page: Page, office: Office) -> None:
    office.slow.clear()
    page.fill(control("name"), "老街")
    page.check("[name=kind][value=takeaway]")
    page.check("[name=many][value=dine_in]")
    page.check("[name=many][value=takeaway]")
    office.slow.set()
    expect(page.locator("#version")).to_have_value("4")
    saved(page)
    assert [post["many"] for post in office.posts[2:]] == [
        ["", "dine_in"],
        ["", "dine_in", "takeaway"],
    ]


def test_what_is_being_typed_survives_the_answer_to_another_change(
    page: Page, office: Office
) -> None:
    office.slow.clear()
    page.check("[name=kind][value=takeaway]")
    page.focus(control("name"))
    page.keyboard.type("old str")
    office.slow.set()
    expect(page.locator(control("platform"))).to_be_visible()
    page.keyboard.type("eet")
    assert page.input_value(control("name")) == "old street"


def test_the_page_does_not_move_under_a_pressed_button(page: Page, office: Office) -> None:
    office.slow.clear()
    page.check("[name=kind][value=takeaway]")
    button = page.get_by_role("button", name="保存").bounding_box()
    assert button
    page.mouse.move(button["x"] + 5, button["y"] + 5)
    page.mouse.down()
    with page.expect_response("**/save"):
        office.slow.set()
    page.wait_for_timeout(200)
    expect(page.locator(control("platform"))).to_have_count(0)
    with page.expect_navigation():
        page.mouse.up()
    assert "name" in office.posts[-1], "the whole form was sent"


def test_taking_back_the_last_tick_is_saved_too(page: Page, office: Office) -> None:
    page.check("[name=many][value=dine_in]")
    saved(page)
    page.uncheck("[name=many][value=dine_in]")
    expect(page.locator("#version")).to_have_value("2")
    assert [post["many"] for post in office.posts] == [["", "dine_in"], [""]]


@pytest.mark.parametrize("status", [500, 503])
def test_a_save_that_fails_says_so_and_keeps_the_page(
    page: Page, office: Office, status: int
) -> None:
    office.status = status
    page.fill(control("name"), "老街")
    page.press(control("name"), "Tab")
    expect(page.locator("#status")).to_have_attribute("data-state", "failed")
    assert page.input_value(control("name")) == "老街"


def test_the_next_save_takes_along_what_could_not_be_saved(page: Page, office: Office) -> None:
    office.status = 503
    page.fill(control("name"), "老街")
    page.press(control("name"), "Tab")
    expect(page.locator("#status")).to_have_attribute("data-state", "failed")
    office.status = 200
    page.check("[name=kind][value=takeaway]")
    saved(page)
    assert office.posts == [{"version": ["0"], "name": ["老街"], "kind": ["takeaway"]}]


def test_back_on_the_network_what_could_not_be_saved_is_sent_again(
    page: Page, office: Office
) -> None:
    page.context.set_offline(True)
    page.fill(control("name"), "老街")
    page.press(control("name"), "Tab")
    expect(page.locator("#status")).to_have_attribute("data-state", "failed")
    page.context.set_offline(False)
    saved(page)
    assert [post["name"] for post in office.posts] == [["老街"]]


def test_leaving_asks_while_something_is_not_saved(page: Page, office: Office) -> None:
    office.status = 503
    page.fill(control("name"), "老街")
    page.press(control("name"), "Tab")
    expect(page.locator("#status")).to_have_attribute("data-state", "failed")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("about:blank")
    assert asked == ["beforeunload"]


def test_nothing_is_posted_while_a_syllable_is_composed(page: Page, office: Office) -> None:
    page.focus(control("name"))
    session = page.context.new_cdp_session(page)
    for text in ("l", "la", "lao"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    assert office.posts == []
    session.send("Input.insertText", {"text": "老"})
    page.press(control("name"), "Tab")
    saved(page)
    assert [post["name"] for post in office.posts] == [["老"]]
