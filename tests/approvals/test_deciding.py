"""Rules 9 to 11, and what officers may do: who they are, and every action, on and off."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.engine.approvals import By
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.deciding import tally
from runtime.engine.approvals.state import Signer, Vote
from tests.approvals.worlds import (
    APPLICANT,
    EVERY_ACTION,
    MONDAY,
    REVIEW,
    STAFF,
    Story,
    process,
    who,
)

YES, NO = True, False


def one(**settings: Any) -> Story:
    """A single review, with every action on."""
    return Story(process({"a": {"x": {**REVIEW, **settings}}}, fields={"a": ["name"]}))


def votes(*said: bool) -> list[Vote]:
    return [Vote(f"p{number}", yes, "", MONDAY) for number, yes in enumerate(said)]


@pytest.mark.parametrize(
    ("rule", "many", "said", "expected"),
    [
        # 会签
        ({"pass": "all"}, 3, [YES, YES], None),
        ({"pass": "all"}, 3, [YES, YES, YES], True),
        ({"pass": "all"}, 3, [YES, NO], False),
        ({"pass": "all", "reject": "all"}, 3, [YES, YES, NO], False),
        ({"pass": "all", "reject": 2}, 3, [NO, YES], None),
        ({"pass": "all", "reject": 2}, 3, [NO, YES, NO], False),
        # 或签
        ({"pass": "any"}, 3, [YES], True),
        ({"pass": "any"}, 3, [NO], False),
        ({"pass": "any", "reject": "all"}, 3, [NO, NO], None),
        ({"pass": "any", "reject": "all"}, 3, [NO, NO, YES], True),
        ({"pass": "any", "reject": "all"}, 3, [NO, NO, NO], False),
        # 票签
        ({"pass": 2, "reject": 2}, 3, [YES, NO], None),
        ({"pass": 2, "reject": 2}, 3, [YES, NO, YES], True),
        ({"pass": 2, "reject": 2}, 3, [NO, YES, NO], False),
        ({"pass": 2, "reject": "all"}, 3, [YES, NO, NO], False),
        # a count is never more than the signers
        ({"pass": 5, "reject": 5}, 2, [YES, YES], True),
        ({"pass": 5, "reject": 5}, 2, [NO, NO], False),
        # rejection is looked at first
        ({"pass": 1, "reject": 1}, 2, [NO, YES], False),
        ({"pass": "any", "reject": "any", "stop_early": False}, 2, [YES, NO], False),
        # stop_early: nothing is decided before all have spoken
        ({"pass": "any", "stop_early": False}, 3, [YES, YES], None),
        ({"pass": "any", "stop_early": False}, 3, [YES, YES, YES], True),
        ({"pass": "all", "reject": "any", "stop_early": False}, 2, [NO], None),
        # silent: all must agree, one no is enough
        ({}, 2, [YES], None),
        ({}, 2, [NO], False),
    ],
)
def test_rule_09_what_votes_come_to(
    rule: dict[str, Any], many: int, said: list[bool], expected: bool | None
) -> None:
    """Rejection first; when all have voted and neither rule holds, it is not passed."""
    signers = [Signer(f"p{number}") for number in range(many)]
    assert tally(rule, signers, votes(*said)) is expected


def test_rule_09_a_person_counts_once() -> None:
    """Neither by voting again, nor by handing on after a vote, nor by being named twice."""
    story = one(rule={"pass": 2}).approve("a.x")
    story.refuses("voted_already", "approve", "a.x")
    story.refuses("voted_already", "transfer", "a.x", "eve")
    story.refuses("signer_already", "add_signer", "a.x", "cy", by="bo")
    story.refuses("signer_already", "transfer", "a.x", "cy", by="bo")
    assert story.standing("a.x") == "open"
    twice = votes(YES) + votes(YES)
    assert tally({"pass": 2}, [Signer("p0"), Signer("p1")], twice) is None


def test_rule_09_only_signers_count() -> None:
    """The vote of somebody who is no signer decides nothing."""
    assert tally({"pass": "any"}, [Signer("p1")], votes(YES)) is None


def test_rule_09_a_count_follows_the_signers_that_are_left() -> None:
    """Three of three; one is taken off: two of two."""
    story = one(rule={"pass": 3}).approve("a.x").approve("a.x", by="bo")
    assert story.take_off("a.x", "cy", by="bo").standing("a.x") == "done"
    assert story.step("a.x").outcome == "approved"


def test_rule_09_the_last_signer_can_not_be_taken_off() -> None:
    """Nor one who has voted, nor somebody who is none."""
    story = one(rule={"pass": "all"}).approve("a.x")
    story.refuses("voted_already", "take_off", "a.x", "ann", by="bo")
    story.refuses("no_signer", "take_off", "a.x", "eve", by="bo")
    alone = one(rule={"pass": "all"}, assignees={"role": "chief"})
    alone.refuses("last_signer", "take_off", "a.x", "dee", by="dee")
    pool = one()
    pool.refuses("no_signer", "take_off", "a.x", "bo")


def test_in_turn_each_waits_for_the_one_before() -> None:
    story = one(rule={"order": "in_turn", "pass": "all"})
    for person in ("bo", "cy"):
        story.refuses("not_your_turn", "approve", "a.x", by=person)
    story.approve("a.x").refuses("not_your_turn", "approve", "a.x", by="cy")
    story.approve("a.x", by="bo").approve("a.x", by="cy")
    assert story.standing("a.x") == "done"


def test_in_turn_who_is_taken_off_makes_nobody_wait() -> None:
    story = one(rule={"order": "in_turn", "pass": "all"}).take_off("a.x", "bo")
    story.refuses("not_your_turn", "approve", "a.x", by="cy")
    assert story.approve("a.x").approve("a.x", by="cy").standing("a.x") == "done"


def test_a_signer_added_before_speaks_first() -> None:
    story = one().add_signer("a.x", "eve", "before")
    story.refuses("not_your_turn", "approve", "a.x")
    story.refuses("not_yours", "approve", "a.x", by="bo")
    assert story.approve("a.x", by="eve").approve("a.x").standing("a.x") == "done"


def test_a_signer_added_after_speaks_afterwards_and_before_those_behind() -> None:
    story = one(rule={"order": "in_turn", "pass": "all"}).add_signer("a.x", "eve", "after")
    story.approve("a.x").refuses("not_your_turn", "approve", "a.x", by="bo")
    story.approve("a.x", by="eve").approve("a.x", by="bo").approve("a.x", by="cy")
    assert story.step("a.x").outcome == "approved"


def test_who_has_voted_adds_nobody_any_more() -> None:
    story = one(rule={"pass": "all"}).approve("a.x")
    story.refuses("voted_already", "add_signer", "a.x", "eve")


def test_who_takes_off_the_last_waiting_signer_decides_also_acceptance() -> None:
    """What the votes then come to is as if it had been voted: the item is accepted."""
    story = one(rule={"pass": "all"}, accepts=True).approve("a.x").approve("a.x", by="bo")
    story.take_off("a.x", "cy", by="bo")
    assert story.item("a").accepted_at == story.now


def test_rule_10_while_delegated_only_giving_back_is_possible() -> None:
    """Neither who delegated nor the one who looks at it can do anything else that counts."""
    story = one().delegate("a.x", "eve")
    verbs: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("approve", [], {}), ("reject", [], {}), ("go_back", ["y"], {}), ("transfer", ["bo"], {}),
        ("delegate", ["bo"], {}), ("add_signer", ["bo"], {}), ("take_off", ["bo"], {}),
        ("hold", [], {}), ("ask", ["name"], {}), ("write", ["name"], {}),
    ]  # fmt: skip
    for verb, args, more in verbs:
        for person, code in (("ann", "handed_on"), ("bo", "handed_on"), ("eve", "only_give_back")):
            story.refuses(code, verb, "a.x", *args, by=person, **more)
    story.comment("a.x", text="looks fine", by="eve").give_back("a.x", by="eve")
    story.refuses("not_yours", "approve", "a.x", by="eve")


def test_rule_10_acceptance_waits_for_the_delegate_too() -> None:
    story = one(accepts=True).delegate("a.x", "eve")
    story.refuses("handed_on", "accept", "a.x")
    story.refuses("handed_on", "refuse", "a.x")
    story.refuses("only_give_back", "accept", "a.x", by="eve")


def test_rule_10_who_delegated_decides() -> None:
    """What comes back with an opinion is theirs again."""
    story = one().delegate("a.x", "eve").give_back("a.x", by="eve")
    assert story.last[0].data["opinion"] == "seen"
    story.refuses("not_yours", "give_back", "a.x", by="eve")
    assert story.approve("a.x").standing("a.x") == "done"


def test_rule_10_one_of_several_signers_delegates_for_themselves_alone() -> None:
    """The others go on; what waits is the one vote."""
    story = one(rule={"pass": "all"}).delegate("a.x", "eve")
    story.approve("a.x", by="bo").approve("a.x", by="cy")
    story.refuses("handed_on", "approve", "a.x")
    story.give_back("a.x", by="eve").approve("a.x")
    assert story.step("a.x").outcome == "approved"


def test_rule_10_who_has_it_to_give_back_from_two_gives_it_back_twice() -> None:
    story = one(rule={"pass": "all"}).delegate("a.x", "eve").delegate("a.x", "eve", by="bo")
    story.give_back("a.x", by="eve").give_back("a.x", by="eve")
    assert story.step("a.x").delegated == {}


def test_rule_11_refusing_acceptance_ends_the_item_as_not_accepted() -> None:
    """With reasons; it is no rejection, and its clocks never ran."""
    story = one(accepts=True, starts_clock=True)
    story.refuses("reason_missing", "refuse", "a.x", reason=" ")
    story.refuse("a.x", reason="another office's")
    item = story.item("a")
    assert item.ending == "not_accepted"
    assert item.reason == {"step": "a.x", "words": "another office's"}
    assert (item.accepted_at, item.clock_started_at) == (None, None)
    assert story.step("a.x").outcome == "refused"


def test_rule_11_a_rejection_at_the_step_that_accepts_is_a_rejection() -> None:
    story = one(accepts=True).reject("a.x", opinion="too small")
    assert story.item("a").ending == "rejected"
    assert story.item("a").reason == {"step": "a.x", "words": "too small"}


def test_rule_11_what_was_accepted_is_not_refused_acceptance_any_more() -> None:
    """When its step is redone it can still be rejected, which the law lets one appeal against."""
    steps = {"x": {**REVIEW, "accepts": True}, "y": {**REVIEW, "after": ["x"]}}
    story = Story(process({"a": steps})).accept("a.x")
    story.refuses("accepted_already", "accept", "a.x")
    story.refuses("accepted_already", "refuse", "a.x")
    story.approve("a.x").go_back("a.y", "x").refuses("accepted_already", "refuse", "a.x")
    assert story.reject("a.x").item("a").ending == "rejected"


def test_a_step_that_only_accepts_is_done_when_it_does() -> None:
    actions = ["accept", "refuse_acceptance"]
    steps = {"x": {"actions": actions, "accepts": True}, "y": {**REVIEW, "after": ["x"]}}
    story = Story(process({"a": steps})).accept("a.x")
    assert story.step("a.x").outcome == "accepted"
    assert story.item("a").accepted_at == story.now
    story.go_back("a.y", "x").accept("a.x")
    assert story.standing("a.x", "a.y") == ["done", "open"]


def test_several_accept_as_they_decide() -> None:
    """Acceptance by several is counted like any decision."""
    actions = ["accept", "refuse_acceptance"]
    story = one(actions=actions, accepts=True, rule={"pass": 2, "reject": 2})
    story.accept("a.x").refuses("voted_already", "accept", "a.x")
    assert story.item("a").accepted_at is None
    story.refuse("a.x", by="bo").accept("a.x", by="cy")
    assert story.item("a").accepted_at == story.now
    other = one(actions=actions, accepts=True, rule={"pass": 2, "reject": 2})
    other.refuse("a.x").refuse("a.x", by="bo")
    assert other.item("a").ending == "not_accepted"


def test_only_the_step_that_accepts_accepts() -> None:
    """Also where the action was switched on by mistake."""
    steps = {"x": {**REVIEW, "accepts": True}, "y": REVIEW}
    story = Story(process({"a": steps}))
    for verb in ("accept", "refuse"):
        assert story.refuses("action_off", verb, "a.y")["action"]


def test_without_a_step_that_accepts_an_item_is_accepted_when_it_starts() -> None:
    story = one()
    assert story.item("a").accepted_at == story.item("a").clock_started_at == story.now


def test_when_the_step_that_accepts_is_skipped_the_item_is_accepted() -> None:
    """Otherwise its clocks would never run."""
    steps = {"x": {**REVIEW, "accepts": True, "starts_clock": True, "when": {"==": [1, 2]}},
             "y": {"after": ["x"]}}  # fmt: skip
    story = Story(process({"a": steps}))
    assert story.item("a").accepted_at == story.item("a").clock_started_at == story.now


# Every action, switched on and off

SAYINGS: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "approve": ("approve", [], {}),
    "reject": ("reject", [], {}),
    "accept": ("accept", [], {}),
    "refuse_acceptance": ("refuse", [], {}),
    "supplement": ("ask", ["name"], {}),
    "return": ("go_back", ["before"], {}),
    "transfer": ("transfer", ["eve"], {}),
    "delegate": ("delegate", ["eve"], {}),
    "add_signer_before": ("add_signer", ["eve", "before"], {}),
    "add_signer_after": ("add_signer", ["eve", "after"], {}),
    "take_off_signer": ("take_off", ["bo"], {}),
    "copy": ("copy", ["eve"], {}),
    "remind": ("remind", [], {"by": "ann"}),
    "hold": ("hold", [], {}),
    "comment": ("comment", [], {"text": "hm"}),
    "attach": ("comment", [], {"files": ("f1",)}),
}


def acting(actions: list[str]) -> Story:
    steps = {
        "before": {},
        "x": {"actions": actions, "accepts": True, "rule": {"pass": "all"}, "after": ["before"]},
    }
    return Story(process({"a": steps}, fields={"a": ["name"]})).approve("a.before")


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_every_action_is_switched_on_by_itself(action: str) -> None:
    verb, args, more = SAYINGS[action]
    story = acting([action])
    before = len(story.history)
    getattr(story, verb)("a.x", *args, **more)
    assert len(story.history) > before
    without = acting([one for one in EVERY_ACTION if one != action])
    told = without.refuses("action_off", verb, "a.x", *args, **more)
    assert told == {"action": action}


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_no_action_is_a_stranger_s(action: str) -> None:
    verb, args, more = SAYINGS[action]
    story = acting([*EVERY_ACTION])
    for stranger in ("pam", "eve"):
        story.refuses("not_yours", verb, "a.x", *args, **{**more, "by": stranger})


@pytest.mark.parametrize(
    ("kind", "usual"),
    [("review", {"approve", "reject", "comment", "remind"}),
     ("task", {"approve", "comment", "attach", "remind"})],
)  # fmt: skip
def test_a_step_that_names_no_action_has_the_usual_ones(kind: str, usual: set[str]) -> None:
    for action, (verb, args, more) in SAYINGS.items():
        story = Story(process({"a": {"x": {"kind": kind, "rule": {"pass": "all"}}}}))
        if action in usual:
            getattr(story, verb)("a.x", *args, **more)
        else:
            story.refuses("action_off", verb, "a.x", *args, **more)


def test_an_opinion_can_be_mandatory() -> None:
    story = one(opinion="required")
    for verb in ("approve", "reject"):
        story.refuses("opinion_missing", verb, "a.x", opinion="  ")
    story.approve("a.x", opinion="fine")
    assert story.step("a.x").votes[0].opinion == "fine"


def test_what_is_recorded_adds_up_over_the_signers() -> None:
    story = one(rule={"pass": 2})
    story.approve("a.x", form={"damp": True, "size": 3}).approve("a.x", by="bo", form={"size": 4})
    assert story.step("a.x").form == {"damp": True, "size": 4}


def test_a_copy_is_for_looking_only() -> None:
    story = one().copy("a.x", "eve").copy("a.x", "eve")
    assert story.step("a.x").copied == ("eve",)
    story.refuses("not_yours", "approve", "a.x", by="eve")


def test_a_transfer_makes_it_somebody_else_s() -> None:
    story = one().transfer("a.x", "eve")
    for person in ("ann", "bo"):
        story.refuses("not_yours", "approve", "a.x", by=person)
    assert story.approve("a.x", by="eve").standing("a.x") == "done"


def test_a_signer_s_transfer_keeps_their_place() -> None:
    story = one(rule={"order": "in_turn", "pass": "all"}).transfer("a.x", "eve", by="bo")
    story.approve("a.x").refuses("not_your_turn", "approve", "a.x", by="cy")
    story.refuses("not_yours", "approve", "a.x", by="bo")
    assert story.approve("a.x", by="eve").approve("a.x", by="cy").standing("a.x") == "done"


def test_reminding_tells_whoever_has_to_act_and_is_open_to_who_has_to_do_with_the_item() -> None:
    """The applicant, and officers of any step of the item; it stands for no reminder by time."""
    steps = {"w": {"assignees": {"role": "chief"}}, "x": {**REVIEW, "after": ["w"]}}
    story = Story(process({"a": steps})).approve("a.w", by="dee")
    story.remind("a.x").remind("a.x", by="dee")
    assert [one.data["event"] for one in story.sent("notify", "a.x")][-2:] == ["reminded"] * 2
    assert story.step("a.x").reminded_on is None
    story.refuses("not_yours", "remind", "a.x", by="pam")


def test_a_visit_s_time_is_agreed_by_both_sides() -> None:
    """One proposes, the other agrees to just that."""
    story = Story(process({"a": {"visit": {"kind": "task", "appointment": True}, "x": {}}}))
    story.appoint("a.visit", "2026-03-05T10:00")
    story.refuses("appointment_other", "appoint", "a.visit", "2026-03-05T10:00", agreed=True)
    story.refuses("appointment_other", "appoint", "a.visit", "2026-03-06T10:00", APPLICANT,
                  agreed=True)  # fmt: skip
    story.appoint("a.visit", "2026-03-07T09:00", APPLICANT)
    story.appoint("a.visit", "2026-03-07T09:00", agreed=True)
    assert story.step("a.visit").appointment == {
        "at": "2026-03-07T09:00", "by": "office", "agreed": True,
    }  # fmt: skip
    story.refuses("not_yours", "appoint", "a.visit", "2026-03-08T09:00", by="pam")
    story.refuses("action_off", "appoint", "a.x", "2026-03-08T09:00")


# Fields of the form

RIGHTS = {"fields": {"open": "write", "shown": "read", "secret": "hidden"}}


def test_a_step_writes_only_fields_that_it_may_write() -> None:
    built = process({"a": {"x": {**REVIEW, **RIGHTS}}}, fields={"a": ["open", "shown", "secret"]})
    story = Story(built).write("a.x", "open")
    assert story.item("a").digest != "a/1"
    for field in ("shown", "secret", "other"):
        told = story.refuses("field_closed", "write", "a.x", "open", field)
        assert told == {"fields": [field]}
    story.refuses("not_yours", "write", "a.x", "open", by="pam")


def test_what_is_changed_must_be_what_is_said_to_be_written() -> None:
    """Another field of the item doesn't slip through beside the one that is named."""
    built = process({"a": {"x": {**REVIEW, **RIGHTS}}}, fields={"a": ["open", "shown"]})
    story = Story(built)
    story.refuses("field_closed", "_on", said.Write, "a.x", fields=("open",),
                  changes={"a": frozenset({"shown"})}, digests={"a": "2"})  # fmt: skip


# Who does it


def found(way: Any, **facts: Any) -> Story:
    steps = {"w": {"kind": "task"}, "x": {**REVIEW, "after": ["w"], "assignees": way}}
    return Story(process({"a": steps}), **facts).approve("a.w", by="bo", form={"unit": "park"})


@pytest.mark.parametrize(
    ("way", "offices", "persons"),
    [
        ({"role": "officer"}, [("hall", "officer")], []),
        ({"role": "chief"}, [("hall", "chief")], []),
        ({"organisation": "park"}, [("park", "officer")], []),
        ({"organisation": "city", "role": "admin"}, [("city", "admin")], []),
        ({"did": "w"}, [], ["bo"]),
        ({"form": "w.unit"}, [("park", "officer")], []),
        ({"applicant": True}, [], ["applicant"]),
        ([{"role": "ghost"}, {"form": "w.nothing"}, {"role": "chief"}], [("hall", "chief")], []),
        ([{"did": "w"}, {"role": "chief"}], [], ["bo"]),
    ],
)
def test_who_does_a_step_is_found_each_way(
    way: Any, offices: list[tuple[str, str]], persons: list[str]
) -> None:
    """By role, by a named organisation, who did a step, a field of a form; the first that finds."""
    step = found(way).step("a.x")
    assert (list(step.offices), list(step.persons), step.fallback) == (offices, persons, False)


@pytest.mark.parametrize(
    "way", [{"role": "ghost"}, {"organisation": "mars"}, {"form": "w.nothing"}, [{"role": "ghost"}]]
)
def test_where_nobody_is_found_the_admin_is_asked_visibly(way: Any) -> None:
    story = found(way)
    step = story.step("a.x")
    assert (step.offices, step.fallback) == ((("hall", "admin"),), True)
    story.refuses("not_yours", "approve", "a.x")
    assert story.approve("a.x", by="ada").standing("a.x") == "done"


def test_who_did_a_step_that_was_skipped_is_nobody() -> None:
    """Who did an earlier run of it has not done this one."""
    steps = {
        "first": REVIEW,
        "w": {"kind": "task", "after": ["first"], "when": {"var": "big"}},
        "x": {**REVIEW, "after": ["w"], "assignees": {"did": "w"}},
    }
    story = Story(process({"a": steps}, fields={"a": ["big"]}), views={"a": {"big": True}})
    story.approve("a.first").approve("a.w", by="cy")
    assert story.step("a.x").persons == ("cy",)
    story.go_back("a.x", "first", by="cy").know(views={"a": {"big": False}}).approve("a.first")
    assert story.step("a.x").fallback


def test_a_unit_hands_a_step_on_to_another() -> None:
    """Both can do it: the unit, and the one that it has delegated the step to."""
    story = Story(process({"a": {"x": REVIEW}}), delegated={("hall", "a.x"): ["park", "empty"]})
    assert story.step("a.x").offices == (("hall", "officer"), ("park", "officer"))
    assert story.approve("a.x", by="pam").standing("a.x") == "done"


def test_the_signers_of_a_rule_are_all_who_hold_the_role_there() -> None:
    built = process({"a": {"x": {**REVIEW, "rule": {"pass": "all"}}}})
    story = Story(built, delegated={("hall", "a.x"): ["park"]})
    assert [one.person for one in story.step("a.x").signers] == ["ann", "bo", "cy", "pam"]


def test_who_stands_in_acts_with_the_roles_they_stand_in_for() -> None:
    """The caller tells who holds what at the moment: somebody on leave is stood in for."""
    stand_in = By("eve", "Eve", frozenset({("hall", "officer")}))
    story = one().approve("a.x", by=stand_in)
    assert story.last[0].data["person"] == "eve"
    assert story.standing("a.x") == "done"


def test_the_applicant_does_what_is_the_applicant_s() -> None:
    """Whatever their own id is; nobody of staff does it for them."""
    steps = {"rate": {"kind": "task", "assignees": {"applicant": True},
                      "actions": ["approve", "comment", "attach"]}}  # fmt: skip
    story = Story(process({"a": steps}))
    story.refuses("not_yours", "approve", "a.rate", by="ann")
    assert [one.kind for one in story.sent("notify", "a.rate")] == ["notify"]
    assert story.approve("a.rate", by=APPLICANT).standing("a.rate") == "done"


def test_the_stories_staff_is_who_they_say() -> None:
    assert who("ann").holds == {("hall", "officer")}
    assert all(names for names in STAFF.values())
