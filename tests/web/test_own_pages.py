"""After sending, as a browser without scripts goes: supplied, signed, paid, agreed, taken back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from runtime.engine.approvals import PLATFORM, By
from runtime.engine.approvals.commands import Accept, Answer, Appoint, AskSupplement
from runtime.journey.cases import Case, act, digest_of, open_case
from runtime.journey.draft import Draft
from runtime.store import SYSTEM, Actor
from runtime.web.application import create
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.test_cases import GOOD, everybody
from tests.journey.world import PDF, World, built
from tests.web.test_finishing_pages import STRANGER, browser, digest, page


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'own.db'}") as made:
        yield made


@pytest.fixture
def app(world: World) -> Flask:
    made = create(world.installation)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def at_work(world: World, service: str = "open_restaurant") -> Draft:
    draft = hand_in_everything(world, world.filled(service, now=datetime.now(UTC)))
    sent(world, draft)
    return draft


def seen(world: World, id: str, actor: Actor = SYSTEM) -> Case:
    person = next(iter(world.people.values()))
    return open_case(world.installation, actor, person, id, datetime.now(UTC))


def queried(world: World, id: str) -> None:
    """The register has answered: the check is the office's."""
    run = seen(world, id).state.steps["check.query"].run
    answer = Answer(step="check.query", run=run, by=PLATFORM, result="done", data=GOOD)
    act(seen(world, id), answer)


def asks(world: World, id: str, fields: dict[str, str], papers: dict[str, str]) -> None:
    """The office asks for a supplement of the food licence."""
    officer = everybody(world)
    case = seen(world, id, officer)
    who = By(officer.person, officer.name, frozenset(officer.positions))
    step = next(
        one
        for one, state in case.state.steps.items()
        if state.standing == "open" and one.startswith("check.") and case.plan(one).kind == "review"
    )
    run = case.state.steps[step].run
    act(case, AskSupplement(step=step, run=run, by=who, fields=fields, papers=papers))


def a_field(draft: Draft, use: str = "check") -> tuple[str, str, str]:
    """A field of an item that takes text, its question and its value."""
    readings = draft.plan.items[use].readings
    for name in draft.state.slices(use):
        question = str(getattr(readings[name], "question", ""))
        known = draft.plan.questions.get(question)
        if known and known.type == "text" and known.takes_answer:
            return name, question, str(draft.answers[question])
    raise AssertionError(draft.state.slices(use))


def test_the_way_is_told_from_the_case(app: Flask, world: World) -> None:
    draft = at_work(world)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    html = page(client.get(base))
    assert "正在向有关系统核对" in html
    queried(world, draft.application.id)
    assert "市场监督管理局正在办理" in page(client.get(base))


def test_an_application_without_approvals_still_shows_what_is_expected(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = at_work(world)
    monkeypatch.setattr("runtime.journey.own.case_of", lambda draft: None)
    html = page(browser(app, world, draft.actor).get(f"/applications/{draft.application.id}"))
    assert "受理" in html


def test_a_supplement_changes_what_was_asked_and_nothing_else(app: Flask, world: World) -> None:
    draft = at_work(world)
    id = draft.application.id
    queried(world, id)
    name, question, old = a_field(draft)
    asks(world, id, {name: "与营业执照不一致"}, {})
    client, base = browser(app, world, draft.actor), f"/applications/{id}"
    assert f"{base}/supplement/check" in page(client.get(base))
    html = page(client.get(f"{base}/supplement/check"))
    assert "与营业执照不一致" in html
    assert f'name="{question}"' in html
    others = {"food.seats": "99"} if question != "food.seats" else {}
    answer = client.post(f"{base}/supplement/check", data={question: "", **others})
    assert answer.status_code == 422
    answer = client.post(f"{base}/supplement/check", data={question: old + "更正", **others})
    assert answer.status_code == 303, page(answer)
    case = seen(world, id)
    assert case.application.answers[question] == old + "更正"
    assert case.application.answers.get("food.seats") == draft.answers.get("food.seats")
    slices = world.installation.store.submissions.of(SYSTEM, case.application)
    mine = next(one for one in slices if one.use == "check")
    assert mine.data[name] == old + "更正"
    assert mine.digest == digest_of(case.draft, "check") == case.state.items["check"].digest
    told = case.stored.history[-1].data["slices"]["check"]
    assert told["from"] != told["to"] == mine.digest
    assert world.installation.store.events.verify_chain(SYSTEM, case.application) is None
    assert client.get(f"{base}/supplement/check").status_code == 404
    assert "答复" in page(client.get(base))


def test_a_paper_is_stored_with_the_answer_or_not_at_all(app: Flask, world: World) -> None:
    draft = at_work(world)
    id = draft.application.id
    queried(world, id)
    paper = next(
        one.id
        for one in draft.plan.materials.values()
        if any(use == "check" for use, _ in one.asks)
    )
    asks(world, id, {}, {paper: "看不清"})
    client, address = browser(app, world, draft.actor), f"/applications/{id}/supplement/check"
    assert "看不清" in page(client.get(address))
    assert client.post(address).status_code == 422

    def post(content: bytes) -> int:
        data = {f"paper-{paper}": (io.BytesIO(content), "清楚.pdf")}
        return client.post(address, data=data, content_type="multipart/form-data").status_code

    before = len(files(world, id))
    assert post(b"MZ") == 422
    assert len(files(world, id)) == before
    assert post(PDF) == 303
    assert files(world, id)[-1] == "清楚.pdf"


def files(world: World, id: str) -> list[str]:
    held = seen(world, id).application
    return [one.name for one in world.installation.store.files.of(SYSTEM, held)]


def test_nobody_else_finds_any_of_it(app: Flask, world: World) -> None:
    draft = at_work(world)
    id = draft.application.id
    queried(world, id)
    asks(world, id, {a_field(draft)[0]: "不对"}, {})
    stranger = browser(app, world, world.meet(*STRANGER))
    for path in ("", "/supplement/check", "/pay", "/withdraw", "/appointment/sign.survey",
                 "/dispute/check", "/sign/check.check"):  # fmt: skip
        assert stranger.get(f"/applications/{id}{path}").status_code == 404, path
    assert stranger.post(f"/applications/{id}/remind/check.check").status_code == 404


def test_items_are_taken_back_one_by_one_and_then_all(app: Flask, world: World) -> None:
    draft = at_work(world)
    id = draft.application.id
    client, base = browser(app, world, draft.actor), f"/applications/{id}"
    assert client.post(f"{base}/withdraw", data={"chosen": "1"}).status_code == 422
    assert client.post(f"{base}/withdraw", data={"use": "sign"}).location == base
    assert seen(world, id).state.items["sign"].ending == "withdrawn"
    assert seen(world, id).application.status == "submitted"
    assert "不能撤回" in page(client.get(f"{base}/withdraw"))
    left = [use for use, one in seen(world, id).state.items.items() if not one.ending]
    client.post(f"{base}/withdraw", data={"use": left, "reason": "不办了"})
    case = seen(world, id)
    assert {one.ending for one in case.state.items.values()} == {"withdrawn"}
    if case.state.closed_at:
        assert case.application.status == "withdrawn"


def test_a_time_is_agreed_or_another_proposed(app: Flask, world: World) -> None:
    draft = at_work(world)
    id, officer = draft.application.id, everybody(world)
    who = By(officer.person, officer.name, frozenset(officer.positions))
    for _ in range(60):
        case = seen(world, id)
        step = next(
            (
                one
                for one, state in case.state.steps.items()
                if state.standing == "open" and case.plan(one).settings.get("appointment")
            ),
            "",
        )
        if step:
            break
        advance(world, id, officer)
    run = seen(world, id).state.steps[step].run
    act(seen(world, id, officer), Appoint(step=step, run=run, by=who, at="2026-12-01T09:30"))
    client, base = browser(app, world, draft.actor), f"/applications/{id}"
    address = f"{base}/appointment/{step}"
    assert address in page(client.get(base))
    assert "2026-12-01 09:30" in page(client.get(address))
    bad = client.post(address, data={"run": run, "day": "某天", "hour": "9"})
    assert bad.status_code == 422
    assert 'value="某天"' in page(bad)
    client.post(address, data={"run": run, "agree": "2026-12-01T09:30"})
    assert seen(world, id).state.steps[step].appointment["agreed"]
    client.post(address, data={"run": run, "day": "2026-12-02", "hour": "10:00"})
    assert seen(world, id).state.steps[step].appointment["at"].startswith("2026-12-02T10:00")


def advance(world: World, id: str, officer: Actor) -> None:
    """The next step of the case is done as well as can be."""
    from tests.journey.test_cases import the_next

    command, platform = the_next(seen(world, id), officer)
    act(seen(world, id, SYSTEM if platform else officer), command)


def test_a_value_from_a_source_is_said_to_be_wrong(app: Flask, world: World) -> None:
    draft = at_work(world)
    id = draft.application.id
    client, base = browser(app, world, draft.actor), f"/applications/{id}"
    address = f"{base}/dispute/food"
    html = page(client.get(address))
    field = html.split('name="field" id="f-')[1].split('"')[0]
    assert client.post(address, data={"field": field}).status_code == 422
    client.post(address, data={"field": field, "words": "搬了家"})
    assert seen(world, id).state.items["food"].disputes == {field: "搬了家"}


def test_a_bill_names_its_lines_and_their_payers(app: Flask, tmp_path: Path) -> None:
    with built(
        tmp_path / "pay", f"sqlite:///{tmp_path / 'pay.db'}", ["connect_utilities"]
    ) as world:
        made = create(world.installation)
        made.config["WTF_CSRF_ENABLED"] = False
        draft = at_work(world, "connect_utilities")
        id, officer = draft.application.id, everybody(world)
        for _ in range(60):
            if seen(world, id).state.bills:
                break
            advance(world, id, officer)
        client, base = browser(made, world, draft.actor), f"/applications/{id}"
        assert f'href="{base}/pay"' in page(client.get(base))
        html = page(client.get(f"{base}/pay"))
        assert "待缴" in html
        assert "元" in html
        assert "银行正在生成缴费单" in html, "it isn't made at the bank yet"
        stranger = browser(made, world, world.meet(*STRANGER))
        assert stranger.get(f"{base}/pay").status_code == 404


def signing(world: World) -> tuple[Draft, str]:
    """A case in which another shareholder signs beside the applicant."""
    draft = world.filled("open_restaurant", case=2, now=datetime.now(UTC))
    [own] = draft.answers["shareholders"]
    half = {**own, "enterprise.subscribed_capital": own["enterprise.subscribed_capital"] // 2}
    other = {**half, "$row": "r2", "person.id_number": "440402197002144285", "party.name": "吴秀兰"}
    draft = world.answer(draft, {"shareholders": [half, other]})
    draft = hand_in_everything(world, draft)
    sent(world, draft)
    return draft, "registration.sign"


def test_a_party_signs_its_step_and_the_applicant_sees_who_has_not(
    app: Flask, world: World
) -> None:
    draft, step = signing(world)
    id = draft.application.id
    base = f"/applications/{id}"
    client = browser(app, world, draft.actor)
    html = page(client.get(base))
    assert f"{base}/sign/{step}" in html
    assert "等吴秀兰签名" in html
    other = browser(app, world, world.meet("440402197002144285", "吴秀兰"))
    assert f"{base}/sign/{step}" in page(other.get("/applications"))
    shown = other.get(f"{base}/sign/{step}")
    assert other.get(f"{base}/pay").status_code == 404
    run = seen(world, id).state.steps[step].run
    address = f"{base}/sign/{step}"
    assert f'name="run" value="{run}"' in page(shown)
    assert other.post(address, data={"run": run, "digest": digest(shown)}).status_code == 422
    data = {"run": run, "digest": "0" * 64, "declared": "1", "name": "吴秀兰"}
    assert other.post(address, data=data).status_code == 409
    other.post(address, data=data | {"digest": digest(shown)})
    assert "您已签名" in page(other.get(f"{base}/sign/{step}"))


def test_messages_are_listed_and_then_read(app: Flask, world: World) -> None:
    draft = at_work(world)
    store, held = world.installation.store, seen(world, draft.application.id).application
    client: FlaskClient = browser(app, world, draft.actor)
    store.messages.add(SYSTEM, held, "applicant", "item_accepted", {"item": "check"},
                       datetime.now(UTC))  # fmt: skip
    assert "1 条未读消息" in page(client.get("/applications"))
    assert "已受理" in page(client.get("/messages"))
    assert "未读消息" not in page(client.get("/applications"))


def test_acceptance_is_told(app: Flask, world: World) -> None:
    draft = at_work(world)
    id, officer = draft.application.id, everybody(world)
    queried(world, id)
    who = By(officer.person, officer.name, frozenset(officer.positions))
    act(seen(world, id, officer), Accept(step="check.check", run=1, by=who, yes=True))
    html = page(browser(app, world, draft.actor, "en").get(f"/applications/{id}"))
    assert "working day" in html
    assert "was accepted" in html
