"""Callbacks of other systems: signed or nothing, taken at once, heard once, worked on later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from plugins.contract import Done, Pending
from plugins.registry import discover
from plugins.sandbox.settings import addresses, callback_key, instances
from plugins.signed_http import webhooks
from runtime.store import SYSTEM
from runtime.web.application import create
from tests.journey.outside import Outside
from tests.journey.test_cases import submitted
from tests.journey.world import World, built

Call = Callable[..., int]
KEY = "check.query#1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}") as made:
        yield made


@pytest.fixture
def client(world: World) -> FlaskClient:
    app = create(world.installation)
    app.config.update(TESTING=True)  # with its protection of forms: no browser calls here
    return app.test_client()


@pytest.fixture
def call(client: FlaskClient) -> Call:
    """Call back as the register of enterprises does; whatever differs is named."""

    def send(handle: str, id: str = "msg_1", *, key: str = "", at: int = 0, to: str = "") -> int:
        body = json.dumps({"handle": handle, "data": {"status": "active"}}).encode()
        moment = at or int(datetime.now(UTC).timestamp())
        signed = webhooks.sign(key or callback_key("registry"), id, moment, body)
        answer = client.post(f"/callbacks/{to or 'registry'}", data=body, headers=signed)
        assert "Set-Cookie" not in answer.headers
        return answer.status_code

    return send


@pytest.fixture
def pending(world: World) -> tuple[str, Outside]:
    """An application whose first call will be answered in an hour, or when the system says so."""
    outside = Outside(world.installation)
    registry = outside.system("registry")
    registry.script = [Pending("h1", 3600, "")]
    id = submitted(world, "open_restaurant")
    outside.work()
    outside.now = datetime.now(UTC)
    genuine = discover().open(instances(addresses(), "https://yibiao.test/callbacks"), sandbox=True)
    registry.on_callback = genuine.connectors["registry"].on_callback  # type: ignore[method-assign]
    ledger = world.installation.store.ledger
    entry = outside.entry(id, KEY)
    ledger.rest(SYSTEM, entry, outside.now.replace(year=outside.now.year + 1))
    return id, outside


def test_a_callback_has_its_delivery_asked_after(
    world: World, pending: tuple[str, Outside], call: Call
) -> None:
    id, outside = pending
    woken: list[bool] = []
    world.installation.wake = lambda: woken.append(True)
    assert outside.work() == 0
    assert call("h1") == 202
    assert woken == [True]
    outside.systems["registry"].usual = Done({"status": "active", "abnormal": False})
    assert outside.work(1) == 1
    assert outside.systems["registry"].polled == ["h1"]
    assert outside.entry(id, KEY).standing == "done"


def test_the_same_message_is_heard_once(
    world: World, pending: tuple[str, Outside], call: Call
) -> None:
    woken: list[bool] = []
    world.installation.wake = lambda: woken.append(True)
    assert [call("h1"), call("h1"), call("h1", "msg_2")] == [202] * 3
    assert len(woken) == 2


def test_what_nobody_waits_for_is_taken_all_the_same(
    world: World, pending: tuple[str, Outside], call: Call
) -> None:
    woken: list[bool] = []
    world.installation.wake = lambda: woken.append(True)
    assert call("h2") == 202
    assert woken == []


@pytest.mark.usefixtures("pending")
def test_who_did_not_sign_or_comes_late_is_not_heard(call: Call) -> None:
    assert call("h1", key=callback_key("tax")) == 400
    assert call("h1", at=int(datetime.now(UTC).timestamp()) - 3600) == 400
    assert call("h1", to="nobody") == 404


def test_a_body_without_end_is_refused(client: FlaskClient, pending: object) -> None:
    answer = client.post("/callbacks/registry", data=b"x" * (300 * 1024))
    assert answer.status_code == 413
