"""A page joined of pieces is the page that its template gives when it is rendered whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from runtime.journey.draft import Draft
from runtime.store import SYSTEM, Enterprise
from runtime.web.application import create
from runtime.web.context import person_shown
from runtime.web.frame import framed, place
from runtime.web.identity.routes import TOKEN
from runtime.web.preferences import chosen
from runtime.web.render.escape import escape
from runtime.web.render.templates import render
from runtime.web.texts import speak
from tests.journey.world import World, built

HOSTILE = "<b>\"'&{{ 7 * 7 }}\ue000"
NAMES = (
    "version", "problems", "silent", "picks", "rows", "open", "situation", "form",
    "filled", "slices", "left", "steps",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'frame.db'}") as made:
        yield made


@pytest.fixture
def draft(world: World) -> Draft:
    return world.filled("open_restaurant", now=datetime.now(UTC))


@pytest.fixture
def app(world: World) -> Flask:
    return create(world.installation)


@pytest.fixture
def client(world: World, app: Flask, draft: Draft) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        sessions = world.installation.store.sessions
        session[TOKEN] = sessions.start(SYSTEM, draft.actor, datetime.now(UTC))
    return client


@pytest.mark.parametrize("wrong", [True, False])
@pytest.mark.parametrize("acting_for", ["", HOSTILE])
@pytest.mark.parametrize("cookies", ["", "language=en; size=large", "contrast=high"])
def test_a_joined_page_is_what_jinja_would_render(
    app: Flask, draft: Draft, cookies: str, acting_for: str, wrong: bool
) -> None:
    shown = {name: Markup(f"<i>{name} {HOSTILE}</i>") for name in NAMES}
    with app.test_request_context("/form?a=<&b=%22", headers={"Cookie": cookies}):
        speak(chosen().language)
        g.actor = replace(draft.actor, acting_for="9144")
        g.person = replace(
            draft.person, name=HOSTILE, enterprises=(Enterprise("9144", acting_for),)
        )
        plain = render(
            "apply/form.html",
            chosen().language,
            prefs=chosen(),
            sandbox=app.extensions["yibiao"].settings.sandbox,
            person=person_shown(),
            place=place(),
            csrf_token=generate_csrf,
            has_problems=wrong,
            title=HOSTILE,
            **shown,
        )
        filled = {**shown, "title": escape(HOSTILE)}
        for _ in range(2):
            assert framed("apply/form.html", filled, has_problems=wrong) == plain.strip()


def test_what_a_person_is_called_is_text_on_the_page(
    world: World, client: FlaskClient, draft: Draft
) -> None:
    person = world.people[draft.person.name]
    powers = list(person.enterprises)
    world.installation.store.people.meet(
        SYSTEM, person.number, HOSTILE, powers, datetime.now(UTC), phone=person.phone
    )
    page = client.get(f"/applications/{draft.application.id}/form").get_data(as_text=True)
    assert "&lt;b&gt;&#34;&#39;&amp;{{ 7 * 7 }}" in page
    assert HOSTILE not in page
