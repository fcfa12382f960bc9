"""From the papers to the receipt, page by page, as a browser without scripts would go."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from runtime.journey import papers
from runtime.journey.draft import Draft
from runtime.store import SYSTEM, Actor
from runtime.web.application import create
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import PDF, World, built

BUYER = ("440402199306062448", "李晓雯")
WIFE = ("440402197002144285", "吴秀兰")
STRANGER = ("440403197707070039", "何不识")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with built(tmp_path, f"sqlite:///{tmp_path / 'pages.db'}") as made:
        yield made


@pytest.fixture
def app(world: World) -> Flask:
    made = create(world.installation)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def now() -> datetime:
    return datetime.now(UTC)


def browser(app: Flask, world: World, actor: Actor, lang: str = "zh-CN") -> FlaskClient:
    """Somebody who has signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = world.installation.store.sessions.start(SYSTEM, actor, now())
    client.set_cookie("language", lang)
    return client


def started(world: World, service: str = "open_restaurant") -> Draft:
    return world.filled(service, now=now())


def page(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def digest(answer: TestResponse) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', answer.get_data(as_text=True))
    assert found
    return found[1]


def test_the_papers_page_says_what_is_spared_and_why(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    html = page(client.get(f"/applications/{draft.application.id}/papers"))
    assert "租赁合同" in html
    assert "由营业执照 91440402MA5161619R" in html
    assert "440402198503124260" not in html, "a person's number is masked"
    assert html.count("<h1") == 1


def test_ones_own_applications_are_told_from_the_enterprises(app: Flask, world: World) -> None:
    draft = world.begun("sell_home", now=datetime.now(UTC))
    agent = world.meet("440402196811013192", draft.actor.name, "91440402MA5161619R")
    assert "以个人身份" in page(browser(app, world, agent).get("/applications"))
    assert "以个人身份" not in page(browser(app, world, draft.actor).get("/applications"))


def test_guide_and_papers_count_the_same(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    html = page(client.get(f"/applications/{draft.application.id}/papers"))
    left = re.search(r"还要交 (\d+) 份。还要作出 1 项承诺。", html)
    assert left, "a commitment is made on the page: it is no paper to hand in"
    guide = page(client.get("/services/open_restaurant"))
    figure = re.search(r"要交的纸.*?burden-line-after.*?<dd>(\d+)</dd>", guide)
    assert figure
    assert left[1] == figure[1]


def test_going_on_without_a_paper_says_which_and_where(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    answer = client.post(f"/applications/{draft.application.id}/papers")
    assert answer.status_code == 422
    html = page(answer)
    assert "有错误：" in html
    assert 'href="#f-lease_contract"' in html
    assert 'id="f-lease_contract"' in html
    assert 'href="#c-fire_commitment"' in html
    assert 'id="c-fire_commitment"' in html


def upload(client: FlaskClient, address: str, content: bytes, name: str) -> TestResponse:
    data = {"files": (io.BytesIO(content), name)}
    return client.post(address, data=data, content_type="multipart/form-data")


def test_a_file_is_handed_in_shown_and_removed(app: Flask, world: World) -> None:
    draft = started(world)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    answer = upload(client, f"{base}/papers/lease_contract/files", PDF, "租赁合同.pdf")
    assert answer.location.endswith("/papers#paper-lease_contract")
    html = page(client.get(f"{base}/papers"))
    assert "租赁合同.pdf" in html
    address = re.search(rf"{base}/files/([0-9a-f]+)", html)
    assert address
    shown = client.get(address[0])
    assert shown.data == PDF
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    client.post(f"{base}/papers/lease_contract/files", data={"remove_file": address[1]})
    assert client.get(address[0]).status_code == 404


def test_a_row_that_was_taken_over_has_the_page_come_back_to_it(app: Flask, world: World) -> None:
    draft = world.begun("sell_home", now=now())
    client, address = browser(app, world, draft.actor), f"/applications/{draft.application.id}/form"
    [home] = draft.prefill.picks
    sent = {f"candidate/{home.question}": home.candidates[0].key, "pick": home.question}
    client.post(address, data=sent | {"version": str(draft.application.version)})
    shown = page(client.get(address))
    offered = re.search(r'name="accept_row" value="([^"]+)"', shown)
    assert offered
    version = world.open(draft.actor, draft.application.id, now()).application.version
    taken = client.post(address, data={"accept_row": offered[1], "version": str(version)})
    assert taken.location.endswith("#r-sellers/r2")


def test_a_wrong_file_is_refused_in_words_on_the_page(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    address = f"/applications/{draft.application.id}/papers/lease_contract/files"
    answer = upload(client, address, b"MZ\x90", "合同.pdf")
    assert answer.status_code == 422
    assert "“合同.pdf”没有收下" in page(answer)
    assert "以下格式：PDF、JPG、PNG。" in page(answer)
    assert "还没有选择文件" in page(client.post(address))


def test_a_commitment_needs_the_tick_and_is_taken_back(app: Flask, world: World) -> None:
    draft = started(world)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}/papers"
    assert "待承诺" in page(client.get(base))
    assert client.post(f"{base}/fire_commitment/commit").status_code == 422
    client.post(f"{base}/fire_commitment/commit", data={"agree": "1"})
    assert "已用告知承诺代替" in page(client.get(base))
    assert "待承诺" not in page(client.get(base))
    client.post(f"{base}/fire_commitment/reset")
    assert "已用告知承诺代替" not in page(client.get(base))


def test_putting_off_shows_the_day(app: Flask, world: World) -> None:
    draft = started(world)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}/papers"
    client.post(f"{base}/food_safety_rules/defer")
    found = papers.hand_in(world.open(draft.actor, draft.application.id), "food_safety_rules")
    assert found.paper.state == "may_follow"
    assert "前补交" in page(client.get(base))
    assert client.post(f"{base}/lease_contract/defer").status_code == 404
    assert client.post(f"{base}/lease_contract/steal").status_code == 404


def test_a_broken_document_is_refused_in_words(app: Flask, world: World) -> None:
    draft = started(world)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    answer = upload(client, f"{base}/documents", PDF, "执照.pdf")
    assert answer.status_code == 422
    assert "没有收下" in page(answer)


def test_the_check_shows_every_section_and_every_slice(app: Flask, world: World) -> None:
    draft = started(world)
    client = browser(app, world, draft.actor)
    html = page(client.get(f"/applications/{draft.application.id}/check"))
    for use in draft.state.active:
        assert draft.plan.items[use].item.title["zh-CN"] in html
    assert "《中华人民共和国食品安全法》" in html
    assert "form?return=check#q-applicant.party.name" in html
    assert draft.answers["applicant.enterprise.credit_code"] in html
    assert "#q-applicant.enterprise.credit_code" not in html, "it can't be changed"
    assert "香洲区市场监督管理局" in html


def test_signing_without_tick_or_name_leads_to_both(app: Flask, world: World) -> None:
    draft = hand_in_everything(world, started(world))
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    answer = client.post(f"{base}/submit", data={"name": "别人"})
    assert answer.status_code == 422
    html = page(answer)
    for control in ("f-declared", "f-name"):
        assert f'href="#{control}"' in html
        assert f'id="{control}"' in html
    assert 'value="别人"' in html, "what was typed is not lost"


def send(client: FlaskClient, base: str, name: str) -> TestResponse:
    shown = client.get(f"{base}/check")
    data = {"digest": digest(shown), "declared": "1", "name": name}
    return client.post(f"{base}/submit", data=data)


def test_it_is_sent_once_and_the_second_time_says_so(app: Flask, world: World) -> None:
    draft = hand_in_everything(world, started(world))
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    answer = send(client, base, draft.person.name)
    assert answer.status_code == 303
    html = page(client.get(answer.location))
    number = world.open(draft.actor, draft.application.id, now()).application.number or ""
    assert number in html
    assert "已提交" in html
    again = client.post(f"{base}/submit", data={"declared": "1", "name": draft.person.name})
    assert "之前已经提交过" in page(client.get(again.location))
    assert client.get(f"{base}/check").location == base
    assert client.get(f"{base}/papers").location == base


def test_the_code_leads_to_the_application(app: Flask, world: World) -> None:
    draft = hand_in_everything(world, started(world))
    number = sent(world, draft).receipt.application.number
    client = browser(app, world, draft.actor)
    assert client.get(f"/q/{number}").location == f"/applications/{draft.application.id}"
    assert app.test_client().get(f"/q/{number}").location.startswith("/sign-in")
    stranger = browser(app, world, world.meet(*STRANGER))
    assert stranger.get(f"/q/{number}").status_code == 404


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_pages_after_sending_stand_in_both_languages(
    app: Flask, world: World, lang: str
) -> None:
    draft = hand_in_everything(world, started(world))
    sent(world, draft)
    client, base = browser(app, world, draft.actor, lang), f"/applications/{draft.application.id}"
    for path in ("", "/done", "/withdraw"):
        answer = client.get(base + path)
        assert answer.status_code == 200
        assert f'<html lang="{lang}"' in page(answer)
    receipt = client.get(f"{base}/receipt.pdf")
    assert receipt.mimetype == "application/pdf"
    assert receipt.data.startswith(b"%PDF-")


def test_withdrawing_asks_once_and_is_told(app: Flask, world: World) -> None:
    draft = hand_in_everything(world, started(world))
    sent(world, draft)
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    assert client.post(f"{base}/withdraw", data={"reason": "不办了"}).location == base
    html = page(client.get(base))
    assert "已撤回" in html
    assert "不办了" in html
    assert client.get(f"{base}/withdraw").location == base


def test_a_sale_is_signed_by_all_and_then_sent(app: Flask, world: World) -> None:
    draft = hand_in_everything(world, started(world, "sell_home"))
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    refused = send(client, base, draft.person.name)
    assert refused.status_code == 422
    assert "还没有邀请李晓雯确认" in page(refused)
    for party, who in (("buyers.r1", BUYER), ("sellers.r2", WIFE)):
        link = invited(client, base, party)
        other = browser(app, world, world.meet(*who))
        assert other.get(link).location == f"{base}/part"
        other.post(f"{base}/part/licences")
        shown = other.get(f"{base}/part")
        assert "已查询您的电子证照" in page(shown)
        data: dict[str, Any] = {"digest": digest(shown), "declared": "1", "name": who[1]}
        assert other.post(f"{base}/part", data=data).status_code == 303
        assert "您已签名" in page(other.get(f"{base}/part"))
        assert f'href="{base}"' in page(other.get("/applications"))
        assert other.get(base).location == f"{base}/part", "their list leads to their part"
    assert send(client, base, draft.person.name).location == f"{base}/done"
    number = world.open(draft.actor, draft.application.id, now()).application.number or ""
    followed = page(other.get(f"{base}/part"))
    assert number in followed
    assert "办理进度" in followed, "whoever signed follows it, too"
    assert "请核对" not in followed
    assert client.get(f"{base}/parties").location == base, "nobody is invited any more"
    with pdfplumber.open(io.BytesIO(client.get(f"{base}/receipt.pdf").data)) as receipt:
        (sheet,) = receipt.pages
        assert "买方：李晓雯" in sheet.extract_text()


def invited(client: FlaskClient, base: str, party: str) -> str:
    """The path of a link that was just made."""
    client.post(f"{base}/parties", data={"party": party})
    links = re.findall(
        r"https://yibiao\.test(/invitations/[\w-]+)", page(client.get(f"{base}/parties"))
    )
    return str(links[-1] if party.startswith("buyers") else links[0])


def test_an_invitation_for_somebody_else_says_so(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    base = f"/applications/{draft.application.id}"
    link = invited(browser(app, world, draft.actor), base, "buyers.r1")
    stranger = browser(app, world, world.meet(*STRANGER))
    answer = stranger.get(link)
    assert answer.status_code == 404
    assert "这份邀请不是给您的" in page(answer)
    assert stranger.get(f"{base}/part").status_code == 404
    assert f'name="back" value="{link}"' in page(answer)
    again = stranger.post("/sign-out", data={"back": link})
    assert again.location == link
    shown = app.test_client().get(link, follow_redirects=True)
    assert "有人请您确认一份申请" in page(shown)


def test_declining_needs_a_reason_and_the_applicant_sees_it(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    other = browser(app, world, world.meet(*BUYER))
    other.get(invited(client, base, "buyers.r1"))
    data = {"digest": digest(other.get(f"{base}/part")), "decline": "1"}
    assert other.post(f"{base}/part", data=data).status_code == 422
    other.post(f"{base}/part", data=data | {"reason": "价格不对"})
    assert "您写的原因：价格不对" in page(other.get(f"{base}/part"))
    assert "您没有同意" in page(other.get("/applications"))
    told = page(client.get(f"{base}/parties"))
    assert "价格不对" in told
    assert "重新邀请" in told
    assert "/invitations/" not in told, "the link that was answered leads nowhere new"


def test_what_a_party_wrote_is_kept_when_it_is_not_taken(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    other = browser(app, world, world.meet(*BUYER))
    other.get(invited(client, base, "buyers.r1"))
    answer = other.post(f"{base}/part", data={"declared": "1", "name": "李小文"})
    assert answer.status_code == 422
    assert 'value="李小文"' in page(answer)
    assert re.search(r'id="f-declared"[^>]* checked', page(answer))


def test_licences_can_be_asked_for_after_signing_too(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    other = browser(app, world, world.meet(*BUYER))
    other.get(invited(client, base, "buyers.r1"))
    data = {"digest": digest(other.get(f"{base}/part")), "declared": "1", "name": BUYER[1]}
    other.post(f"{base}/part", data=data)
    assert "同意查询我的电子证照" in page(other.get(f"{base}/part"))
    told = "李晓雯已签名，但没有同意查询电子证照"
    assert told in page(client.get(f"{base}/papers"))
    other.post(f"{base}/part/licences")
    assert told not in page(client.get(f"{base}/papers"))
    shown = page(other.get(f"{base}/part"))
    assert "已查询您的电子证照" in shown
    assert "您已签名" in shown, "what they signed is as it was"


def test_a_signature_that_no_longer_stands_is_shown_in_the_list(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    other = browser(app, world, world.meet(*BUYER))
    other.get(invited(client, base, "buyers.r1"))
    data = {"digest": digest(other.get(f"{base}/part")), "declared": "1", "name": BUYER[1]}
    other.post(f"{base}/part", data=data)
    assert "您已答复" in page(other.get("/applications"))
    world.answer(world.open(draft.actor, draft.application.id, now()),
                 {"contract.contract.price": 150000000})  # fmt: skip
    listed = page(other.get("/applications"))
    assert "内容改过，请重新确认" in listed
    assert "您已答复" not in listed
    assert "不用重新邀请" in page(client.get(f"{base}/parties"))


def test_a_party_is_told_when_it_changed_while_they_read(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    client, base = browser(app, world, draft.actor), f"/applications/{draft.application.id}"
    other = browser(app, world, world.meet(*BUYER))
    other.get(invited(client, base, "buyers.r1"))
    seen = digest(other.get(f"{base}/part"))
    world.answer(world.open(draft.actor, draft.application.id, now()),
                 {"contract.contract.price": 150000000})  # fmt: skip
    answer = other.post(f"{base}/part", data={"digest": seen, "declared": "1", "name": BUYER[1]})
    assert answer.status_code == 409
    assert "刚刚修改了与您有关的内容" in page(answer)


def test_a_party_that_is_not_named_yet_is_asked_for(app: Flask, world: World) -> None:
    draft = started(world, "sell_home")
    emptied = world.answer(draft, {"buyers": None})
    visitor = browser(app, world, emptied.actor)
    shown = page(visitor.get(f"/applications/{draft.application.id}/parties"))
    assert "还没有填写买方" in shown
    assert "这件事不需要别人确认" not in shown


def test_signing_in_leads_back_to_where_one_was(app: Flask, world: World) -> None:
    guide = "/services/sell_home"
    assert f'href="/sign-in?back={guide}"' in page(app.test_client().get(guide))
    signed = browser(app, world, world.meet(*BUYER))
    assert signed.get(f"/sign-in?back={guide}").location == guide
