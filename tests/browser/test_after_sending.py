"""After sending, on a phone: supplied, signed, paid, and the state seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from runtime.engine.approvals.commands import AskSupplement
from runtime.journey.cases import act, by
from runtime.store import SYSTEM
from runtime.web.application import create
from tests.browser.papers import scan
from tests.browser.served import served
from tests.browser.visitor import Visitor, visitor
from tests.journey.test_cases import everybody
from tests.journey.world import World, built
from tests.web.test_own_pages import advance, at_work, seen, signing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
WIFE = ("440402197002144285", "吴秀兰")
TOKEN = "token"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = f"sqlite:///{tmp_path / 'after.db'}"
    with built(tmp_path, database, ["open_restaurant", "connect_utilities"]) as made:
        yield made


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with served(create(world.installation)) as address:
        yield address


def comes(browser: Browser, world: World, address: str, name: str) -> Visitor:
    """Somebody on a phone, without scripts, signed in already."""
    person = world.people[name]
    actor = world.meet(person.number, name, *(one.credit_code for one in person.enterprises[:1]))
    one = visitor(browser, address, [], "phone", scripts=False)
    token = world.installation.store.sessions.start(SYSTEM, actor, datetime.now(UTC))
    app = create(world.installation)
    with app.test_request_context():
        serializer = app.session_interface.get_signing_serializer(app)
        cookie = serializer.dumps({TOKEN: token})
    one.page.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
    return one


def test_on_a_phone_a_shareholder_signs(browser: Browser, world: World, address: str) -> None:
    draft, step = signing(world)
    base = f"/applications/{draft.application.id}"
    owner = comes(browser, world, address, draft.person.name)
    owner.go(base)
    owner.sees("还没有签名的人")
    world.meet(*WIFE)
    other = comes(browser, world, address, WIFE[1])
    other.go("/applications")
    other.go(f"{base}/sign/{step}")
    other.signs(WIFE[1], "签名")
    other.sees("您已签名")
    owner.go(base)
    owner.sees("都已签名")
    for one in (owner, other):
        one.leave()


def test_on_a_phone_a_supplement_is_answered_and_a_bill_is_seen(
    browser: Browser, world: World, address: str
) -> None:
    draft = at_work(world, "connect_utilities")
    id, officer = draft.application.id, everybody(world)
    base = f"/applications/{id}"
    case = seen(world, id, officer)
    step = next(one for one, state in case.state.steps.items() if state.standing == "open")
    use = step.partition(".")[0]
    paper = next(
        one.id for one in draft.plan.materials.values() if any(it == use for it, _ in one.asks)
    )
    name = next(
        name
        for name in draft.state.slices(use)
        if getattr(draft.plan.items[use].readings[name], "question", "") in draft.plan.answerable
    )
    ask = AskSupplement(step=step, run=1, by=by(case), fields={name: "与证照不一致"},
                        papers={paper: "看不清，请重新拍"})  # fmt: skip
    act(case, ask)
    owner = comes(browser, world, address, draft.person.name)
    owner.go(base)
    owner.page.locator(".notice a").first.click()
    owner.arrives("补正")
    owner.look()
    owner.press("提交补正", owner.page.locator(".actions"))
    assert owner.problems
    owner.page.locator("input[type=file]").set_input_files([scan("合同")])
    owner.press("提交补正", owner.page.locator(".actions"))
    assert owner.path == base
    for _ in range(60):
        if seen(world, id).state.bills:
            break
        advance(world, id, officer)
    owner.go(base)
    owner.go(f"{base}/pay")
    owner.sees("待缴")
    owner.go(f"{base}/withdraw")
    for _ in range(120):
        if seen(world, id).state.closed_at:
            break
        advance(world, id, officer)
    owner.go(base)
    owner.sees("已办结")
    owner.leave()
