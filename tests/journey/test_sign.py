"""Check, sign and send: what is signed, what keeps it back, and what the sources say once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from definitions import canonical
from plugins.contract import Unavailable
from runtime.journey.draft import Draft
from runtime.journey.papers import hand_ins
from runtime.journey.recheck import recheck
from runtime.journey.sign import Refusal, Sent, Signature, check, signed_record, submit
from runtime.store import Change, Conflict
from tests.journey.finishing import hand_in_everything, sent, signature
from tests.journey.world import NOW, World


def ready(world: World) -> Draft:
    return hand_in_everything(world, world.filled("open_restaurant"))


def refused(draft: Draft, given: Signature) -> list[str]:
    outcome = submit(draft, given)
    assert isinstance(outcome, Refusal)
    return [one.code for one in outcome.problems]


def test_a_complete_application_gets_a_number_and_every_office_its_slice(world: World) -> None:
    draft = ready(world)
    receipt = sent(world, draft).receipt
    assert receipt.application.number
    assert not receipt.repeated
    slices = world.installation.store.submissions.of(draft.actor, receipt.application)
    assert {one.use: one.data for one in slices} == {
        use: draft.state.slices(use) for use in draft.state.active
    }
    assert {one.unit for one in slices} >= {"xiangzhou_market_regulation"}


def test_sending_twice_makes_one_application_and_says_so(world: World) -> None:
    draft = ready(world)
    given = signature(draft)
    first, again = submit(draft, given), submit(draft, given)
    late = submit(world.open(draft.actor, draft.application.id), Signature("", "", declared=False))
    assert isinstance(first, Sent)
    for repeated in (again, late):
        assert isinstance(repeated, Sent)
        assert repeated.receipt.repeated
        assert repeated.receipt.application.number == first.receipt.application.number


def test_the_signature_is_over_exactly_what_was_shown(world: World) -> None:
    draft = ready(world)
    record = signed_record(draft, hand_ins(draft))
    application = sent(world, draft).receipt.application
    (event,) = [
        one
        for one in world.installation.store.events.of(draft.actor, application)
        if one.kind == "submitted"
    ]
    kept = event.data["signature"]
    assert kept["digest"] == canonical.digest(record)
    assert kept["papers"] == record["papers"]
    assert kept["texts"] == record["texts"]
    frozen = {one: canonical.digest(data) for one, data in record["slices"].items()}
    assert event.data["slices"] == frozen


def test_everything_that_is_missing_is_said_at_once(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    codes = refused(draft, Signature("", "别人", declared=False))
    assert {
        "application.paper_missing",
        "application.commitment_missing",
        "application.not_declared",
        "application.name_differs",
    } <= set(codes)
    assert sqlite_world.open(draft.actor, draft.application.id).application.status == "draft"


def test_who_wrote_nothing_is_told_to_write_their_name(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    assert refused(draft, Signature("", " ", declared=True)) == ["application.name_missing"]


def test_a_name_may_be_spaced_as_one_likes(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    spaced = " ".join(draft.person.name)
    assert isinstance(submit(draft, signature(draft, spaced)), Sent)


def test_what_changed_after_the_page_was_shown_is_not_signed(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    given = signature(draft)
    phone = {"legal_representative.party.phone": "13900000009"}
    assert refused(sqlite_world.answer(draft, phone), given) == ["application.changed_since_shown"]


def test_a_save_at_the_very_moment_of_sending_wins(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    given = signature(draft)
    sqlite_world.save(draft, Change(picks={"nothing": "x"}))
    with pytest.raises(Conflict):
        submit(draft, given)


def test_a_licence_revoked_meanwhile_stops_it_and_is_named(world: World) -> None:
    draft = ready(world)
    world.office.change("business_license", draft.application.enterprise or "", status="revoked")
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Refusal)
    assert [one.code for one in outcome.problems] == [
        "application.license_unusable",
        "application.paper_missing",
    ]
    mended = world.open(draft.actor, draft.application.id)
    assert mended.application.status == "draft"
    assert not [
        one
        for one in mended.application.provenance.values()
        if one.license_type == "business_license"
    ], "what it said counts as typed now"
    papers = {one.paper.id: one for one in hand_ins(mended)}
    assert not papers["business_license_copy"].settled, "the paper is asked for again"
    assert mended.answers == draft.answers, "no answer is lost"


def test_a_licence_that_says_something_else_now_is_brought_up_to_date(world: World) -> None:
    draft = ready(world)
    code = draft.application.enterprise or ""
    held = next(one for one in world.office.licenses if one.type == "business_license")
    scope = dict(held.data) | {"经营范围": "餐饮服务"}
    world.office.change("business_license", code, data=scope)
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Refusal)
    assert [one.code for one in outcome.problems] == ["application.license_changed"]
    assert "餐饮服务" in outcome.draft.answers.values()
    assert isinstance(submit(outcome.draft, signature(outcome.draft)), Sent)


def test_a_licence_that_nobody_knows_any_more_stops_it(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    sqlite_world.office.licenses = [
        one for one in sqlite_world.office.licenses if one.type != "business_license"
    ]
    assert refused(draft, signature(draft))[0] == "application.license_gone"
    kept = sqlite_world.open(draft.actor, draft.application.id).application.licenses
    assert "business_license" not in {one.type for one in kept}


def test_a_licence_that_has_expired_since_it_filled_the_form_stops_it_once(world: World) -> None:
    draft = ready(world)
    code = draft.application.enterprise or ""
    world.office.change("business_license", code, valid_to="2026-11-24")
    until = [
        replace(one, valid_to="2026-11-24") if one.type == "business_license" else one
        for one in draft.application.licenses
    ]
    draft = world.save(draft, Change(licenses=tuple(until)))
    draft = world.open(draft.actor, draft.application.id, NOW + timedelta(days=3))
    outcome = recheck(draft, hand_ins(draft))
    assert [one.code for one in outcome.problems] == ["application.license_unusable"]
    assert outcome.change is not None
    draft = world.save(draft, outcome.change)
    assert recheck(draft, hand_ins(draft)).problems == ()


def test_only_licences_that_a_source_has_answered_about_count_as_checked(
    sqlite_world: World,
) -> None:
    draft = ready(sqlite_world)
    assert recheck(draft, hand_ins(draft)).checked > 0
    sqlite_world.office.fault = Unavailable("down")
    assert recheck(draft, hand_ins(draft)).checked == 0


def test_a_silent_source_is_named_and_stops_nobody(world: World) -> None:
    draft = ready(world)
    world.office.fault = Unavailable("down")
    outcome = sent(world, draft)
    assert [one.source for one in outcome.silent] == ["office"]


def test_the_sources_hear_why_they_are_asked_again(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    sqlite_world.office.asked.clear()
    sent(sqlite_world, draft)
    assert sqlite_world.office.asked
    for _, types, purpose in sqlite_world.office.asked:
        assert types
        assert purpose.reason == "submission"
        assert purpose.case == draft.application.id


def test_a_withdrawn_paper_file_changes_what_is_signed(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    before = check(draft).digest
    paper = next(one for one in hand_ins(draft) if one.files)
    store = sqlite_world.installation.store
    store.files.remove(draft.actor, draft.application, paper.files[0].id)
    assert check(draft).digest != before


def test_trust_is_not_lost_on_licences_that_stay(sqlite_world: World) -> None:
    draft = ready(sqlite_world)
    sqlite_world.office.change(
        "business_license", draft.application.enterprise or "", status="suspended"
    )
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Refusal)
    kept = {one.type: one for one in outcome.draft.application.licenses}
    others = {one.type: one for one in draft.application.licenses}
    for name in set(others) - {"business_license"}:
        assert kept[name] == others[name]
    assert kept["business_license"] == replace(others["business_license"], status="suspended")
