"""Drafts: begun, saved, found again, sent once, withdrawn, erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.model import License, Provenance
from runtime.store import SYSTEM, Change, Conflict, NotFound, Refused, Slice
from tests.store.fixtures import ACME, NOW, Town

LATER = NOW + timedelta(minutes=5)
SLICE = Slice("food", "food_license", "market_regulation", {"area": 80})
SIGNATURE = {"name": "陈美玲", "confirmed": True}


def test_a_draft_keeps_everything_that_was_saved(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    source = Provenance("authority", source="office", trust="A", original="甲")
    license_ = License("business_license", "1", ACME, {"名称": "甲"}, valid_to="2030-01-01")
    change = Change(
        answers={"applicant.party.name": "甲", "staff": [{"$row": "r1", "name": "乙"}]},
        provenance={"applicant.party.name": source},
        papers={"lease_contract": {"files": ["f1"]}},
        confirmations={"truth": True},
        picks={"applicant.party.name": 0},
        licenses=(license_,),
    )
    saved = town.store.applications.save(actor, draft, draft.version, change, LATER)
    loaded = town.store.applications.load(actor, draft.id, LATER)
    assert loaded == saved
    assert loaded.answers == {"situation.area": 80, **change.answers}
    assert loaded.provenance == {"applicant.party.name": source}
    assert loaded.licenses == (license_,)
    assert (loaded.papers, loaded.confirmations, loaded.picks) == (
        change.papers, change.confirmations, change.picks,
    )  # fmt: skip
    assert loaded.expires_at == LATER + timedelta(days=28)
    assert saved.answers == loaded.answers
    assert saved.licenses == loaded.licenses


def test_two_tabs_that_change_different_places_both_survive(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    save(actor, draft, 1, Change(answers={"a": 1, "t/r1/x": 1}), LATER)
    both = save(actor, draft, 1, Change(answers={"b": 2, "t/r1/y": 2, "t/r2/x": 3}), LATER)
    rows = [{"$row": "r1", "x": 1, "y": 2}, {"$row": "r2", "x": 3}]
    assert both.answers == {"situation.area": 80, "a": 1, "b": 2, "t": rows}


def test_what_has_just_been_saved_the_same_way_is_not_saved_again(town: Town) -> None:
    """An autosave on its way when the whole form is sent: the page shown stays up to date."""
    actor, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    sent = save(actor, draft, 1, Change(answers={"a": 1}), LATER)
    late = save(actor, draft, 1, Change(answers={"a": 1}), LATER)
    assert late.version == sent.version
    assert save(actor, late, sent.version, Change(answers={"a": 2}), LATER).answers["a"] == 2


def test_two_tabs_that_change_the_same_place_conflict(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    first = save(actor, draft, 1, Change(answers={"a": 1, "t/r1/x": 1}), LATER)
    assert save(actor, draft, 1, Change(answers={"a": 1}), LATER).answers["a"] == 1
    for place in ("a", "t/r1", "t"):
        with pytest.raises(Conflict) as caught:
            save(actor, draft, 1, Change(answers={place: None}), LATER)
        assert caught.value.where == (place,)
        assert caught.value.fresh.answers == first.answers


def test_a_change_over_an_old_version_is_disputed_once_places_are_forgotten(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    save(actor, draft, 1, Change(answers={f"q{n}": n for n in range(500)}), LATER)
    with pytest.raises(Conflict):
        save(actor, draft, 1, Change(answers={"q0": "x"}), LATER)
    assert save(actor, draft, 2, Change(answers={"q0": "x"}), LATER).answers["q0"] == "x"


@pytest.mark.parametrize("size", [1, 30, 1000])
def test_saving_is_one_update_at_any_size(town: Town, size: int) -> None:
    actor, draft = town.people["owner"], town.draft()
    change = Change(answers={f"q{n}": "字" for n in range(size)})
    with town.store.queries() as queries:
        town.store.applications.save(actor, draft, draft.version, change, LATER)
    assert len(queries) == 1
    assert queries.statements[0].startswith("UPDATE")


def test_loading_and_sending_take_constant_queries(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    with town.store.queries() as queries:
        town.store.applications.load(actor, draft.id, NOW)
    assert len(queries) == 1
    with town.store.queries() as queries:
        town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, NOW)
    assert len(queries) == 6


def test_sending_gives_a_number_and_freezes_the_slices(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    receipt = town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, LATER)
    sent = receipt.application
    assert not receipt.repeated
    assert sent.status == "submitted"
    assert sent.number
    assert sent.number.startswith("4404-20261123-000001-")
    assert sent.submitted_at == LATER
    assert sent.expires_at is None
    (frozen,) = town.store.submissions.of(actor, sent)
    assert (frozen.data, frozen.unit) == ({"area": 80}, "market_regulation")
    assert town.store.submissions.get(town.people["officer"], frozen.id) == frozen
    assert town.store.submissions.arrived(town.people["officer"]) == [frozen.id]
    assert town.store.applications.load_by_number(actor, sent.number, NOW) == sent


def test_sending_twice_gives_the_same_application_and_says_so(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    submit = town.store.submissions.submit
    first = submit(actor, draft, (SLICE,), SIGNATURE, LATER)
    for held in (draft, first.application):
        again = submit(actor, held, (SLICE,), SIGNATURE, LATER)
        assert again.repeated
        assert again.application == first.application
    assert len(town.store.submissions.of(actor, first.application)) == 1


def test_what_changed_after_the_check_is_not_sent(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    town.store.applications.save(actor, draft, 1, Change(answers={"a": 1}), LATER)
    with pytest.raises(Conflict) as caught:
        town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, LATER)
    assert caught.value.fresh.answers["a"] == 1


def test_what_was_sent_can_not_be_changed(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    sent = town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, LATER).application
    for held in (draft, sent):
        with pytest.raises(Refused) as caught:
            town.store.applications.save(actor, held, 1, Change(answers={"a": 1}), LATER)
        assert caught.value.problem.code == "application.not_a_draft"
    with pytest.raises(Refused):
        town.store.applications.discard(actor, sent)


def test_a_sent_application_is_withdrawn_by_an_event(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    with pytest.raises(Refused):
        town.store.submissions.withdraw(actor, draft, "不办了", LATER)
    sent = town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, LATER).application
    gone = town.store.submissions.withdraw(actor, sent, "不办了", LATER)
    assert gone.status == "withdrawn"
    history = town.store.events.of(actor, gone)
    assert [event.kind for event in history] == ["created", "submitted", "withdrawn"]
    assert history[-1].data == {"reason": "不办了"}
    assert town.store.submissions.withdraw(actor, gone, "", LATER) == gone
    with pytest.raises(Refused):
        town.store.submissions.submit(actor, draft, (SLICE,), SIGNATURE, LATER)


def test_a_discarded_draft_leaves_nothing(town: Town) -> None:
    actor, draft, kept = town.people["owner"], town.draft(), town.draft()
    town.store.applications.discard(actor, draft)
    with pytest.raises(NotFound):
        town.store.applications.load(actor, draft.id, NOW)
    tables = town.store.ground.tables
    assert [row["application_id"] for row in tables.event.select().dicts()] == [kept.id]


def test_a_draft_past_its_days_is_gone_and_swept(town: Town) -> None:
    actor, draft = town.people["owner"], town.draft()
    sent = town.store.submissions.submit(actor, town.draft(), (), SIGNATURE, NOW).application
    end = NOW + timedelta(days=28)
    with pytest.raises(NotFound):
        town.store.applications.load(actor, draft.id, end)
    assert [one.id for one in town.store.applications.mine(actor, end)] == [sent.id]
    assert town.store.applications.sweep(SYSTEM, end - timedelta(seconds=1)) == 0
    assert town.store.applications.sweep(SYSTEM, end) == 1
    assert town.store.applications.load(actor, sent.id, end) == sent


def test_own_list_has_what_is_mine_as_owner_and_as_agent(town: Town) -> None:
    own, enterprise = town.draft("owner"), town.draft("agent")
    mine = town.store.applications.mine
    assert [(one.id, one.standing) for one in mine(town.people["owner"], NOW)] == [
        (own.id, "owner")
    ]
    assert [(one.id, one.standing) for one in mine(town.people["agent"], NOW)] == [
        (enterprise.id, "agent")
    ]
    assert mine(town.people["stranger"], NOW) == []


def test_an_application_needs_a_release_that_is_there(town: Town) -> None:
    with pytest.raises(NotFound):
        town.store.applications.create_draft(
            town.people["owner"], "0" * 64, "open_restaurant", "440402", "applicant", {}, NOW
        )
