"""Other parties: who must confirm, what each sees, gives and answers."""

from __future__ import annotations

import pytest

from runtime.journey import parties
from runtime.journey.draft import Draft
from runtime.journey.papers import hand_ins
from runtime.journey.sign import Refusal, Sent, submit
from runtime.store import Actor, Decision, NotFound, Refused
from tests.journey.finishing import hand_in_everything, sent, signature
from tests.journey.world import NOW, World

BUYER = ("440402199306062448", "李晓雯")
WIFE = ("440402197002144285", "吴秀兰")


def invited(world: World, draft: Draft, who: tuple[str, str], party: str) -> Actor:
    """Somebody who has signed in and opened the link that was made for them."""
    token = parties.invite(draft, party)
    actor = world.meet(*who)
    world.installation.store.parties.open(actor, token, NOW)
    return actor


def part(world: World, actor: Actor, draft: Draft) -> parties.Part:
    person = world.people[actor.name]
    return parties.part(world.installation, actor, person, draft.application.id, NOW)


def decided(world: World, actor: Actor, draft: Draft, kind: str = "sign") -> None:
    shown = part(world, actor, draft)
    decision = Decision(kind, shown.invitation.digest, actor.name, "不同意价格")  # type: ignore[arg-type]
    party = shown.invitation.party.id
    world.installation.store.parties.answer(actor, party, decision, NOW)


def test_everybody_else_on_whose_behalf_a_step_signs_must_confirm(world: World) -> None:
    draft = world.filled("sell_home")
    assert [(one.id, one.name) for one in parties.needed(draft)] == [
        ("sellers.r2", "吴秀兰"),
        ("buyers.r1", "李晓雯"),
    ]
    assert all(one.texts for one in parties.needed(draft))


def test_nobody_declares_to_have_checked_what_is_not_decided_yet(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    for one in parties.needed(draft):
        texts = [text["zh-CN"] for text in one.texts]
        assert any("我已核对合同内容" in text for text in texts)
        assert not any("税费" in text for text in texts), "the bureau works them out later"


def test_an_enterprise_on_its_own_needs_nobody(sqlite_world: World) -> None:
    assert parties.needed(sqlite_world.filled("open_restaurant")) == []


def test_a_party_sees_its_own_part_and_the_thing_and_not_the_others(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    shown = part(world, buyer, draft).invitation.part
    assert shown["buyers/r1"]["party.name"] == "李晓雯"
    assert shown["contract.contract.price"] == 198000000
    assert shown["sellers/r1/party.name"] == "周建国"
    assert "13800000004" not in str(shown), "the other side's phone is none of theirs"
    assert "440402196811013192" not in str(shown), "nor is their number"


def test_nobody_else_opens_the_link(world: World) -> None:
    draft = world.filled("sell_home")
    token = parties.invite(draft, "buyers.r1")
    stranger = world.meet("440403197707070039", "何不识")
    with pytest.raises(NotFound):
        world.installation.store.parties.open(stranger, token, NOW)
    with pytest.raises(NotFound):
        part(world, stranger, draft)


def test_letting_ones_licences_be_asked_for_verifies_ones_row_and_spares_papers(
    world: World,
) -> None:
    draft = world.filled("sell_home")
    before = {one.paper.id for one in hand_ins(draft) if not one.settled}
    buyer = invited(world, draft, BUYER, "buyers.r1")
    world.office.asked.clear()
    shown = part(world, buyer, draft)
    parties.authorise(world.installation, buyer, world.people["李晓雯"], shown, NOW)
    assert {holder for holder, _, _ in world.office.asked} == {BUYER[0]}
    shown = part(world, buyer, draft)
    assert shown.authorised
    assert "buyers/r1/person.id_number" in shown.verified
    draft = world.open(draft.actor, draft.application.id)
    after = {one.paper.id for one in hand_ins(draft) if not one.settled}
    assert "transferee_identity_proof.r1" in before - after


def test_what_a_licence_says_otherwise_is_told_and_not_overwritten(sqlite_world: World) -> None:
    world = sqlite_world
    draft = world.filled("sell_home")
    draft = world.answer(draft, {"buyers/r1/party.name": "李小文"})
    buyer = invited(world, draft, BUYER, "buyers.r1")
    shown = part(world, buyer, draft)
    parties.authorise(world.installation, buyer, world.people["李晓雯"], shown, NOW)
    shown = part(world, buyer, draft)
    assert shown.at_odds["buyers/r1/party.name"].value == "李晓雯"
    assert shown.application.answers["buyers"][0]["party.name"] == "李小文"


def test_it_is_sent_when_everybody_has_signed(world: World) -> None:
    draft = hand_in_everything(world, world.filled("sell_home"))
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Refusal)
    assert {one.code for one in outcome.problems} == {"application.party_not_invited"}
    wife = invited(world, draft, WIFE, "sellers.r2")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Refusal)
    assert {one.code for one in outcome.problems} == {"application.party_waiting"}
    decided(world, wife, draft)
    decided(world, buyer, draft)
    assert isinstance(sent(world, world.open(draft.actor, draft.application.id)), Sent)


def test_a_changed_answer_takes_a_signature_back(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    decided(world, buyer, draft)
    draft = world.open(draft.actor, draft.application.id)
    problems = {one.where: one.code for one in parties.unconfirmed(parties.needed(draft))}
    assert "/parties/buyers.r1" not in problems
    draft = world.answer(draft, {"contract.contract.price": 150000000})
    problems = {one.where: one.code for one in parties.unconfirmed(parties.needed(draft))}
    assert problems["/parties/buyers.r1"] == "application.party_changed"
    decided(world, buyer, draft)
    draft = world.open(draft.actor, draft.application.id)
    problems = {one.where: one.code for one in parties.unconfirmed(parties.needed(draft))}
    assert "/parties/buyers.r1" not in problems


def test_declining_says_why_and_leaves_the_application_waiting(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    buyer = invited(sqlite_world, draft, BUYER, "buyers.r1")
    decided(sqlite_world, buyer, draft, "decline")
    draft = sqlite_world.open(draft.actor, draft.application.id)
    one = next(one for one in parties.needed(draft) if one.id == "buyers.r1")
    assert one.party is not None
    assert one.party.record["reason"] == "不同意价格"
    assert [problem.code for problem in parties.unconfirmed([one])] == [
        "application.party_declined"
    ]


def test_after_submission_nothing_is_given_any_more(sqlite_world: World) -> None:
    world = sqlite_world
    draft = hand_in_everything(world, world.filled("sell_home"))
    wife = invited(world, draft, WIFE, "sellers.r2")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    decided(world, wife, draft)
    decided(world, buyer, draft)
    sent(world, world.open(draft.actor, draft.application.id))
    shown = part(world, buyer, draft)
    with pytest.raises(Refused):
        parties.authorise(world.installation, buyer, world.people["李晓雯"], shown, NOW)


def test_nobody_is_invited_who_need_not_confirm(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    for party in ("sellers.r1", "bank", "nobody"):
        with pytest.raises(NotFound):
            parties.invite(draft, party)
