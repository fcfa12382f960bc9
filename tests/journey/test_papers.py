"""Papers: spared by licences, handed in, committed to, put off; and never more than is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from definitions.problems import Problem
from runtime.journey import papers
from runtime.journey.draft import Draft
from runtime.journey.papers import HandIn
from runtime.store import Change, NotFound, Refused, StoredFile
from tests.journey.finishing import hand_in_everything, sent, upload
from tests.journey.world import World


def by_id(world: World, draft: Draft) -> dict[str, HandIn]:
    found = papers.hand_ins(world.open(draft.actor, draft.application.id))
    return {one.paper.id: one for one in found}


def test_nobody_is_asked_twice_for_the_paper_that_says_who_they_are(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    identities = [
        (one.paper.material, one.paper.row)
        for one in papers.hand_ins(draft)
        if one.paper.material.endswith("identity_proof")
    ]
    assert sorted(identities) == [
        ("transferee_identity_proof", "r1"),
        ("transferor_identity_proof", "r1"),
        ("transferor_identity_proof", "r2"),
    ]


def test_what_a_licence_spares_is_settled_and_names_it(world: World) -> None:
    draft = world.filled("open_restaurant")
    spared = by_id(world, draft)["business_license_copy"]
    assert spared.settled
    assert spared.paper.state == "waived"
    assert [one.type for one in spared.paper.licenses] == ["business_license"]


def test_what_a_person_brings_spares_no_paper(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    application = draft.application
    own = tuple(replace(one, trust="C") for one in application.licenses)
    draft = sqlite_world.save(draft, Change(licenses=own))
    assert not by_id(sqlite_world, draft)["business_license_copy"].settled


def test_a_paper_is_missing_until_its_file_is_there(world: World) -> None:
    draft = world.filled("open_restaurant")
    missing = {one.where for one in papers.missing(papers.hand_ins(draft))}
    assert "/papers/lease_contract" in missing
    assert "/papers/sign_site_photo" not in missing, "it is optional"
    stored = papers.add_file(draft, "lease_contract", replace(upload(), purpose="lease_contract"))
    assert isinstance(stored, StoredFile)
    found = by_id(world, draft)["lease_contract"]
    assert found.settled
    assert [one.id for one in found.files] == [stored.id]


def test_files_are_refused_in_words_and_leave_nothing(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    for file, code in (
        (upload(b"MZ not a pdf"), "file.unknown_type"),
        (upload(b"", "a.pdf"), "file.empty"),
        (upload(name="a.exe"), "file.disagrees"),
    ):
        problem = papers.add_file(draft, "lease_contract", replace(file, purpose="lease_contract"))
        assert isinstance(problem, Problem)
        assert problem.code == code
    assert not by_id(sqlite_world, draft)["lease_contract"].files


def test_no_more_files_than_the_strictest_item_takes(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    most = by_id(sqlite_world, draft)["lease_contract"].max_files
    outcomes = [
        papers.add_file(draft, "lease_contract", replace(upload(), purpose="lease_contract"))
        for _ in range(most + 1)
    ]
    assert isinstance(outcomes[-1], Problem)
    assert outcomes[-1].code == "file.too_many"


def test_a_commitment_is_kept_with_its_text_and_version(world: World) -> None:
    draft = world.filled("open_restaurant")
    papers.choose(draft, "fire_commitment", "commitment")
    found = by_id(world, draft)["fire_commitment"]
    assert found.settled
    (kept,) = found.record["commitments"].values()
    assert kept["version"] == found.texts[0].version
    assert kept["text"] == found.texts[0].text
    papers.take_back(world.open(draft.actor, draft.application.id), "fire_commitment")
    assert not by_id(world, draft)["fire_commitment"].settled


def test_a_commitment_to_another_version_does_not_count(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    papers.choose(draft, "fire_commitment", "commitment")
    found = by_id(sqlite_world, draft)["fire_commitment"]
    (use,) = found.record["commitments"]
    older = {use: {**found.record["commitments"][use], "version": "2019-1"}}
    assert not replace(found, record={**found.record, "commitments": older}).settled


def test_a_paper_that_may_follow_says_until_when(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    papers.choose(draft, "food_safety_rules", "may_follow")
    found = by_id(sqlite_world, draft)["food_safety_rules"]
    assert found.settled
    (due,) = papers.following(draft, found.paper)
    assert due.day == date(2026, 11, 26), "three working days from Monday 23 November"
    rules = by_id(sqlite_world, draft)["fire_rules"]
    assert papers.following(draft, rules.paper)[0].step is not None


def test_a_file_takes_the_place_of_a_promise(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    papers.choose(draft, "food_safety_rules", "may_follow")
    draft = sqlite_world.open(draft.actor, draft.application.id)
    papers.add_file(draft, "food_safety_rules", replace(upload(), purpose="food_safety_rules"))
    found = by_id(sqlite_world, draft)["food_safety_rules"]
    assert found.paper.state == "upload"
    assert found.files


def test_a_paper_of_a_row_names_its_person(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    found = by_id(sqlite_world, draft)["transferor_identity_proof.r2"]
    assert found.person == "吴秀兰"
    assert papers.titled(found)["zh-CN"].endswith("吴秀兰")


@pytest.mark.parametrize(
    ("paper", "choice"),
    [("nothing", "upload"), ("lease_contract", "may_follow"), ("business_license_copy", "upload")],
)
def test_what_is_not_offered_is_not_found(sqlite_world: World, paper: str, choice: str) -> None:
    draft = sqlite_world.filled("open_restaurant")
    with pytest.raises(NotFound):
        papers.choose(draft, paper, choice)


def test_nothing_changes_after_submission(sqlite_world: World) -> None:
    draft = hand_in_everything(sqlite_world, sqlite_world.filled("open_restaurant"))
    sent(sqlite_world, draft)
    draft = sqlite_world.open(draft.actor, draft.application.id)
    with pytest.raises(Refused):
        papers.choose(draft, "wall_owner_consent", "commitment")
    with pytest.raises(Refused):
        papers.add_file(draft, "lease_contract", replace(upload(), purpose="lease_contract"))
