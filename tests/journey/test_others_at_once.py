"""Several people on one application: nobody's licences, words or papers become another's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.asking import Asker
from runtime.journey import fill, papers, parties, start
from runtime.journey.draft import Draft
from runtime.journey.papers import hand_ins
from runtime.journey.recheck import recheck
from runtime.store import Actor, Change, NotFound, StoredFile
from tests.journey.finishing import upload
from tests.journey.test_parties import BUYER, WIFE, decided, invited, part
from tests.journey.world import NOW, World

SECOND_BUYER = {"$row": "r2", "party.name": "何不识", "person.id_number": "440403197707070039"}
IDENTITY = "transferee_identity_proof.r1"
HER_NUMBER = "buyers/r1/person.id_number"


def fresh(world: World, draft: Draft) -> Draft:
    return world.open(draft.actor, draft.application.id)


def authorise(world: World, actor: Actor, shown: parties.Part) -> None:
    parties.authorise(world.installation, actor, world.people[actor.name], shown, NOW)


def meanwhile(world: World, act: Any) -> None:
    """While the sources are asked the next time, this happens too, once."""
    asker, ask_all = world.installation.asker, world.installation.asker.ask_all

    def asked(*arguments: Any, **more: Any) -> Any:
        asker.ask_all = ask_all  # type: ignore[method-assign]
        report = ask_all(*arguments, **more)
        act()
        return report

    assert isinstance(asker, Asker)
    asker.ask_all = asked  # type: ignore[method-assign]


def spared(draft: Draft) -> set[str]:
    return {one.paper.id for one in hand_ins(draft) if one.paper.state == "waived"}


def test_asking_again_keeps_what_an_invited_person_has_let_be_asked(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    authorise(world, buyer, part(world, buyer, draft))
    draft = fresh(world, draft)
    assert IDENTITY in spared(draft)
    draft = start.ask_again(draft, draft.application.version, pressed=True)
    assert IDENTITY in spared(draft)
    assert BUYER[0] in {one.holder for one in draft.application.licenses}


def test_co_owners_share_the_number_of_a_certificate_and_both_keep_theirs(world: World) -> None:
    draft = world.filled("sell_home")
    wife = invited(world, draft, WIFE, "sellers.r2")
    authorise(world, wife, part(world, wife, draft))
    draft = fresh(world, draft)
    deeds = [one for one in draft.application.licenses if one.type == "real_estate_certificate"]
    assert {one.holder for one in deeds} == {draft.person.number, WIFE[0]}
    hers = replace(deeds[0], holder=WIFE[0], data={**deeds[0].data, "共有情况": "按份共有"})
    world.office.licenses = [
        hers if (one.type, one.holder) == (hers.type, hers.holder) else one
        for one in world.office.licenses
    ]
    draft = start.ask_again(draft, draft.application.version)
    assert recheck(draft, hand_ins(draft)).problems == ()


def test_two_invited_people_who_let_their_licences_be_asked_at_once(world: World) -> None:
    draft = world.filled("sell_home")
    wife = invited(world, draft, WIFE, "sellers.r2")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    hers = part(world, buyer, draft)
    meanwhile(world, lambda: authorise(world, wife, part(world, wife, draft)))
    authorise(world, buyer, hers)
    draft = fresh(world, draft)
    assert set(draft.authorised) == {WIFE[0], BUYER[0]}
    assert {WIFE[0], BUYER[0]} <= {one.holder for one in draft.application.licenses}


def test_what_the_applicant_types_while_sources_are_asked_is_not_called_verified(
    world: World,
) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    shown = part(world, buyer, draft)
    typed = "buyers/r1/party.name"
    meanwhile(world, lambda: world.answer(fresh(world, draft), {typed: "李小文"}))
    authorise(world, buyer, shown)
    now_is = fresh(world, draft)
    assert now_is.answers["buyers"][0]["party.name"] == "李小文"
    assert typed not in now_is.application.provenance
    assert HER_NUMBER in now_is.application.provenance


def test_what_the_applicant_has_disputed_is_not_shown_as_verified(sqlite_world: World) -> None:
    world = sqlite_world
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    authorise(world, buyer, part(world, buyer, draft))
    name = "buyers/r1/party.name"
    assert name in part(world, buyer, draft).verified
    draft = fresh(world, draft)
    draft = fill.dispute(draft, name, draft.application.version).draft
    world.answer(draft, {name: "李小文"})
    assert name not in part(world, buyer, draft).verified


def test_who_was_invited_sees_and_signs_nothing_of_who_is_named_there_now(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    shown = part(world, buyer, draft)
    others = {HER_NUMBER: SECOND_BUYER["person.id_number"], "buyers/r1/party.name": "何不识"}
    draft = world.answer(fresh(world, draft), others)
    with pytest.raises(NotFound):
        part(world, buyer, draft)
    with pytest.raises(NotFound):
        authorise(world, buyer, replace(shown, application=draft.application))
    assert BUYER[0] not in {one.holder for one in fresh(world, draft).application.licenses}


def test_a_row_that_went_leaves_its_papers_and_its_invitation_to_nobody(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    paper = next(one.paper.id for one in hand_ins(draft) if one.paper.id.endswith(IDENTITY))
    assert isinstance(papers.add_file(draft, paper, upload()), StoredFile)
    draft = fresh(world, draft)
    draft = fill.remove_row(draft, "buyers/r1", draft.application.version).draft
    draft = fill.add_row(draft, "buyers", draft.application.version).draft
    [row] = draft.answers["buyers"]
    assert row["$row"] == "r2"
    assert not any(one.files for one in hand_ins(draft) if one.paper.subject == "buyers")
    with pytest.raises(NotFound):
        part(world, buyer, draft)


def test_a_signature_does_not_stand_when_one_more_signs_beside(world: World) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    decided(world, buyer, draft)
    draft = fresh(world, draft)
    assert _confirmed(draft, "buyers.r1")
    draft = world.answer(draft, {"buyers": [*draft.answers["buyers"], SECOND_BUYER]})
    assert not _confirmed(draft, "buyers.r1")
    assert "buyers/r2/party.name" in part(world, buyer, draft).invitation.part
    decided(world, buyer, draft)
    assert _confirmed(fresh(world, draft), "buyers.r1")


def test_a_signature_is_over_the_texts_that_were_declared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = world.filled("sell_home")
    buyer = invited(world, draft, BUYER, "buyers.r1")
    declared = part(world, buyer, draft).texts
    decided(world, buyer, draft)
    draft = fresh(world, draft)
    told = world.installation.store.events.of(draft.actor, draft.application)[-1]
    assert told.data["texts"] == [dict(one) for one in declared]
    more = ({"zh-CN": "我放弃优先购买权。", "en": "I waive my right of first refusal."},)
    signing = parties._signers
    monkeypatch.setattr(
        parties, "_signers", lambda one: [(who, said + more) for who, said in signing(one)]
    )
    assert not _confirmed(draft, "buyers.r1")
    assert part(world, buyer, draft).texts == declared + more
    decided(world, buyer, draft)
    assert _confirmed(fresh(world, draft), "buyers.r1")


def test_a_stale_tab_that_disputes_again_keeps_what_the_source_said(world: World) -> None:
    draft = world.filled("open_restaurant")
    name = next(
        where
        for where, one in draft.application.provenance.items()
        if one.origin == "authority" and draft.plan.question(where).type == "text"
    )
    said = draft.answers[name]
    draft = fill.dispute(draft, name, draft.application.version).draft
    draft = world.save(draft, Change({name: "别的名字"}))
    draft = fill.dispute(draft, name, draft.application.version).draft
    assert draft.application.provenance[name].original == said


def _confirmed(draft: Draft, party: str) -> bool:
    return next(one for one in parties.needed(draft) if one.id == party).confirmed
