"""The pages of staff: who sees what of a case, and what comes of what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from runtime.journey.cases import Case, open_case
from runtime.store import SYSTEM, Change
from runtime.web.application import create
from tests.journey.beyond import answer_for_others
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.test_cases import employ, everybody
from tests.journey.world import PDF, World, built
from tests.web.test_finishing_pages import browser, now, page

MARKET, FIRE = "xiangzhou_market_regulation", "xiangzhou_fire_rescue"
OFFICER, REVIEWER, APPROVER = (MARKET, "officer"), (MARKET, "reviewer"), (MARKET, "approver")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'work.db'}") as made:
        yield made


@pytest.fixture
def app(world: World) -> Flask:
    made = create(world.installation)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def case(world: World) -> str:
    """A sent application whose register has answered: the first office is to accept."""
    return submitted(world)


@pytest.fixture
def clerk(app: Flask, world: World) -> FlaskClient:
    return staff(app, world, "440402198601010010", "周敏", OFFICER)


@pytest.fixture
def reviewer(app: Flask, world: World) -> FlaskClient:
    return staff(app, world, "440402198602020029", "何建军", REVIEWER)


def submitted(world: World, service: str = "open_restaurant") -> str:
    draft = hand_in_everything(world, world.filled(service, now=now()))
    id = sent(world, world.open(draft.actor, draft.application.id, now())).receipt.application.id
    answer_for_others(world.installation, id, now())
    return id


def staff(
    app: Flask, world: World, number: str, name: str, *positions: tuple[str, str]
) -> FlaskClient:
    return browser(app, world, employ(world, number, name, *positions))


def stored(world: World, id: str) -> Case:
    return open_case(world.installation, SYSTEM, next(iter(world.people.values())), id, now())


def say(client: FlaskClient, address: str, way: str, **words: object) -> TestResponse:
    """Post what the page at an address would, with the run and version that it shows."""
    html = client.get(address).get_data(as_text=True)
    run = re.search(r'name="run" value="(\d+)"', html)
    version = re.search(r'name="version" value="(\d+)"', html)
    assert run, "nothing to do on the page"
    assert version
    return client.post(f"{address}/{way}", data={"run": run[1], "version": version[1], **words})


def to_review(world: World, clerk: FlaskClient, case: str) -> str:
    """The case until food is to be reviewed; the address of that."""
    say(clerk, f"/work/{case}/check.check", "decide", outcome="approve")
    answer_for_others(world.installation, case, now())
    say(clerk, f"/work/{case}/food.accept", "decide", outcome="accept")
    return f"/work/{case}/food.review"


def test_the_list_tells_in_one_look(clerk: FlaskClient, case: str) -> None:
    html = page(clerk.get("/work"))
    for words in ("营业执照信息核验 · 核验", "珠海市海珊餐饮有限公司", "4404-", "个工作日",
                  "香洲区市场监督管理局 · 经办人"):  # fmt: skip
        assert words in html
    assert '本岗位 <span class="soft number">1</span>' in html
    assert "没有单独等您的" in page(clerk.get("/work?view=mine"))
    number = re.search(r"4404-\d+-\d+-\w", html)
    assert number
    assert case in page(clerk.get(f"/work?number={number[0].lower()}"))
    assert "没有符合条件的" in page(clerk.get("/work?number=9999"))
    assert "没有符合条件的" in page(clerk.get("/work?service=sell_home"))
    assert case in page(clerk.get("/work?order=opened"))


def test_whoever_holds_no_position_finds_no_such_page(app: Flask, world: World, case: str) -> None:
    nobody = browser(app, world, world.meet("440402199001010010", "邻居"))
    for address in ("/work", f"/work/{case}/check.check", "/work/batch"):
        assert nobody.get(address).status_code == 404


def test_another_department_finds_nothing(app: Flask, world: World, case: str) -> None:
    fire = staff(app, world, "440402198603030037", "彭涛", (FIRE, "officer"))
    customs = staff(app, world, "440402198604040045", "韦刚", ("customs", "officer"))
    assert fire.get(f"/work/{case}/fire.accept").status_code == 200
    for step in ("check.check", "food.review", "nowhere.at_all"):
        assert fire.get(f"/work/{case}/{step}").status_code == 404, step
        assert fire.post(f"/work/{case}/{step}/decide").status_code == 404, step
    assert customs.get(f"/work/{case}/fire.accept").status_code == 404
    assert case not in page(fire.get("/work"))


def test_a_page_holds_nothing_of_other_departments(
    app: Flask, world: World, clerk: FlaskClient, case: str
) -> None:
    fire = staff(app, world, "440402198603030037", "彭涛", (FIRE, "officer"))
    plan = stored(world, case).draft.plan
    food, own = (page(one.get(f"/work/{case}/{step}")) for one, step in (
        (clerk, "food.accept"), (fire, "fire.accept")))  # fmt: skip
    fields = {use: plan.items[use].item.form.fields for use in ("food", "fire")}
    titles = {use: {one.title["zh-CN"] for one in fields[use].values()} for use in fields}
    assert any(one in food for one in titles["food"] - titles["fire"])
    assert not [one for one in titles["fire"] - titles["food"] if f"<dt>{one}</dt>" in food]
    assert not [one for one in titles["food"] - titles["fire"] if f"<dt>{one}</dt>" in own]


def test_a_paper_is_for_those_who_get_it(
    app: Flask, world: World, clerk: FlaskClient, case: str
) -> None:
    fire = staff(app, world, "440402198603030037", "彭涛", (FIRE, "officer"))
    html = page(clerk.get(f"/work/{case}/food.accept"))
    files = re.findall(rf"/work/{case}/food.accept/files/([0-9a-f]+)", html)
    theirs = re.findall(
        rf"/work/{case}/fire.accept/files/([0-9a-f]+)", page(fire.get(f"/work/{case}/fire.accept"))
    )
    only_food, only_fire = set(files) - set(theirs), set(theirs) - set(files)
    assert only_food
    assert only_fire
    for file in only_food:
        answer = clerk.get(f"/work/{case}/food.accept/files/{file}")
        assert answer.data == PDF
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert fire.get(f"/work/{case}/fire.accept/files/{file}").status_code == 404
        assert clerk.get(f"/work/{case}/check.check/files/{file}").status_code == 404
        assert clerk.get(f"/applications/{case}/files/{file}").status_code == 404
    beside = clerk.get(f"/work/{case}/food.accept?file={files[0]}")
    assert "frame-src 'self'" in beside.headers["Content-Security-Policy"]
    assert "<iframe" in page(beside)
    plain = clerk.get(f"/work/{case}/food.accept").headers["Content-Security-Policy"]
    assert "frame-src" not in plain


def test_sources_and_doubts_stand_at_the_answers(world: World, clerk: FlaskClient) -> None:
    draft = world.filled("open_restaurant", now=now())
    name = "applicant.party.name"
    known = draft.application.provenance[name]
    edited = replace(known, original=draft.answers[name], edited_by=draft.person.id)
    draft = world.save(draft, Change(answers={name: "另一个名字"}, provenance={name: edited}))
    hand_in_everything(world, draft)
    held = world.open(draft.actor, draft.application.id, now())
    assert held.application.provenance[name].edited_by
    id = sent(world, held).receipt.application.id
    answer_for_others(world.installation, id, now())
    html = page(clerk.get(f"/work/{id}/check.check"))
    assert "可信等级 A" in html
    assert "申请人改过。原为“珠海市海珊餐饮有限公司”（营业执照" in html


def test_accepting_and_approving_go_on_with_the_next(
    world: World, clerk: FlaskClient, case: str
) -> None:
    address = f"/work/{case}/check.check"
    answer = say(clerk, address, "decide", outcome="accept")
    assert answer.status_code == 303
    assert answer.location == address, "the same step is to be approved, too"
    html = page(clerk.get(address))
    assert "“营业执照信息核验”的决定已提交。" in html
    assert 'value="accept"' not in html
    assert say(clerk, address, "decide", outcome="approve", opinion="无误").location == "/work"
    state = stored(world, case).state.steps["check.check"]
    assert (state.standing, state.outcome) == ("done", "approved")
    assert case in page(clerk.get("/work?view=done"))
    over = page(clerk.get(address))
    assert "现在不用您办理" in over
    assert 'name="outcome"' not in over
    assert "无误" in over


def test_what_cannot_be_said_comes_back_with_the_reason_and_the_words(
    world: World, app: Flask, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    answer = say(reviewer, address, "decide", opinion="写了很久的意见")
    assert answer.status_code == 422
    html = page(answer)
    assert "有错误：" in html
    assert "写了很久的意见</textarea>" in html
    assert 'href="#f-decide-outcome"' in html
    answer = say(reviewer, address, "decide", outcome="reject")
    assert 'href="#f-decide-opinion">请写明意见。' in page(answer)
    assert re.search(r'value="reject" checked', page(answer))
    answer = say(reviewer, address, "return", reason="材料看不清", mode="direct")
    assert answer.status_code == 422
    assert "请选择已经办完的上一步。" in page(answer)
    assert "材料看不清</textarea>" in page(answer)
    assert say(reviewer, address, "accept").status_code == 404
    assert say(reviewer, address, "hold", kind="expert", reason="x").status_code == 422


def test_after_a_return_the_earlier_opinion_is_confirmed_with_one_click(
    world: World, app: Flask, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    approver = staff(app, world, "440402198605050053", "罗慧", APPROVER)
    say(reviewer, address, "decide", outcome="approve", opinion="书面材料齐全")
    decide = f"/work/{case}/food.decide"
    say(approver, decide, "return", to="review", mode="redo", reason="再看一下面积")
    html = page(reviewer.get(address))
    assert "您上次的意见" in html
    assert "书面材料齐全" in html
    assert "再看一下面积" in html
    assert say(reviewer, address, "confirm").status_code == 303
    state = stored(world, case).state.steps["food.review"]
    assert (state.run, state.outcome, state.votes[0].opinion) == (2, "approved", "书面材料齐全")


def test_a_supplement_is_written_by_ticking(
    world: World, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    html = page(reviewer.get(f"{address}/supplement"))
    assert 'name="field" value="seats"' in html
    nothing = say(reviewer, address, "supplement")
    assert "请勾选要补正的内容或材料。" in page(nothing)
    no_why = say(reviewer, address, "supplement", field="seats")
    assert no_why.status_code == 422
    assert 'href="#f-supplement-why-field/seats"' in page(no_why)
    words = {"why-field/seats": "与平面图不一致"}
    assert say(reviewer, address, "supplement", field="seats", **words).status_code == 303
    item = stored(world, case).state.items["food"]
    assert item.supplement
    assert item.supplement.fields == {"seats": "与平面图不一致"}
    html = page(reviewer.get(address))
    assert "等申请人补正" in html
    assert 'name="outcome"' not in html


def test_handing_over_is_to_colleagues_only(
    app: Flask, world: World, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    colleague = employ(world, "440402198606060061", "甘霖", (MARKET, "reviewer"))
    outsider = employ(world, "440402198607070071", "外人", ("customs", "officer"))
    html = page(reviewer.get(address))
    assert f'value="{colleague.person}"' in html
    assert outsider.person not in html
    assert say(reviewer, address, "transfer", person=outsider.person).status_code == 422
    assert say(reviewer, address, "transfer", person=colleague.person).status_code == 303
    assert case in page(browser(app, world, colleague).get("/work?view=mine"))
    assert "这一步由甘霖办理。" in page(reviewer.get(address))


def test_who_comes_second_is_told_what_happened(
    app: Flask, world: World, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    second = staff(app, world, "440402198606060061", "甘霖", REVIEWER)
    html = second.get(address).get_data(as_text=True)
    shown = dict(re.findall(r'name="(run|version)" value="(\d+)"', html))
    say(reviewer, address, "decide", outcome="reject", opinion="场所不符")
    late = {**shown, "outcome": "approve", "opinion": "同意发证"}
    answer = second.post(f"{address}/decide", data=late)
    assert answer.status_code == 409
    html = page(answer)
    assert "这件刚刚有了变化" in html
    assert "何建军办理“书面审查”：不同意" in html
    assert "场所不符" in html
    assert "同意发证" in html, "what was written isn't lost"


def test_another_department_s_step_stands_in_nobody_s_way(
    app: Flask, world: World, clerk: FlaskClient, case: str
) -> None:
    fire = staff(app, world, "440402198603030037", "彭涛", (FIRE, "officer"))
    say(clerk, f"/work/{case}/check.check", "decide", outcome="approve")
    answer_for_others(world.installation, case, now())
    address = f"/work/{case}/food.accept"
    html = clerk.get(address).get_data(as_text=True)
    shown = dict(re.findall(r'name="(run|version)" value="(\d+)"', html))
    before = stored(world, case).application.version
    done = say(fire, f"/work/{case}/fire.accept", "decide", outcome="accept")
    assert done.status_code == 303
    assert stored(world, case).application.version > before
    answer = clerk.post(f"{address}/decide", data={**shown, "outcome": "accept"})
    assert answer.status_code == 303


def test_several_are_approved_with_one_opinion_and_each_result_is_told(
    world: World, clerk: FlaskClient, case: str
) -> None:
    other = submitted(world)
    html = clerk.get("/work").get_data(as_text=True)
    keys = re.findall(r'name="task" value="([^"]+)"', html)
    assert len(keys) == 2
    chosen = clerk.get("/work/batch", query_string={"task": keys})
    assert "一起同意 2 件" in page(chosen)
    empty = clerk.post("/work/batch", data={"task": keys})
    assert empty.status_code == 422
    say(clerk, f"/work/{other}/check.check", "decide", outcome="approve")
    result = page(clerk.post("/work/batch", data={"task": keys, "opinion": "一并同意"}))
    assert "已同意 1 件，1 件没有办成。" in result
    assert "刚有变化，请打开查看" in result
    assert stored(world, case).state.steps["check.check"].votes[0].opinion == "一并同意"


def test_a_batch_takes_no_case_of_others(app: Flask, world: World, case: str) -> None:
    fire = staff(app, world, "440402198603030037", "彭涛", (FIRE, "officer"))
    forged = {"task": f"{case}/check.check/1/6", "opinion": "同意"}
    html = page(fire.post("/work/batch", data=forged))
    assert "已同意 0 件" in html
    assert "营业执照" not in html
    assert stored(world, case).state.steps["check.check"].standing == "open"


def test_what_a_step_records_is_asked_read_and_demanded(tmp_path: Path) -> None:
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}", ["connect_utilities"]) as world:
        app = create(world.installation)
        app.config["WTF_CSRF_ENABLED"] = False
        all_round = everybody(world)
        surveyor = browser(app, world, all_round)
        id = submitted(world, "connect_utilities")
        for step in [one for one in stored(world, id).state.steps if one.endswith(".accept")]:
            say(surveyor, f"/work/{id}/{step}", "decide", outcome="accept")
        answer_for_others(world.installation, id, now())
        address = f"/work/{id}/water.survey"
        html = page(surveyor.get(address))
        assert "是否具备接入条件" in html
        assert "一起办理的其他部门" in html
        missing = page(say(surveyor, address, "decide", outcome="approve"))
        assert 'href="#f-record.feasible"' in missing
        assert say(surveyor, address, "appoint", day="明天").status_code == 422
        said = say(surveyor, address, "appoint", day="2026-12-01", hour="9:30")
        assert said.location == address
        assert "已向申请人提出：2026-12-01 09:30" in page(surveyor.get(address))
        recorded = {"record.feasible": "true", "record.opinion": "管网就在门口"}
        done = say(surveyor, address, "decide", outcome="approve", **recorded)
        assert done.status_code == 303, page(done)
        state = stored(world, id).state.steps["water.survey"]
        assert state.form == {"feasible": True, "opinion": "管网就在门口"}
        scheme = page(surveyor.get(f"/work/{id}/water.scheme"))
        assert "前面的记录：现场踏勘" in scheme
        assert "管网就在门口" in scheme


def test_the_header_leads_staff_to_their_work(app: Flask, world: World) -> None:
    client = browser(app, world, world.meet("440402199001010010", "邻居"))
    assert 'href="/work"' not in page(client.get("/"))
    with client.session_transaction() as session:
        session["staff"] = True
    assert 'href="/work"' in page(client.get("/"))
    assert 'href="/work"' in page(client.get("/applications"))


def test_a_page_in_english_has_none_of_our_chinese(
    app: Flask, world: World, clerk: FlaskClient, reviewer: FlaskClient, case: str
) -> None:
    address = to_review(world, clerk, case)
    reviewer.set_cookie("language", "en")
    for place in ("/work", "/work?view=done", f"{address}/supplement"):
        html = reviewer.get(place).get_data(as_text=True)
        assert re.findall(r"<h1>([^<]*[\u4e00-\u9fff][^<]*)<", html) == []
        assert not re.findall(r"<label[^>]*>([^<]*[\u4e00-\u9fff][^<]*)<", html), place
