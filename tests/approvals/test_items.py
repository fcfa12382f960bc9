"""Rules 12 to 15: how items end, what that means for others, follow-ups, withdrawing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from runtime.engine.approvals import Owed
from tests.approvals.worlds import APPLICANT, REVIEW, Story, process, who

CALL = {"kind": "connector", "operation": "x.book", "undo": "x.cancel"}
FINAL = {"kind": "connector", "operation": "x.send", "final": True}
PLAIN = {"x": REVIEW, "issue": {"kind": "issue", "after": ["x"]}}


def full(**more: Any) -> Story:
    """An item with a done call, a paid bill, a decision that is open and one that waits."""
    steps = {
        "call": CALL,
        "pay": {"kind": "payment", "after": ["call"]},
        "x": {**REVIEW, "after": ["pay"]},
        "late": {"after": ["x"]},
        "issue": {"kind": "issue", "after": ["late"]},
    }
    fees = {"a": {"fee": 100}}
    story = Story(process({"a": steps}, fees=fees, fields={"a": ["name"]}), **more)
    return story.answer("a.call").pay("a.pay")


ENDINGS: dict[str, Any] = {
    "rejected": lambda story: story.reject("a.x"),
    "withdrawn": lambda story: story.withdraw("a"),
    "lapsed": lambda story: story.ask("a.x", "name").tick(40),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_rule_12_an_ending_without_result_closes_and_undoes(ending: str) -> None:
    """Open and waiting steps close, effects and money go back, clocks stop; then all is over."""
    story = ENDINGS[ending](full())
    assert story.item("a").ending == ending
    assert story.standing("a.call", "a.pay") == ["done", "done"]
    assert story.standing("a.late", "a.issue") == ["closed", "closed"]
    assert story.standing("a.x") == ("done" if ending == "rejected" else "closed")
    assert story.step("a.call").effect == story.step("a.pay").effect == "undoing"
    assert not story.item("a").paused
    assert story.state.closed_at is None
    story.undone("a.call")
    assert story.state.closed_at is None
    story.refunded("a.pay#1")
    assert story.state.closed_at == story.now
    assert story.lines() == {"a.pay#1": ["refunded"]}


def test_rule_12_an_item_is_issued_when_all_its_steps_are_done_or_skipped() -> None:
    story = Story(process({"a": PLAIN})).approve("a.x").answer("a.issue", number="7")
    assert story.item("a").ending == "issued"
    assert story.step("a.issue").effect == "in_force"
    assert story.step("a.issue").form == {"number": "7"}


def test_rule_12_what_is_final_stays_done_when_an_item_ends() -> None:
    """It can't be undone: nobody tries; a call under way is noted when its answer comes."""
    steps = {"call": FINAL, "x": REVIEW}
    story = Story(process({"a": steps})).reject("a.x")
    assert story.step("a.call").effect == "sent"
    assert story.sent("undo") == []
    assert story.answer("a.call").step("a.call").effect == "in_force"
    assert story.standing("a.call") == "closed"


def test_rule_12_a_call_under_way_is_awaited_and_undone_when_its_item_ends() -> None:
    steps = {"call": CALL, "x": REVIEW}
    story = Story(process({"a": steps})).reject("a.x")
    assert story.state.closed_at is None
    story.answer("a.call")
    assert [one.step for one in story.sent("undo")] == ["a.call"]
    assert story.undone("a.call").state.closed_at == story.now


def test_rule_12_without_result_no_licence_stays_valid() -> None:
    """Two results, the second refused: the first is revoked."""
    steps = {**PLAIN, "more": {**REVIEW, "after": ["issue"]}}
    story = Story(process({"a": steps})).approve("a.x").answer("a.issue").reject("a.more")
    assert [(one.step, one.operation) for one in story.sent("undo")] == [("a.issue", "revoke")]


def test_rule_12_a_refusing_system_rejects_what_was_accepted() -> None:
    steps = {"ask": {"kind": "connector", "operation": "x.ask",
                     "refuse_when": {"==": [{"var": "answer.seized"}, True]}}}  # fmt: skip
    story = Story(process({"a": steps})).answer("a.ask", seized=True)
    assert story.step("a.ask").outcome == "refused"
    assert story.item("a").ending == "rejected"
    early = {**steps, "x": {**REVIEW, "accepts": True}}
    before = Story(process({"a": early})).answer("a.ask", seized=True)
    assert before.item("a").ending == "not_accepted"


def test_rule_12_an_item_that_can_not_be_completed_says_what_is_missing() -> None:
    """A step of another item that one of its own waits for will never be done."""
    items = {"a": PLAIN, "b": {"first": REVIEW, "y": {"after": ["first"]}}}
    story = Story(process(items, order={"b.y": ["a.issue"]})).reject("a.x")
    assert story.item("b").ending == "not_completed"
    assert story.item("b").reason == {"steps": ["a.issue"]}
    assert story.standing("b.first", "b.y") == ["closed", "closed"]


def test_rule_12_what_was_undone_counts_as_not_done_for_other_items() -> None:
    """Paid, and paid back: who waits for the payment can't go on. What stays done is done."""
    items = {"a": {"pay": {"kind": "payment"}, "x": {**REVIEW, "after": ["pay"]}},
             "b": {"first": REVIEW, "y": {"after": ["first"]}}}  # fmt: skip
    for kept, ending in ((False, "not_completed"), (True, "")):
        items["a"]["pay"] = {"kind": "payment", "kept": kept}
        built = process(items, order={"b.y": ["a.pay"]}, fees={"a": {"fee": 100}})
        story = Story(built).pay("a.pay").reject("a.x")
        assert story.endings() == {"a": "rejected", "b": ending}


def test_rule_13_other_items_go_on() -> None:
    story = Story(process({"a": PLAIN, "b": PLAIN})).reject("a.x")
    assert story.endings() == {"a": "rejected", "b": ""}
    story.approve("b.x").answer("b.issue")
    assert story.endings() == {"a": "rejected", "b": "issued"}


def test_rule_13_what_comes_after_an_item_starts_with_its_result() -> None:
    story = Story(process({"a": PLAIN, "b": PLAIN}, after={"b": ["a"]}))
    assert story.item("b").started_at is None
    assert story.standing("b.x") == "waiting"
    story.approve("a.x").later(days=1).answer("a.issue")
    assert story.item("b").started_at == story.now
    assert story.standing("b.x") == "open"


def test_rule_13_without_the_result_it_is_not_started_with_the_reason() -> None:
    """And so is what comes after that."""
    after = {"b": ["a"], "c": ["b"]}
    story = Story(process({"a": PLAIN, "b": PLAIN, "c": PLAIN}, after=after)).reject("a.x")
    assert story.endings() == {"a": "rejected", "b": "not_started", "c": "not_started"}
    assert story.item("b").reason == {"items": ["a"]}
    assert story.item("c").reason == {"items": ["b"]}
    assert story.state.closed_at == story.now


def test_rule_13_where_the_service_says_so_an_end_is_enough() -> None:
    built = process({"a": PLAIN, "b": PLAIN}, after={"b": ["a"]}, needs={"b": "ended"})
    assert Story(built).reject("a.x").standing("b.x") == "open"


def test_rule_13_it_waits_for_all_that_it_comes_after() -> None:
    """The answer of one is not enough, be it yes or no; an inactive one isn't waited for."""
    built = process({"a": PLAIN, "b": PLAIN, "c": PLAIN}, after={"c": ["a", "b"]})
    story = Story(built).approve("a.x").answer("a.issue")
    assert story.item("c").started_at is None
    assert story.reject("b.x").item("c").ending == "not_started"
    alone = Story(built, active=["a", "c"]).approve("a.x").answer("a.issue")
    assert alone.standing("c.x") == "open"


RATED = {
    **PLAIN,
    "check": {**REVIEW, "follow_up": True},
    "rate": {"kind": "task", "follow_up": True, "assignees": {"applicant": True}, "lapse": "end",
             "within": {"n": 5, "unit": "working"}},
}  # fmt: skip


def rated(**more: Any) -> Story:
    story = Story(process({"a": RATED, "b": PLAIN, **more}, after={"b": ["a"]}))
    return story.approve("a.x").answer("a.issue")


def test_rule_14_follow_ups_run_after_the_result_and_stop_no_other_item() -> None:
    """What comes after the item has started; the follow-ups are open."""
    story = Story(process({"a": RATED, "b": PLAIN}, after={"b": ["a"]}))
    assert story.standing("a.check", "a.rate") == ["waiting", "waiting"]
    story.approve("a.x").answer("a.issue")
    assert story.standing("a.check", "a.rate", "b.x") == ["open", "open", "open"]


def test_rule_14_the_application_closes_when_all_are_done() -> None:
    story = rated().approve("b.x").answer("b.issue")
    assert story.state.closed_at is None
    story.approve("a.check")
    assert story.state.closed_at is None
    assert story.approve("a.rate", by=APPLICANT).state.closed_at == story.now


def test_rule_14_a_follow_up_without_a_result_never_runs() -> None:
    story = Story(process({"a": RATED})).reject("a.x")
    assert story.standing("a.check", "a.rate") == ["closed", "closed"]
    assert story.state.closed_at == story.now


def test_rule_14_a_follow_up_may_revoke() -> None:
    """Its no takes the result back: what was issued is out of force, other follow-ups close."""
    story = rated().reject("a.check")
    item = story.item("a")
    assert (item.ending, item.revoked) == ("issued", True)
    assert story.standing("a.rate") == "closed"
    assert [(one.step, one.operation) for one in story.sent("undo")] == [("a.issue", "revoke")]
    assert story.standing("b.x") == "open"
    story.approve("b.x").answer("b.issue")
    assert story.state.closed_at is None
    assert story.undone("a.issue").state.closed_at == story.now


def test_rule_14_a_follow_up_s_call_under_way_is_undone_when_the_result_is_revoked() -> None:
    steps = {**RATED, "book": {**CALL, "follow_up": True}}
    story = Story(process({"a": steps})).approve("a.x").answer("a.issue").reject("a.check")
    assert story.step("a.book").effect == "unwanted"
    story.answer("a.book").undone("a.book").undone("a.issue")
    assert story.state.closed_at == story.now


def test_rule_14_a_revoked_result_stops_no_step_of_another_item() -> None:
    """The item was settled for others at its result: what waits for its steps goes on."""
    items = {"a": RATED, "b": {"first": REVIEW, "y": {"after": ["first"]}}}
    story = Story(process(items, order={"b.y": ["a.issue"]})).approve("a.x").answer("a.issue")
    story.reject("a.check").approve("b.first")
    assert story.standing("b.y") == "open"


def test_rule_14_what_lapses_or_fails_after_the_result_leaves_the_result() -> None:
    """An unanswered rating ends what follows the result, never the item's own ending."""
    story = rated().tick(10)
    assert story.item("a").ending == "issued"
    assert not story.item("a").revoked
    assert story.standing("a.rate") == "closed"


def test_rule_14_a_return_among_follow_ups_stays_among_them() -> None:
    steps = {**PLAIN, "one": {**REVIEW, "follow_up": True},
             "two": {**REVIEW, "follow_up": True, "after": ["one", "x"]}}  # fmt: skip
    story = Story(process({"a": steps})).approve("a.x").answer("a.issue").approve("a.one")
    for mode in ("redo", "direct"):
        story.refuses("past_result", "go_back", "a.two", "x", mode)
    story.go_back("a.two", "one")
    assert story.standing("a.one", "a.two") == ["open", "waiting"]
    assert story.item("a").ending == "issued"


def test_rule_14_a_follow_up_asks_for_no_supplement() -> None:
    """The item is over, with its result: nothing of it can be completed any more."""
    rated().refuses("item_over", "ask", "a.check", papers=["plan"])


def test_rule_15_the_applicant_withdraws_per_item() -> None:
    story = Story(process({"a": PLAIN, "b": PLAIN})).withdraw("a")
    assert story.endings() == {"a": "withdrawn", "b": ""}
    assert story.item("a").reason == {"words": "not needed"}
    story.refuses("not_yours", "withdraw", "b", by=who("ann"))
    story.refuses("not_withdrawable", "withdraw", "a")
    assert story.refuses("not_withdrawable", "withdraw", "b", "ghost") == {"items": ["ghost"]}
    assert story.item("b").ending == ""


def test_rule_15_until_its_decision() -> None:
    """The step that decides ends it; a return past it opens the way again."""
    steps = {"x": {**REVIEW, "decides": True}, "y": {**REVIEW, "after": ["x"]}}
    story = Story(process({"a": steps})).approve("a.x")
    story.refuses("not_withdrawable", "withdraw", "a")
    story.go_back("a.y", "x").withdraw("a")
    assert story.item("a").ending == "withdrawn"


def test_rule_15_until_its_first_final_effect() -> None:
    """Sent is enough."""
    story = Story(process({"a": {"call": FINAL, "x": REVIEW}}))
    assert story.refuses("not_withdrawable", "withdraw", "a") == {"items": ["a"]}
    failed = Story(process({"a": {"call": CALL, "x": REVIEW}})).withdraw("a")
    assert failed.item("a").ending == "withdrawn"


def test_rule_15_all_means_each_that_still_can_and_says_which_can_not() -> None:
    items = {"a": PLAIN, "b": {"call": FINAL, "x": REVIEW}, "c": PLAIN, "d": PLAIN}
    story = Story(process(items)).reject("d.x").withdraw()
    assert story.endings() == {"a": "withdrawn", "b": "", "c": "withdrawn", "d": "rejected"}
    (told,) = [one for one in story.last if one.kind == "not_withdrawn"]
    assert told.data == {"items": ["b"]}
    assert story.refuses("not_withdrawable", "withdraw") == {"items": ["a", "b", "c", "d"]}


def test_rule_15_what_has_not_started_can_be_withdrawn() -> None:
    story = Story(process({"a": PLAIN, "b": PLAIN}, after={"b": ["a"]})).withdraw("b")
    story.approve("a.x").answer("a.issue")
    assert story.endings() == {"a": "issued", "b": "withdrawn"}


def test_rule_15_what_comes_after_a_withdrawn_item_is_not_started() -> None:
    story = Story(process({"a": PLAIN, "b": PLAIN}, after={"b": ["a"]})).withdraw("a")
    assert story.endings() == {"a": "withdrawn", "b": "not_started"}


def test_a_prefilled_value_is_disputed_by_the_applicant_while_the_item_runs() -> None:
    story = Story(process({"a": PLAIN})).dispute("a", "name")
    assert story.item("a").disputes == {"name": "it is otherwise"}
    story.refuses("not_yours", "dispute", "a", "name", by=who("ann"))
    story.reject("a.x").refuses("item_over", "dispute", "a", "name")


# 容缺: papers that may follow


def test_a_paper_that_follows_by_a_day_lapses_after_it() -> None:
    """Until the end of the day; the item then lapses, and says for which papers."""
    owed = {"a": [Owed("plan", until=date(2026, 3, 4)), Owed("map", until=date(2026, 3, 9))]}
    story = Story(process({"a": PLAIN, "b": PLAIN}), owed=owed).tick(2)
    assert story.endings() == {"a": "", "b": ""}
    story.tick(1)
    assert story.endings() == {"a": "lapsed", "b": ""}
    assert story.item("a").reason == {"papers": ["plan"]}


def test_a_paper_that_came_in_time_ends_nothing() -> None:
    owed = {"a": [Owed("plan", until=date(2026, 3, 4))]}
    story = Story(process({"a": PLAIN}), owed=owed).know(owed={}).tick(10)
    assert story.item("a").ending == ""


def test_a_paper_that_follows_by_a_step_holds_that_step_up() -> None:
    """The steps before it run; it opens once the paper is there."""
    owed = {"a": [Owed("plan", by_step="issue")]}
    story = Story(process({"a": PLAIN}), owed=owed).approve("a.x")
    assert story.standing("a.issue") == "waiting"
    assert story.tick(20).standing("a.issue") == "waiting"
    assert story.know(owed={}).tick().standing("a.issue") == "open"
