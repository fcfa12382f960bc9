"""Filling the form: facts come from sources, the rest from the person; nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from plugins.contract import Unavailable
from runtime.engine.prefill import offers
from runtime.journey import fill, start
from runtime.journey.deciding import deciding
from runtime.journey.draft import Draft
from runtime.store import Change, Conflict, NotFound, Refused
from runtime.store.changes import value_at
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import NOW, World

NAME = "applicant.party.name"


def post(draft: Draft, posted: dict[str, str], base: int | None = None) -> fill.Saved:
    """A post of these controls."""
    return fill.save(draft, MultiDict(posted), base or draft.application.version)


def a_text_question(draft: Draft) -> str:
    """A question that a person types into, with no source behind it."""
    return next(
        name
        for name, value in draft.answers.items()
        if name in draft.state.asked
        and name not in draft.application.provenance
        and draft.plan.questions[name].type == "text"
        and draft.plan.questions[name].role == "form"
    )


def test_what_a_licence_says_stands_as_a_fact_with_its_source(world: World) -> None:
    draft = world.filled("open_restaurant")
    source = draft.application.provenance[NAME]
    assert draft.answers[NAME] == "珠海市海珊餐饮有限公司"
    assert (source.origin, source.license_type, source.source, source.trust) == (
        "authority", "business_license", "office", "A",
    )  # fmt: skip


def test_every_request_says_for_which_items_and_which_application(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    assert sqlite_world.office.asked
    for _, types, purpose in sqlite_world.office.asked:
        assert types
        assert purpose.items
        assert purpose.case == draft.application.id


def test_only_those_who_may_be_asked_about_are_asked_about(sqlite_world: World) -> None:
    draft = sqlite_world.filled("sell_home")
    mine = {draft.identity.id_number, draft.identity.credit_code}
    assert {holder for holder, _, _ in sqlite_world.office.asked} <= mine


def test_a_browser_cannot_say_what_an_authority_vouches_for(world: World) -> None:
    draft = world.filled("open_restaurant")
    saved = post(draft, {NAME: "别的名字"})
    assert [problem.code for problem in saved.problems] == ["application.read_only"]
    assert world.open(draft.actor, draft.application.id).answers[NAME] == draft.answers[NAME]


def test_a_fact_that_is_wrong_becomes_the_persons_and_the_original_stays(world: World) -> None:
    draft = world.filled("open_restaurant")
    disputed = fill.dispute(draft, NAME, draft.application.version).draft
    changed = post(disputed, {NAME: "珠海市海珊餐饮管理有限公司"}).draft
    source = changed.application.provenance[NAME]
    assert changed.answers[NAME] == "珠海市海珊餐饮管理有限公司"
    assert source.original == "珠海市海珊餐饮有限公司"
    assert source.edited_by == draft.person.id
    restored = fill.restore(changed, NAME, changed.application.version).draft
    assert restored.answers[NAME] == "珠海市海珊餐饮有限公司"
    assert restored.application.provenance[NAME].edited_by is None


def test_a_disputed_value_is_not_filled_over_when_sources_are_asked_again(world: World) -> None:
    draft = world.filled("open_restaurant")
    disputed = fill.dispute(draft, NAME, draft.application.version).draft
    changed = post(disputed, {NAME: "别的名字"}).draft
    again = start.ask_again(changed, changed.application.version)
    assert again.answers[NAME] == "别的名字"


def test_what_cannot_be_read_is_kept_as_it_was_typed(world: World) -> None:
    draft = world.filled("open_restaurant")
    number = next(
        name
        for name in draft.state.asked
        if draft.plan.questions[name].type == "integer" and name not in draft.application.provenance
    )
    saved = post(draft, {number: "十来个"})
    assert [problem.where for problem in saved.problems] == [f"/{number}"]
    reopened = world.open(draft.actor, draft.application.id)
    assert reopened.application.typed[number] == ["十来个"]
    assert reopened.answers.get(number) is None
    assert [problem.where for problem in reopened.unreadable()] == [f"/{number}"]
    mended = post(reopened, {number: "１２"}).draft
    assert mended.answers[number] == 12
    assert number not in mended.application.typed


def test_an_answer_can_be_taken_away(world: World) -> None:
    draft = world.filled("open_restaurant")
    question = a_text_question(draft)
    assert question not in post(draft, {question: "  "}).draft.answers


def test_nothing_is_written_when_nothing_changed(world: World) -> None:
    draft = world.filled("open_restaurant")
    question = a_text_question(draft)
    with world.installation.store.queries() as queries:
        saved = post(draft, {question: draft.answers[question], "csrf_token": "x", "other": "y"})
    assert len(queries) == 0
    assert saved.draft.application.version == draft.application.version


def test_a_save_is_one_statement(world: World) -> None:
    draft = world.filled("open_restaurant")
    question = a_text_question(draft)
    with world.installation.store.queries() as queries:
        post(draft, {question: "新的回答"})
    assert len(queries) == 1


def test_two_tabs_that_change_different_questions_both_survive(world: World) -> None:
    draft = world.filled("open_restaurant")
    first, second = [
        name
        for name, value in draft.answers.items()
        if isinstance(value, str)
        and name in draft.state.asked
        and name not in draft.application.provenance
        and draft.plan.questions[name].type == "text"
    ][:2]
    base = draft.application.version
    post(draft, {first: "甲说的"}, base)
    post(world.open(draft.actor, draft.application.id), {second: "乙说的"}, base)
    final = world.open(draft.actor, draft.application.id)
    assert (final.answers[first], final.answers[second]) == ("甲说的", "乙说的")


def test_two_tabs_that_change_one_question_are_told(world: World) -> None:
    draft = world.filled("open_restaurant")
    question = a_text_question(draft)
    base = draft.application.version
    post(draft, {question: "甲说的"}, base)
    other = world.open(draft.actor, draft.application.id)
    with pytest.raises(Conflict) as conflict:
        post(other, {question: "乙说的"}, base)
    assert conflict.value.where == (question,)
    assert conflict.value.fresh.answers[question] == "甲说的"


def test_a_source_that_is_down_is_named_and_costs_nobody_the_form(world: World) -> None:
    world.office.fault = Unavailable("down")
    draft = world.filled("open_restaurant")
    assert draft.application.status == "draft"
    assert draft.application.sources["silent"]["office"]["code"] == "source.unavailable"


def test_asking_again_fills_what_was_missing(world: World) -> None:
    draft = world.filled("open_restaurant")
    licenses, world.office.licenses = world.office.licenses, []
    emptied = world.save(draft, Change(answers={NAME: None}, provenance={NAME: None}, licenses=()))
    world.office.licenses = licenses
    again = start.ask_again(emptied, emptied.application.version)
    assert again.answers[NAME] == "珠海市海珊餐饮有限公司"


def test_a_person_who_asks_again_does_not_wait_for_a_source_that_is_back(
    sqlite_world: World,
) -> None:
    sqlite_world.office.fault = Unavailable("down")
    draft = sqlite_world.begun("open_restaurant")
    draft = start.ask_again(draft, draft.application.version, pressed=True)
    sqlite_world.office.fault = None
    draft = start.ask_again(draft, draft.application.version)
    assert draft.application.sources["silent"]["office"]["code"] == "source.resting"
    draft = start.ask_again(draft, draft.application.version, pressed=True)
    assert not draft.application.sources["silent"]
    assert draft.answers[NAME] == "珠海市海珊餐饮有限公司"


def test_a_person_is_the_first_row_of_the_party_that_they_are(world: World) -> None:
    draft = world.filled("sell_home")
    own = [
        row
        for row in draft.answers[draft.application.party]
        if draft.identity.id_number in row.values()
    ]
    assert len(own) == 1


def test_his_own_row_and_his_home_lead_to_the_other_owner(world: World) -> None:
    draft = world.begun("sell_home")
    [own] = draft.answers["sellers"]
    assert own["person.id_type"] == "resident_id"
    assert draft.application.provenance["sellers/r1/person.id_type"].origin == "derived"
    [home] = draft.prefill.picks
    draft = fill.pick(draft, home.question, home.candidates[0].key, draft.application.version).draft
    [other] = draft.prefill.rows["sellers"]
    draft = fill.accept_row(draft, "sellers", other.key, draft.application.version).draft
    assert draft.answers["sellers"][1] == {"$row": "r2", "party.name": "吴秀兰"}
    assert not draft.prefill.rows
    typed = post(draft, {"sellers/r2/person.id_number": "440402197002144285"}).draft
    assert typed.answers["sellers"][1]["person.id_type"] == "resident_id"


def test_premises_that_are_picked_bring_their_building(world: World) -> None:
    draft = world.begun("open_restaurant", case=1)
    [place] = draft.prefill.picks
    assert place.question == "premises.premises.address"
    key = place.candidates[0].key
    draft = fill.pick(draft, place.question, key, draft.application.version).draft
    assert draft.answers["building.real_estate.unit_number"] == "440402001002GB00015F00010101"
    assert not draft.prefill.picks


def test_what_was_picked_says_which_licence_says_so_and_what_it_is_worth(world: World) -> None:
    draft = world.begun("open_restaurant", case=1)
    brought = [
        replace(one, source="own_document", trust="C", fetched_at=None)
        for one in draft.application.licenses
    ]
    draft = world.save(draft, Change(licenses=tuple(brought)))
    [place] = draft.prefill.picks
    key = place.candidates[0].key
    draft = fill.pick(draft, place.question, key, draft.application.version).draft
    told = draft.application.provenance[place.question]
    assert (told.origin, told.trust) == ("own_document", "C")
    assert place.candidates[0].license.data[told.license_field] == key


def test_picking_or_accepting_what_was_not_offered_is_an_error_of_the_browser(
    sqlite_world: World,
) -> None:
    draft = sqlite_world.begun("sell_home")
    [home] = draft.prefill.picks
    for question, key in ((home.question, ""), ("nothing", home.candidates[0].key)):
        with pytest.raises(LookupError):
            fill.pick(draft, question, key, draft.application.version)
    key = home.candidates[0].key
    draft = fill.pick(draft, home.question, key, draft.application.version).draft
    with pytest.raises(LookupError):
        fill.accept_row(draft, "sellers", "nobody", draft.application.version)


def test_a_worked_out_value_follows_until_it_is_disputed(world: World) -> None:
    draft = post(world.begun("sell_home"), {}).draft
    draft = fill.add_row(draft, "buyers", draft.application.version).draft
    draft = post(draft, {"buyers/r1/person.id_number": "440402199306062448"}).draft
    draft = post(draft, {"buyers/r1/person.id_number": "810000199408230021"}).draft
    kind = "buyers/r1/person.id_type"
    assert draft.answers["buyers"][0]["person.id_type"] == "hmt_residence_permit"
    draft = fill.dispute(draft, kind, draft.application.version).draft
    draft = post(draft, {kind: "passport"}).draft
    draft = post(draft, {"buyers/r1/person.id_number": "440402199306062448"}).draft
    assert draft.answers["buyers"][0]["person.id_type"] == "passport"


def test_rows_come_and_go(world: World) -> None:
    draft = world.filled("sell_home")
    table = draft.application.party
    before = len(draft.answers[table])
    added = fill.add_row(draft, table, draft.application.version).draft
    names = [row["$row"] for row in added.answers[table]]
    assert len(set(names)) == len(names) == before + 1
    gone = fill.remove_row(added, f"{table}/{names[-1]}", added.application.version).draft
    assert len(gone.answers[table]) == before


def test_a_cell_of_a_row_that_is_not_there_is_no_control(world: World) -> None:
    draft = world.filled("sell_home")
    table = draft.application.party
    column = next(iter(draft.plan.questions[table].columns))
    saved = post(draft, {f"{table}/r99/{column}": "谁"})
    assert saved.draft.application.version == draft.application.version


@pytest.mark.parametrize("control", ["nobody", "applicant.party.nothing"])
def test_what_is_not_of_the_form_cannot_be_disputed(sqlite_world: World, control: str) -> None:
    draft = sqlite_world.filled("open_restaurant")
    with pytest.raises(LookupError):
        fill.dispute(draft, control, draft.application.version)


def test_a_stranger_finds_nothing(world: World) -> None:
    draft = world.filled("open_restaurant")
    stranger = world.meet("440402199001010010", "路人")
    with pytest.raises(NotFound):
        world.open(stranger, draft.application.id)


def test_what_has_been_sent_is_not_changed_any_more(sqlite_world: World) -> None:
    draft = hand_in_everything(sqlite_world, sqlite_world.filled("open_restaurant"))
    question = a_text_question(draft)
    sent(sqlite_world, draft)
    with pytest.raises(Refused):
        post(sqlite_world.open(draft.actor, draft.application.id), {question: "还想改"})


def test_a_draft_can_be_resumed_for_28_days(world: World) -> None:
    draft = world.filled("open_restaurant")
    assert draft.application.expires_at is not None
    assert (draft.application.expires_at - NOW).days == 28


def test_sources_are_heard_again_when_what_they_listen_to_changes(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    saved = post(draft, {a_text_question(draft): "别的字"}).draft
    assert saved.application.version > draft.application.version
    assert saved.prefill is draft.prefill
    key = next(name for name in deciding(saved.plan) if name.endswith("enterprise.credit_code"))
    answers = {**saved.answers, key: "91440400MA4UNKNOWN"}
    other = sqlite_world.save(saved, Change(answers=answers))
    assert other.prefill is not saved.prefill
    assert other.prefill == offers(
        other.plan, other.answers, other.application.licenses, other.today, other.identity
    )


def with_rows(draft: Draft, table: str, times: int) -> Draft:
    """After so many presses of “add a row”."""
    for _ in range(times):
        draft = fill.add_row(draft, table, draft.application.version).draft
    return draft


def test_a_row_that_nobody_has_touched_is_used_before_another_is_added(world: World) -> None:
    draft = with_rows(world.begun("sell_home"), "sellers", 3)
    assert draft.answers["sellers"][1:] == [{"$row": "r2"}]
    draft = post(draft, {"sellers/r2/real_estate.share": "一半"}).draft
    draft = with_rows(draft, "sellers", 2)
    assert draft.answers["sellers"][1:] == [{"$row": "r2"}, {"$row": "r3"}]
    draft = post(draft, {"sellers/r2/real_estate.share": ""}).draft
    assert fill.untouched_rows(draft, "sellers") == ["r2", "r3"]


def test_a_row_left_empty_is_dropped_in_the_end_unless_the_table_needs_it(world: World) -> None:
    draft = with_rows(world.filled("sell_home"), "sellers", 1)
    draft = fill.drop_untouched_rows(draft, draft.application.version).draft
    assert not fill.untouched_rows(draft, "sellers")
    assert not draft.state.problems
    draft = with_rows(world.begun("sell_home"), "buyers", 1)
    draft = fill.drop_untouched_rows(draft, draft.application.version).draft
    assert draft.answers["buyers"] == [{"$row": "r1"}]


def test_what_cannot_be_read_in_a_cell_is_kept_until_it_can(world: World) -> None:
    cell = "sellers/r1/real_estate.share"
    draft = post(world.begun("sell_home"), {cell: "一半"}).draft
    draft = world.open(draft.actor, draft.application.id)
    assert draft.application.typed == {cell: ["一半"]}
    assert [problem.where for problem in draft.unreadable()] == [f"/{cell}"]
    draft = post(draft, {cell: ""}).draft
    assert not draft.application.typed
    draft = post(post(draft, {cell: "一半"}).draft, {cell: "50"}).draft
    assert not draft.application.typed
    assert value_at(draft.answers, cell) == 50


def test_what_can_not_be_read_keeps_nobody_once_it_is_not_asked_any_more(world: World) -> None:
    draft = world.filled("sell_home")
    price = "home.real_estate.acquired_price"
    draft = world.save(draft, Change(typed={price: ["很多"]}))
    assert price not in draft.state.shown
    assert draft.unreadable() == ()
    assert draft.application.typed[price] == ["很多"]


def test_what_can_not_be_read_in_a_row_that_is_not_there_keeps_nobody(world: World) -> None:
    draft = world.begun("sell_home")
    cells = {f"sellers/{row}/real_estate.share": ["一半"] for row in ("r1", "r9")}
    draft = world.save(draft, Change(typed=cells))
    assert [one.where for one in draft.unreadable()] == ["/sellers/r1/real_estate.share"]
