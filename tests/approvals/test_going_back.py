"""Rules 4 to 8: returns, what can't be undone, and answers that change."""

from __future__ import annotations

import pytest

from tests.approvals.worlds import APPLICANT, REVIEW, Story, process

CHAIN = {
    "first": REVIEW,
    "second": {**REVIEW, "after": ["first"]},
    "third": {**REVIEW, "after": ["second"]},
    "beside": {**REVIEW, "after": ["first"]},
}
CALL = {"kind": "connector", "operation": "x.book", "undo": "x.cancel"}
FINAL = {"kind": "connector", "operation": "x.send", "final": True}


def chain() -> Story:
    return Story(process({"a": CHAIN})).approve("a.first").approve("a.second")


def with_call(call: dict[str, object], **more: object) -> Story:
    """A decision, a call below it, and a decision below that."""
    steps = {
        "first": REVIEW,
        "call": {**call, "after": ["first"]},
        "last": {**REVIEW, "after": ["call"]},
        "beside": {**REVIEW, "after": ["first"]},
    }
    return Story(process({"a": steps}), **more).approve("a.first")


@pytest.mark.parametrize("mode", ["redo", "direct"])
def test_rule_04_a_return_goes_to_a_done_step_above(mode: str) -> None:
    """Not to one that is open, beside, below, itself, or that there is not."""
    story = chain()
    for target in ("beside", "third", "ghost", ""):
        assert story.refuses("return_target", "go_back", "a.third", target, mode) == {"to": target}
    story.go_back("a.third", "second", mode)
    assert story.step("a.second").run == 2


def test_rule_04_a_return_to_a_skipped_step_is_none() -> None:
    """Nobody has done anything in it that could be looked at again."""
    steps = {**CHAIN, "second": {"after": ["first"], "when": {"==": [1, 2]}}}
    story = Story(process({"a": steps})).approve("a.first")
    story.refuses("return_target", "go_back", "a.third", "second")


def test_rule_04_a_return_never_goes_into_another_item() -> None:
    """What another item has done above isn't a target, by no name."""
    items = {"a": {"x": REVIEW}, "b": {"y": REVIEW}}
    story = Story(process(items, order={"b.y": ["a.x"]})).approve("a.x")
    for name in ("x", "a.x"):
        story.refuses("return_target", "go_back", "b.y", name)


def test_rule_04_back_to_the_applicant_is_a_supplement() -> None:
    """The item goes back to the applicant and waits for them; the step stays open."""
    story = chain().ask("a.third", papers=["plan"])
    assert story.item("a").paused
    assert story.supply("a").standing("a.third") == "open"


def test_rule_05_redo_closes_the_target_and_everything_below_open_branches_included() -> None:
    """Also a branch that is open is closed; what is above stays done."""
    story = chain().go_back("a.third", "first")
    assert story.standing("a.first", "a.second", "a.third", "a.beside") == [
        "open", "waiting", "waiting", "waiting",
    ]  # fmt: skip
    other = chain().go_back("a.third", "second")
    assert other.standing("a.first", "a.second", "a.third", "a.beside") == [
        "done", "open", "waiting", "open",
    ]  # fmt: skip


def test_rule_05_redo_reaches_what_is_below_in_other_items() -> None:
    """A return stays in its item, but what was built on the step elsewhere is redone, too."""
    items = {"a": {"x": REVIEW, "z": {**REVIEW, "after": ["x"]}}, "b": {"y": REVIEW}}
    story = Story(process(items, order={"b.y": ["a.x"]})).approve("a.x")
    story.go_back("a.z", "x")
    assert story.standing("a.x", "b.y") == ["open", "waiting"]
    assert story.approve("a.x").step("b.y").run == 2


def test_rule_05_direct_reopens_the_target_and_freezes_what_is_open_below() -> None:
    """What is done below stays done; what is frozen can't be decided."""
    story = chain().go_back("a.third", "first", "direct")
    assert story.standing("a.first", "a.second", "a.third", "a.beside") == [
        "open", "done", "frozen", "frozen",
    ]  # fmt: skip
    before = story.state
    assert story.approve("a.third").state == before
    assert story.kinds() == ["late"]
    assert story.tick(30).standing("a.third") == "frozen"


def test_rule_05_a_frozen_step_wakes_when_everything_above_is_done() -> None:
    """Not before; then it goes on as the same run, with what was said in it."""
    rule = {"rule": {"pass": "all"}}
    steps = {
        "first": REVIEW,
        "second": {**REVIEW, "after": ["first"]},
        "third": {**REVIEW, **rule, "after": ["second"]},
    }
    story = Story(process({"a": steps})).approve("a.first").approve("a.second")
    story.approve("a.third", by="bo").go_back("a.third", "first", "direct")
    story.approve("a.first")
    assert story.standing("a.third") == "open"
    assert story.step("a.third").run == 1
    assert [vote.person for vote in story.step("a.third").votes] == ["bo"]


def test_rule_05_a_frozen_step_wakes_to_its_whole_time() -> None:
    """While it stood still nobody could act: nobody's time has run out."""
    steps = {
        "first": REVIEW,
        "ask": {**REVIEW, "after": ["first"]},
        "pay": {"kind": "payment", "after": ["first"], "lapse": "end",
                "within": {"n": 3, "unit": "working"}},
    }  # fmt: skip
    story = Story(process({"a": steps}, fees={"a": {"fee": 100}})).approve("a.first")
    story.go_back("a.ask", "first", "direct").tick(10)
    story.approve("a.first").tick(3)
    assert story.standing("a.pay") == "open"
    assert not story.bill("a.pay").quoted_again


def test_rule_05_a_frozen_step_in_an_item_that_loses_what_is_above_ends_with_it() -> None:
    """What is above it elsewhere is gone for good: its item can't be completed, and says so."""
    items = {"a": {"x": REVIEW}, "b": {"w": REVIEW, "y": {**REVIEW, "after": ["w"]}}}
    fees = {"a": {"fee": 100}}
    items["a"]["pay"] = {"kind": "payment", "after": ["x"]}
    items["a"]["last"] = {**REVIEW, "after": ["pay"]}
    story = Story(process(items, order={"b.y": ["a.pay"]}, fees=fees))
    story.approve("a.x").pay("a.pay").approve("b.w").go_back("b.y", "w", "direct")
    story.reject("a.last").approve("b.w")
    assert story.endings() == {"a": "rejected", "b": "not_completed"}


@pytest.mark.parametrize("mode", ["redo", "direct"])
@pytest.mark.parametrize("answered", [True, False])
def test_rule_06_a_return_past_a_final_step_is_refused(mode: str, answered: bool) -> None:
    """Whether it is done or only sent, whatever the way back, and in words."""
    story = with_call(FINAL)
    if answered:
        story.answer("a.call")
    told = story.refuses("past_final", "go_back", "a.beside", "first", mode)
    assert told["step"] == {"zh-CN": "call", "en": "call"}


def test_rule_06_below_a_final_step_a_return_stays_possible() -> None:
    """Only what is above the final step is out of reach."""
    steps = {
        "call": FINAL,
        "first": {**REVIEW, "after": ["call"]},
        "last": {**REVIEW, "after": ["first"]},
    }
    story = Story(process({"a": steps})).answer("a.call").approve("a.first")
    assert story.go_back("a.last", "first").standing("a.first") == "open"


def test_rule_06_a_final_call_that_was_refused_has_no_effect_and_holds_nothing() -> None:
    """A final step in whose place nothing was done outside is no barrier."""
    steps = {
        "first": REVIEW,
        "call": {**FINAL, "after": ["first"], "when": {"==": [1, 2]}},
        "last": {**REVIEW, "after": ["call"]},
    }
    story = Story(process({"a": steps})).approve("a.first")
    assert story.go_back("a.last", "first").standing("a.first") == "open"


@pytest.mark.parametrize(
    ("step", "operation"),
    [(CALL, "x.cancel"), ({"kind": "issue"}, "revoke"), ({"kind": "issue", "undo": "x.y"}, "x.y")],
)
def test_rule_06_an_effect_says_how_it_is_undone(step: dict[str, str], operation: str) -> None:
    """An operation for a call; what was issued is revoked; money is paid back (rule 7)."""
    story = with_call(step).answer("a.call").go_back("a.last", "first")
    (undo,) = story.sent("undo")
    assert (undo.step, undo.run, undo.operation) == ("a.call", 1, operation)


def test_rule_06_what_only_asks_has_nothing_to_undo() -> None:
    """A connector without `undo` and `final` changes nothing outside."""
    story = with_call({"kind": "connector", "operation": "x.ask"}).answer("a.call", ok=1)
    story.go_back("a.last", "first").approve("a.first")
    assert story.sent("undo") == []
    assert story.standing("a.call") == "open"
    assert [one.key for one in story.sent("call")] == ["a.call#1", "a.call#2"]


def test_rule_07_an_effect_is_undone_before_its_step_opens_again() -> None:
    """All above is done again, and still the step waits for its undo."""
    story = with_call(CALL).answer("a.call").go_back("a.last", "first").approve("a.first")
    assert story.standing("a.call") == "waiting"
    assert story.step("a.call").effect == "undoing"
    story.undone("a.call")
    assert story.standing("a.call") == "open"
    assert (story.step("a.call").run, story.step("a.call").effect) == (2, "sent")


def test_rule_07_without_an_answer_the_platform_waits_then_undoes() -> None:
    """The call is under way: first its answer, then the undo, then the next run."""
    story = with_call(CALL).go_back("a.beside", "first").approve("a.first")
    assert story.step("a.call").effect == "unwanted"
    assert story.sent("undo") == []
    assert story.standing("a.call") == "waiting"
    story.answer("a.call", number=7)
    assert "late" in story.kinds()
    assert story.step("a.call").effect == "undoing"
    assert story.undone("a.call").standing("a.call") == "open"


@pytest.mark.parametrize("result", ["rejected", "not_found"])
def test_rule_07_a_call_that_came_to_nothing_needs_no_undo(result: str) -> None:
    """The awaited answer is no: the step may open again at once."""
    story = with_call(CALL).go_back("a.beside", "first").approve("a.first")
    story.answer("a.call", result)
    assert story.sent("undo") == []
    assert story.standing("a.call") == "open"


def test_rule_07_a_refusal_that_comes_late_needs_no_undo() -> None:
    """What the system has refused (`refuse_when`) it hasn't done."""
    refusing = {**CALL, "refuse_when": {"==": [{"var": "answer.free"}, False]}}
    story = with_call(refusing).go_back("a.beside", "first").answer("a.call", free=False)
    assert story.sent("undo") == []
    assert story.approve("a.first").standing("a.call") == "open"


def test_rule_07_an_undo_that_fails_is_a_person_s_task() -> None:
    """The admin is told, and says whether it is gone or is to be tried once more."""
    story = with_call(CALL).answer("a.call").go_back("a.last", "first").approve("a.first")
    story.undone("a.call", gone=False, reason="closed on weekends")
    step = story.step("a.call")
    assert (step.effect, step.failed) == ("stuck", "closed on weekends")
    assert step.offices == (("hall", "admin"),)
    assert story.standing("a.call") == "waiting"
    story.refuses("not_yours", "settle", "a.call", "gone", by="ann")
    story.settle("a.call", "again")
    assert story.step("a.call").effect == "undoing"
    assert [one.key for one in story.sent("undo")] == ["a.call#1:undo"] * 2
    story.refuses("nothing_failed", "settle", "a.call", "gone")
    story.undone("a.call", gone=False).settle("a.call", "gone")
    assert story.standing("a.call") == "open"
    assert story.step("a.call").run == 2


def test_rule_07_money_goes_back_before_a_payment_opens_again() -> None:
    """A payment is undone by its refund."""
    steps = {
        "first": REVIEW,
        "pay": {"kind": "payment", "after": ["first"]},
        "last": {**REVIEW, "after": ["pay"]},
    }
    story = Story(process({"a": steps}, fees={"a": {"fee": 100}})).approve("a.first")
    story.pay("a.pay").go_back("a.last", "first").approve("a.first")
    assert story.standing("a.pay") == "waiting"
    (refund,) = story.sent("refund")
    assert refund.data == {"bill": "a.pay#1", "lines": ["a.fee"]}
    story.refunded("a.pay#1")
    assert story.standing("a.pay") == "open"
    assert story.lines() == {"a.pay#1": ["refunded"], "a.pay#2": ["due"]}


@pytest.mark.parametrize("how", ["gone", "again"])
def test_rule_07_a_refund_that_fails_is_a_person_s_task(how: str) -> None:
    """Not the applicant's: the admin says that the money is back, or sends it once more."""
    steps = {"pay": {"kind": "payment"}, "last": {**REVIEW, "after": ["pay"]}}
    story = Story(process({"a": steps}, fees={"a": {"fee": 100}})).pay("a.pay")
    story.go_back("a.last", "pay").undone("a.pay", gone=False, reason="account closed")
    assert story.step("a.pay").effect == "stuck"
    story.refuses("not_yours", "settle", "a.pay", how, by=APPLICANT)
    story.settle("a.pay", how)
    if how == "again":
        assert len(story.sent("refund")) == 2
        story.refunded("a.pay#1")
    assert story.lines() == {"a.pay#1": ["refunded"], "a.pay#2": ["due"]}
    assert story.standing("a.pay") == "open"


@pytest.mark.parametrize("how", ["again", "done", "gone"])
def test_a_call_that_fails_is_a_person_s_task(how: str) -> None:
    """They call again with the same key, say what it came to, or give the step up."""
    story = with_call(CALL).answer("a.call", "rejected")
    assert story.step("a.call").failed == "rejected"
    story.refuses("not_yours", "settle", "a.call", how, by="ann")
    story.settle("a.call", how)
    if how == "again":
        assert [one.key for one in story.sent("call")] == ["a.call#1"] * 2
        story.answer("a.call", number=1)
    if how == "gone":
        assert story.item("a").ending == "not_completed"
        assert story.sent("undo") == []
    else:
        assert story.standing("a.call", "a.last") == ["done", "open"]
    story.refuses("nothing_failed", "settle", "a.call", how)


# Rule 8

READING = {
    "first": {**REVIEW, "fields": {"secret": "hidden"}},
    "ask": {"kind": "connector", "operation": "x.ask", "after": ["first"],
            "input": {"size": {"var": "area"}}},
    "unread": {"kind": "connector", "operation": "x.ask", "after": ["first"]},
    "last": {**REVIEW, "after": ["ask", "unread"], "fields": {"area": "hidden", "secret": "write"}},
}  # fmt: skip


def reading(**steps: object) -> Story:
    fields = {"a": ["area", "secret", "name"]}
    story = Story(process({"a": {**READING, **steps}}, fields=fields))
    return story.approve("a.first", opinion="fine").answer("a.ask").answer("a.unread")


def test_rule_08_every_step_that_read_what_changed_is_redone_with_all_below() -> None:
    """Who saw the field decides anew; below it everything."""
    story = reading().ask("a.last", "area").supply("a", "area")
    assert story.standing("a.first", "a.ask", "a.unread", "a.last") == [
        "open", "waiting", "waiting", "waiting",
    ]  # fmt: skip


def test_rule_08_who_could_not_see_it_has_not_read_it() -> None:
    """A hidden field's change is nothing to a step, unless its input or condition reads it."""
    story = reading().write("a.last", "secret")
    assert story.standing("a.first", "a.ask", "a.last") == ["done", "done", "open"]


@pytest.mark.parametrize(
    "step",
    [
        {"input": {"size": {"var": "name"}}},
        {"refuse_when": {"==": [{"var": "name"}, {"var": "answer.name"}]}},
        {"output": {"named": {"var": "name"}}},
        {"when": {"!=": [{"var": "name"}, "x"]}},
    ],
)
def test_rule_08_a_call_reads_all_that_its_expressions_read(step: dict[str, object]) -> None:
    """What is sent, when it is a no, what is kept of the answer, whether it is called at all."""
    steps = {
        "call": {"kind": "connector", "operation": "x.ask", **step},
        "last": {**REVIEW, "after": ["call"], "fields": {"name": "write"}},
    }
    story = Story(process({"a": steps}, fields={"a": ["name"]}), views={"a": {"name": "Li"}})
    story.answer("a.call", name="Wu").write("a.last", "name")
    assert story.step("a.call").run == 2


def test_rule_08_a_charge_reads_what_its_amount_reads() -> None:
    """Paid is paid back, and billed anew."""
    steps = {"pay": {"kind": "payment"}, "last": {**REVIEW, "after": ["pay"],
             "fields": {"area": "write"}}}  # fmt: skip
    built = process({"a": steps}, fields={"a": ["area"]},
                    fees={"a": {"fee": {"amount": {"*": [{"var": "area"}, 100]}}}})  # fmt: skip
    story = Story(built, views={"a": {"area": 2}}).pay("a.pay")
    story.know(views={"a": {"area": 3}}).write("a.last", "area").refunded("a.pay#1")
    assert [line.amount for line in story.bill("a.pay").lines] == [300]


def test_rule_08_a_skipped_step_is_asked_anew() -> None:
    """Its condition read the answer: now it may hold."""
    steps = {
        "big": {"when": {"==": [{"var": "area"}, 9]}},
        "last": {**REVIEW, "after": ["big"], "fields": {"area": "write"}},
    }
    story = Story(process({"a": steps}, fields={"a": ["area"]}), views={"a": {"area": 1}})
    assert story.standing("a.big") == "skipped"
    story.know(views={"a": {"area": 9}}).write("a.last", "area")
    assert story.standing("a.big", "a.last") == ["open", "waiting"]


def test_rule_08_an_open_step_with_nothing_said_just_reads_on() -> None:
    """Who hasn't said anything yet looks at the new answers; a vote is taken again."""
    two = {"first": {**REVIEW, "rule": {"pass": "all"}}}
    story = Story(process({"a": two}, fields={"a": ["area"]})).ask("a.first", "area")
    assert story.supply("a", "area").step("a.first").run == 1
    said = Story(process({"a": two}, fields={"a": ["area"]})).approve("a.first")
    said.ask("a.first", "area", by="bo").supply("a", "area")
    assert said.step("a.first").run == 2
    assert said.step("a.first").votes == ()


def test_rule_08_the_earlier_opinion_is_kept_to_be_confirmed() -> None:
    """It is shown while the step is open again, also after a run in which nobody said anything."""
    story = reading().ask("a.last", "area").supply("a", "area")
    assert [vote.opinion for vote in story.step("a.first").earlier] == ["fine"]
    assert story.step("a.first").votes == ()
    (before,) = story.step("a.first").earlier
    story.approve("a.first", opinion=before.opinion)
    assert story.standing("a.first") == "done"


def final_read(**more: object) -> Story:
    steps = {
        "first": {"fields": {"area": "hidden"}},
        "call": {**FINAL, "after": ["first"], "input": {"n": {"var": "name"}}},
        "last": {**REVIEW, "after": ["first"], "fields": {"name": "write", "area": "write"}},
    }
    fields = {"a": ["area", "name"]}
    return Story(process({"a": steps}, fields=fields), **more)


def test_rule_08_what_a_final_step_read_can_not_be_changed_nor_asked_for() -> None:
    """Sent is enough; what steps above it read is fixed with it."""
    story = final_read().approve("a.first")
    assert story.refuses("fixed_field", "ask", "a.last", "name") == {"fields": ["name"]}
    story.refuses("fixed_field", "write", "a.last", "name")
    assert story.write("a.last", "area").standing("a.last") == "open"
    story.answer("a.call").refuses("fixed_field", "ask", "a.last", "name", "area")


def test_rule_08_before_it_is_sent_all_may_change() -> None:
    """The final step hasn't run: nothing is fixed yet."""
    steps = {"first": {**REVIEW}, "call": {**FINAL, "after": ["first"]}}
    story = Story(process({"a": steps}, fields={"a": ["name"]})).ask("a.first", "name")
    assert story.supply("a", "name").standing("a.first") == "open"


def test_rule_08_a_question_of_several_items_is_fixed_by_each() -> None:
    """A field that another item's final step has read isn't asked for, nor changed, here."""
    items = {"a": {"x": REVIEW}, "b": {"call": {**FINAL, "input": {"n": {"var": "called"}}}}}
    shared = [(("a", "name"), ("b", "called"))]
    fields = {"a": ["name"], "b": ["called"]}
    story = Story(process(items, fields=fields, shared=shared))
    assert story.refuses("fixed_field", "ask", "a.x", "name") == {"fields": ["name"]}


def test_rule_08_a_changed_question_redoes_what_read_it_in_every_item() -> None:
    items = {"a": {"x": REVIEW}, "b": {"y": REVIEW, "z": {"after": ["y"]}}}
    story = Story(process(items, fields={"a": ["name"], "b": ["called"]})).approve("b.y")
    story.ask("a.x", "name").supply("a", "name", b=["called"])
    assert story.standing("b.y", "b.z") == ["open", "waiting"]
    assert story.item("b").digest == story.item("a").digest.replace("a/", "b/")
