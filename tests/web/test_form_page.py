"""The form's page over HTTP: what its buttons and its single answers do, scripts or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from runtime.journey.draft import Draft
from runtime.store import SYSTEM
from runtime.web.application import create
from tests.journey.world import World, built

DOMICILE = "applicant.enterprise.domicile"
ELSEWHERE = "广东省珠海市香洲区迎宾南路2188号1层104铺"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'form.db'}") as made:
        yield made


@pytest.fixture
def draft(world: World) -> Draft:
    """A draft about whose company's address two licences disagree."""
    draft = world.filled("open_restaurant", now=datetime.now(UTC))
    license_ = next(one for one in world.office.licenses if one.type == "business_license")
    data = {**license_.data, "住所": ELSEWHERE}
    other = replace(license_, data=data, number="0001", identifier="0001")
    world.office.licenses.append(other)
    return draft


@pytest.fixture
def client(world: World, draft: Draft) -> FlaskClient:
    app = create(world.installation)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as session:
        sessions = world.installation.store.sessions
        session["token"] = sessions.start(SYSTEM, draft.actor, datetime.now(UTC))
    client.post(f"/applications/{draft.application.id}/form", data={"ask_again": ""})
    return client


def opened(world: World, draft: Draft) -> Draft:
    return world.open(draft.actor, draft.application.id, datetime.now(UTC))


@pytest.mark.parametrize(("page", "headers"), [("answers", {"HX-Request": "true"}), ("form", {})])
def test_where_sources_disagree_the_person_says_which_is_right(
    world: World, draft: Draft, client: FlaskClient, page: str, headers: dict[str, str]
) -> None:
    before = opened(world, draft)
    offered = [one.value for one in before.prefill.conflicts[DOMICILE]]
    assert ELSEWHERE in offered
    other = next(n for n, value in enumerate(offered) if value != before.answers[DOMICILE])
    sent = {f"choose/{DOMICILE}": str(other), "version": str(before.application.version)}
    answer = client.post(f"/applications/{draft.application.id}/{page}", data=sent, headers=headers)
    after = opened(world, draft)
    assert answer.status_code < 500
    assert after.answers[DOMICILE] == offered[other]
    assert after.application.provenance[DOMICILE].origin == "authority"


@pytest.mark.parametrize(
    "sent",
    [
        {f"choose/{DOMICILE}": "7"},
        {f"choose/{DOMICILE}": "eins"},
        {"choose/nothing": "0"},
        {"candidate/premises.premises.address": "甲"},
    ],
)
def test_what_is_no_answer_of_the_form_changes_nothing(
    world: World, draft: Draft, client: FlaskClient, sent: dict[str, str]
) -> None:
    before = opened(world, draft).answers
    address = f"/applications/{draft.application.id}/answers"
    assert client.post(address, data=sent, headers={"HX-Request": "true"}).status_code == 200
    assert opened(world, draft).answers == before


def test_a_sign_in_that_has_ended_is_told_as_such(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["token"] = "long gone"
    answer = client.get("/applications", follow_redirects=True)
    assert "登录已超时" in answer.get_data(as_text=True)


def test_services_most_people_come_for_stand_first(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert page.index("/services/open_restaurant") < page.index("/services/sell_home")
