"""Rules 16 to 20: bills, signatures, who lets time pass, pauses, supplements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.engine.approvals import PLATFORM
from runtime.engine.approvals import commands as said
from tests.approvals.worlds import APPLICANT, MONDAY, REVIEW, Story, process, who

FEES = {"a": {"fee": 1000, "survey": {"amount": 500, "payer": "builder"}}}
THREE = {"n": 3, "unit": "working"}


def paying(fees: Any = None, *, last: Any = None, **pay: Any) -> Story:
    steps = {"pay": {"kind": "payment", **pay}, "x": {**REVIEW, **(last or {})}}
    return Story(process({"a": steps}, fees=fees or FEES, fields={"a": ["area"]}))


def test_rule_16_charges_become_lines_of_a_bill_a_line_per_charge_and_payer() -> None:
    story = paying()
    lines = [
        (line.id, line.payer, line.amount, line.standing) for line in story.bill("a.pay").lines
    ]
    assert lines == [("a.fee", "", 1000, "due"), ("a.survey", "builder", 500, "due")]
    (bill,) = story.sent("bill")
    assert [line["id"] for line in bill.data["lines"]] == ["a.fee", "a.survey"]


def test_rule_16_a_payment_is_done_when_all_its_lines_are_paid() -> None:
    story = paying().pay("a.pay", "fee")
    assert story.standing("a.pay") == "open"
    story.pay("a.pay", "survey")
    assert (story.step("a.pay").outcome, story.standing("a.pay")) == ("paid", "done")


def test_rule_16_only_charges_that_hold_and_come_to_something() -> None:
    """Named charges only; not one whose condition doesn't hold, nor one of nothing."""
    fees = {"a": {"fee": 1000, "never": {"amount": 5, "when": {"==": [1, 2]}}, "none": 0,
                  "other": 7}}  # fmt: skip
    story = paying(fees, charges=["fee", "never", "none"])
    assert [line.id for line in story.bill("a.pay").lines] == ["a.fee"]


def test_rule_16_nothing_due_is_done_at_once() -> None:
    story = paying({"a": {"none": 0}}, decides=True, stops_clock=True)
    assert story.step("a.pay").outcome == "nothing_due"
    assert story.item("a").decided_at == story.now
    assert not story.item("a").paused


def test_rule_16_a_charge_that_a_system_knows_is_what_it_said() -> None:
    steps = {
        "quote": {"kind": "connector", "operation": "tax.quote"},
        "pay": {"kind": "payment", "after": ["quote"]},
    }
    fees = {"a": {"tax": {"source": "tax.quote"}, "other": {"source": "tax.quote"}}}
    story = Story(process({"a": steps}, fees=fees)).answer("a.quote", tax=4200, amount=17)
    assert [line.amount for line in story.bill("a.pay").lines] == [4200, 17]


def test_rule_16_lines_of_an_item_without_result_are_refunded_unless_kept() -> None:
    """What is due is dropped, what is marked as kept stays with the office."""
    story = paying().pay("a.pay", "fee").reject("a.x")
    assert story.lines() == {"a.pay#1": ["refunding", "dropped"]}
    kept = paying(kept=True).pay("a.pay", "fee").reject("a.x")
    assert kept.lines() == {"a.pay#1": ["paid", "dropped"]}
    assert kept.state.closed_at == kept.now
    silent = paying(refund=False).pay("a.pay", "fee").reject("a.x")
    assert silent.lines() == {"a.pay#1": ["paid", "dropped"]}


JOINT = {
    "a": {"pay": {"kind": "payment"}, "x": REVIEW},
    "b": {"pay": {"kind": "payment"}, "y": {**REVIEW, "after": ["pay"]}},
}


def jointly(**pay: Any) -> Story:
    joint = {"pay": {"kind": "payment", "for": ["a.pay", "b.pay"], **pay}}
    fees = {"a": {"fee": 100}, "b": {"fee": 200}}
    return Story(process(JOINT, joint=joint, fees=fees))


def test_rule_16_a_joint_payment_is_one_bill() -> None:
    """All parts' lines on one bill, told to the bank once and whole."""
    story = jointly()
    assert story.lines() == {"pay#1": ["due", "due"]}
    (bill,) = story.sent("bill")
    assert [line["id"] for line in bill.data["lines"]] == ["a.fee", "b.fee"]
    story.do(said.Paid("pay#1", ("a.fee", "b.fee"), PLATFORM))
    assert story.standing("a.pay", "b.pay") == ["done", "done"]


def test_rule_16_the_rest_of_a_bill_stands() -> None:
    """The other item's lines are untouched."""
    story = jointly().pay("a.pay").reject("a.x")
    assert story.lines() == {"pay#1": ["refunding", "due"]}
    assert story.pay("b.pay").standing("b.pay") == "done"


def test_rule_16_a_part_that_is_redone_gets_a_bill_of_its_own() -> None:
    story = jointly().pay("a.pay").pay("b.pay").go_back("b.y", "pay").refunded("pay#1", "b.fee")
    assert story.lines() == {"pay#1": ["paid", "refunded"], "pay#2": ["due"]}
    assert story.standing("a.pay", "b.pay") == ["done", "open"]


def test_rule_16_an_expired_bill_is_quoted_again_once_then_lapses() -> None:
    """With its whole time, and its amounts worked out anew."""
    fees = {"a": {"fee": {"amount": {"*": [{"var": "area"}, 10]}}}}
    steps = {"pay": {"kind": "payment", "within": THREE, "lapse": "end"}}
    built = process({"a": steps}, fees=fees, fields={"a": ["area"]})
    story = Story(built, views={"a": {"area": 1}}).know(views={"a": {"area": 2}}).tick(3)
    assert story.lines() == {"a.pay#1": ["due"]}
    story.tick(1)
    assert story.lines() == {"a.pay#1": ["dropped"], "a.pay#2": ["due"]}
    assert [line.amount for line in story.bill("a.pay").lines] == [20]
    assert story.step("a.pay").run == 1
    story.tick(5)  # Friday to Wednesday: the third working day
    assert story.item("a").ending == ""
    story.tick(1)
    assert story.item("a").ending == "lapsed"
    assert story.item("a").reason == {"step": "a.pay"}
    assert story.lines() == {"a.pay#1": ["dropped"], "a.pay#2": ["dropped"]}


def test_rule_16_what_one_payer_has_paid_of_an_expired_bill_stays_paid() -> None:
    """The new bill asks for the rest; at an ending all of it goes back, of both bills."""
    story = paying(within=THREE, lapse="end").pay("a.pay", "fee").tick(4)
    assert story.lines() == {"a.pay#1": ["paid", "dropped"], "a.pay#2": ["due"]}
    assert [line.id for line in story.bill("a.pay").lines] == ["a.survey"]
    story.reject("a.x")
    assert story.lines() == {"a.pay#1": ["refunding", "dropped"], "a.pay#2": ["dropped"]}
    story.refunded("a.pay#1")
    assert story.state.closed_at == story.now
    done = paying(within=THREE, lapse="end").pay("a.pay", "fee").tick(4).pay("a.pay")
    assert (done.standing("a.pay"), done.step("a.pay").outcome) == ("done", "paid")


def test_rule_16_paid_twice_counts_once() -> None:
    """The bank tells it again: nothing happens."""
    story = paying().pay("a.pay")
    before = story.state
    story.do(said.Paid("a.pay#1", ("a.fee", "a.survey"), PLATFORM))
    assert (story.state, story.last) == (before, ())


def test_rule_16_paid_late_goes_back() -> None:
    """What nobody owes any more is paid back at once, also after all is over."""
    story = paying(last={"when": {"==": [1, 1]}}).reject("a.x")
    assert story.state.closed_at == story.now
    story.do(said.Paid("a.pay#1", ("a.fee",), PLATFORM))
    assert story.lines() == {"a.pay#1": ["refunding", "dropped"]}
    assert [one.data["lines"] for one in story.sent("refund")] == [["a.fee"]]
    story.refunded("a.pay#1")
    assert story.lines() == {"a.pay#1": ["refunded", "dropped"]}


def test_rule_16_an_expired_bill_that_is_paid_late_goes_back_and_pays_nothing() -> None:
    story = paying(within=THREE, lapse="end").tick(4).pay("a.pay", "fee", bill="a.pay#1")
    assert story.lines() == {"a.pay#1": ["refunding", "dropped"], "a.pay#2": ["due", "due"]}
    assert story.standing("a.pay") == "open"
    before = story.refunded("a.pay#1").state
    assert story.refunded("a.pay#1").state == before
    assert story.pay("a.pay").standing("a.pay") == "done"


def test_there_is_no_such_bill() -> None:
    story = paying()
    for command in (said.Paid, said.Refunded):
        with pytest.raises(Exception, match="no_bill"):
            story.do(command("ghost#1", (), PLATFORM))


# Rule 17

SIGNED = {"x": {**REVIEW, "fields": {"price": "write", "note": "write"}},
          "sign": {"kind": "sign", "party": "owners", "fields": {"note": "hidden"}},
          "next": {"after": ["sign"]}}  # fmt: skip


def signing(*owners: str, **sign: Any) -> Story:
    steps = {**SIGNED, "sign": {**SIGNED["sign"], **sign}}
    built = process({"a": steps}, fields={"a": ["price", "note"]})
    return Story(built, parties={"a.owners": owners or ("li", "wu")})


def test_rule_17_all_of_a_party_sign_or_one_where_one_is_enough() -> None:
    story = signing().sign("a.sign", "li")
    assert story.standing("a.sign") == "open"
    assert story.sign("a.sign", "wu").standing("a.sign", "a.next") == ["done", "open"]
    assert story.step("a.sign").outcome == "signed"
    assert signing(any=True).sign("a.sign", "wu").standing("a.sign") == "done"


def test_rule_17_only_a_party_signs() -> None:
    """No stranger, no officer, not the applicant unless they are one."""
    story = signing()
    for person in ("zhang", "ann", "applicant"):
        story.refuses("not_yours", "sign", "a.sign", person)


def test_rule_17_a_signature_is_over_a_hash_of_what_was_signed() -> None:
    """Over another text it is none."""
    story = signing()
    story.refuses("signature_stale", "sign", "a.sign", "li", digest="a/0")
    story.sign("a.sign", "li", digest="a/1")
    assert story.step("a.sign").signed == {"li": "a/1"}


def test_rule_17_changed_text_new_signature() -> None:
    """Who has signed signs again; who hasn't sees the new text."""
    story = signing().sign("a.sign", "li").write("a.x", "price")
    assert (story.step("a.sign").run, story.step("a.sign").signed) == (2, {})
    story.refuses("signature_stale", "sign", "a.sign", "wu", digest="a/1")
    done = signing().sign("a.sign", "li").sign("a.sign", "wu").write("a.x", "price")
    assert done.standing("a.sign", "a.next") == ["open", "waiting"]


def test_rule_17_signatures_over_different_texts_do_not_add_up() -> None:
    """Also where what has changed is hidden from who signs: the hash is another one."""
    story = signing().sign("a.sign", "li").write("a.x", "note").sign("a.sign", "wu")
    assert story.standing("a.sign") == "open"
    assert story.sign("a.sign", "li").standing("a.sign") == "done"


def test_rule_17_declining_rejects_the_item_with_the_reason() -> None:
    story = signing().sign("a.sign", "li").sign("a.sign", "wu", yes=False, reason="not my house")
    assert story.step("a.sign").outcome == "declined"
    assert story.item("a").ending == "rejected"
    assert story.item("a").reason == {"step": "a.sign", "words": "not my house"}


def test_rule_17_declining_a_part_of_a_joint_step_rejects_that_part_s_item() -> None:
    items = {use: {"sign": {"kind": "sign", "party": "owner"}} for use in ("a", "b")}
    joint = {"sign": {"kind": "sign", "for": ["a.sign", "b.sign"]}}
    parties = {"a.owner": ["li"], "b.owner": ["li"]}
    story = Story(process(items, joint=joint), parties=parties).sign("a.sign", "li", yes=False)
    assert story.endings() == {"a": "rejected", "b": ""}
    assert story.sign("b.sign", "li").item("b").ending == "issued"


def test_rule_17_what_was_signed_with_the_form_needs_no_second_signature() -> None:
    """While it is the same text, by its hash."""
    steps = {"sign": {"kind": "sign", "party": "owners"}}
    known = {"parties": {"a.owners": ["li", "wu"]}}
    early = {"a.owners": {"li": "a/1", "wu": "a/0", "eve": "a/1"}}
    story = Story(process({"a": steps}), signed=early, **known)
    assert story.step("a.sign").signed == {"li": "a/1"}
    assert story.sign("a.sign", "wu").standing("a.sign") == "done"


def test_rule_17_where_no_party_is_found_the_admin_sees_to_it_visibly() -> None:
    """Nothing waits for nobody, and nobody's signature is skipped in silence."""
    story = Story(process({"a": {"sign": {"kind": "sign", "party": "owners"}}}))
    assert story.step("a.sign").fallback
    assert story.standing("a.sign") == "open"
    story.refuses("not_yours", "sign", "a.sign", "li")
    on = {"step": "a.sign", "run": 1, "by": who("ada")}
    assert story.do(said.Sign(**on, digest="a/1")).standing("a.sign") == "done"


# Rule 18


def outside(kind: str, lapse: str | None, **more: Any) -> Story:
    settings = {
        "sign": {"party": "owners"},
        "payment": {},
        "task": {"assignees": [{"role": "ghost"}, {"applicant": True}]},
    }[kind]
    step = {"kind": kind, "within": THREE, **settings, **more}
    if lapse:
        step["lapse"] = lapse
    steps = {"wait": step, "next": {"after": ["wait"]}}
    built = process({"a": steps}, fees={"a": {"fee": 100}})
    return Story(built, parties={"a.owners": ["li"]})


@pytest.mark.parametrize("kind", ["sign", "payment", "task"])
@pytest.mark.parametrize("lapse", ["remind", None])
def test_rule_18_remind_reminds_and_nothing_else(kind: str, lapse: str | None) -> None:
    """Every working day, from the last but one on, for ever; it never goes up the tree."""
    story = outside(kind, lapse).tick(11)
    assert story.standing("a.wait") == "open"
    days = [one.data["on"] for one in story.history if one.kind == "reminded"]
    assert days == [f"2026-03-{day:02}" for day in (4, 5, 6, 9, 10, 11, 12, 13)]
    assert story.step("a.wait").level == 0


@pytest.mark.parametrize("kind", ["sign", "payment", "task"])
def test_rule_18_skip_skips_after_the_last_day(kind: str) -> None:
    """It counts as skipped, not as approved; what is still due is dropped."""
    story = outside(kind, "skip").tick(3)
    assert story.standing("a.wait") == "open"
    story.tick(1)
    assert story.standing("a.wait", "a.next") == ["skipped", "open"]
    assert story.step("a.wait").outcome == "skipped"
    assert set(story.lines().get("a.wait#1", ["dropped"])) == {"dropped"}


@pytest.mark.parametrize("kind", ["sign", "task"])
def test_rule_18_end_ends_the_item(kind: str) -> None:
    story = outside(kind, "end").tick(3)
    assert story.item("a").ending == ""
    assert story.tick(1).item("a").ending == "lapsed"
    assert story.item("a").reason == {"step": "a.wait"}


def test_rule_18_a_skipped_payment_that_was_paid_in_part_pays_that_back() -> None:
    """And holds nobody up, neither while the money goes back nor after."""
    steps = {"pay": {"kind": "payment", "within": THREE, "lapse": "skip"}, "x": {"after": ["pay"]}}
    story = Story(process({"a": steps}, fees=FEES)).pay("a.pay", "fee").tick(4)
    assert story.lines() == {"a.pay#1": ["refunding", "dropped"]}
    assert story.standing("a.pay", "a.x") == ["skipped", "open"]
    story.refunded("a.pay#1").approve("a.x")
    assert story.item("a").ending == "issued"


@pytest.mark.parametrize("lapse", ["skip", "end", "remind"])
@pytest.mark.parametrize("kind", ["review", "task"])
def test_rule_18_nobody_inside_lapses(kind: str, lapse: str) -> None:
    """Nothing is ever approved by time-out, nor skipped or ended, while an office has it."""
    ways = [{"role": "officer"}, {"applicant": True}]
    steps = {"x": {"kind": kind, "assignees": ways, "within": THREE, "lapse": lapse}}
    story = Story(process({"a": steps})).tick(60)
    assert (story.standing("a.x"), story.item("a").ending) == ("open", "")


def test_rule_18_what_is_overdue_inside_is_reminded_and_escalated_up_the_tree() -> None:
    """From a day before its end; each late working day a unit further up, as far as there is."""
    story = Story(process({"a": {"x": {"within": THREE}}})).tick(14)
    told = [(one.data["on"][-2:], one.data["level"]) for one in story.history
            if one.kind == "reminded"]  # fmt: skip
    assert told == [("04", 0), ("05", 0), ("06", 1), ("09", 2), ("10", 2), ("11", 2), ("12", 2),
                    ("13", 2), ("16", 2)]  # fmt: skip


def test_rule_18_once_a_day_by_the_day_in_china() -> None:
    """However often the clock is looked at; midnight in London is no new day."""
    story = Story(process({"a": {"x": {"within": {"n": 1, "unit": "working"}}}}))
    for hour in (17, 23, 24, 26, 31):
        story.now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)
        story.tick()
    assert [one.data["on"] for one in story.history if one.kind == "reminded"] == ["2026-03-03"]


def test_rule_18_a_reminder_by_hand_stops_none_by_time() -> None:
    """Whoever reminds each day would otherwise keep it from those above."""
    story = Story(process({"a": {"x": {"within": THREE}}})).tick(3)
    story.later(hours=15).remind("a.x").later(hours=1).tick()
    assert story.step("a.x").level == 1


def test_rule_18_time_is_counted_from_where_the_step_says() -> None:
    """From its opening, from sending, from acceptance; never from before its item began."""
    for since, last in (("opened", 8), ("submitted", 3), ("accepted", 6)):
        steps = {
            "accept": {**REVIEW, "accepts": True},
            "then": {"after": ["accept"]},
            "sign": {"kind": "sign", "party": "owners", "after": ["then"], "lapse": "end",
                     "within": {"n": 3, "unit": "calendar", "from": since}},
        }  # fmt: skip
        story = Story(process({"a": steps}), parties={"a.owners": ["li"]})
        story.later(days=3).approve("a.accept").later(days=2).approve("a.then")
        for _ in range(10):
            if story.item("a").ending:
                break
            story.tick(1)
        assert (story.now - MONDAY).days == max(last + 1, 6), since


def test_rule_18_a_step_of_an_item_that_waited_counts_from_its_start() -> None:
    within = {"n": 3, "unit": "calendar", "from": "submitted"}
    sign = {"kind": "sign", "party": "owner", "lapse": "end", "within": within}
    built = process({"a": {"x": {}}, "b": {"sign": sign}}, after={"b": ["a"]})
    story = Story(built, parties={"b.owner": ["li"]}).later(days=10).approve("a.x")
    assert story.tick(3).item("b").ending == ""
    assert story.tick(1).item("b").ending == "lapsed"


def test_rule_18_a_supplement_that_nobody_answers_lapses() -> None:
    """After fifteen working days."""
    story = Story(process({"a": {"x": REVIEW}})).ask("a.x", papers=["plan"]).tick(21)
    assert story.item("a").ending == ""
    assert story.tick(1).item("a").ending == "lapsed"
    assert story.item("a").reason == {"supplement": True}


# Notices


def announcing(unit: str, n: float, **more: Any) -> Story:
    steps = {
        "notice": {"kind": "notice", "days": {"n": n, "unit": unit}, "objections": True, **more},
        "hear": {"after": ["notice"], "when": {">": [{"var": "steps.notice.form.objections"}, 0]}},
        "last": {"after": ["hear"]},
    }
    return Story(process({"a": steps}))


@pytest.mark.parametrize(("unit", "days"), [("working", 7), ("calendar", 5)])
def test_a_notice_runs_its_days(unit: str, days: int) -> None:
    """To the end of the last one."""
    story = announcing(unit, 5).tick(days)
    assert story.standing("a.notice") == "open"
    story.tick(1)
    assert story.step("a.notice").outcome == "over"
    assert story.standing("a.hear", "a.last") == ["skipped", "open"]


def test_objections_are_recorded_and_later_steps_read_them() -> None:
    story = announcing("calendar", 2).object("a.notice").object("a.notice", "too high").tick(3)
    assert story.step("a.notice").form == {"objections": 2}
    assert story.standing("a.hear", "a.last") == ["open", "waiting"]
    assert [one.data["words"] for one in story.history if one.kind == "objected"] == [
        "too loud",
        "too high",
    ]


def test_no_objections_where_the_notice_takes_none_or_is_over() -> None:
    story = announcing("calendar", 2, objections=False)
    story.refuses("action_off", "object", "a.notice")
    over = announcing("calendar", 2).tick(3).object("a.notice")
    assert over.kinds() == ["late"]
    assert over.step("a.notice").form == {"objections": 0}
    other = Story(process({"a": {"x": REVIEW}}))
    other.refuses("action_off", "object", "a.x")


# Rule 19


def test_rule_19_a_pause_has_a_reason_and_an_id() -> None:
    story = Story(process({"a": {"x": REVIEW}})).hold("a.x", "hearing")
    (pause,) = story.item("a").pauses
    assert (pause.reason, pause.start, pause.end) == ("hearing", MONDAY, None)
    story.refuses("reason_missing", "hold", "a.x", reason=" ")
    story.hold("a.x", "expert").later(days=1).resume("a.x", pause.id)
    assert story.item("a").paused
    first, second = story.item("a").pauses
    assert (first.end, second.end) == (story.now, None)
    assert first.id != second.id
    story.refuses("no_hold", "resume", "a.x", first.id)
    assert not story.resume("a.x", second.id).item("a").paused


def test_rule_19_a_supplement_pauses_its_item_and_no_other() -> None:
    story = Story(process({"a": {"x": REVIEW}, "b": {"y": REVIEW}})).ask("a.x", papers=["plan"])
    assert (story.item("a").paused, story.item("b").paused) == (True, False)
    assert not story.supply("a").item("a").paused


def test_rule_19_a_supplement_s_pause_is_ended_by_its_answer_alone() -> None:
    """No officer ends it, and its answer ends no hold of the same name."""
    story = Story(process({"a": {"x": REVIEW}})).hold("a.x", "supplement")
    story.ask("a.x", papers=["plan"])
    story.refuses("no_hold", "resume", "a.x", "supplement:1")
    story.supply("a")
    assert [one.end is None for one in story.item("a").pauses] == [True, False]


STOPS = {
    "task": {"kind": "task"},
    "notice": {"kind": "notice", "days": {"n": 2, "unit": "calendar"}},
    "payment": {"kind": "payment"},
    "sign": {"kind": "sign", "party": "owners"},
    "connector": {"kind": "connector", "operation": "x.ask"},
    "review": REVIEW,
}


@pytest.mark.parametrize("kind", STOPS)
@pytest.mark.parametrize("stops", [True, False])
def test_rule_19_a_step_stops_the_clock_only_where_the_item_says_so(kind: str, stops: bool) -> None:
    steps = {"wait": {**STOPS[kind], "stops_clock": stops}, "x": REVIEW}
    built = process({"a": steps}, fees={"a": {"fee": 100}})
    story = Story(built, parties={"a.owners": ["li"]})
    assert story.item("a").paused is stops
    {
        "task": lambda: story.approve("a.wait"),
        "notice": lambda: story.tick(3),
        "payment": lambda: story.pay("a.wait"),
        "sign": lambda: story.sign("a.wait", "li"),
        "connector": lambda: story.answer("a.wait"),
        "review": lambda: story.approve("a.wait"),
    }[kind]()
    assert story.standing("a.wait") == "done"
    assert not story.item("a").paused


def test_rule_19_a_step_that_stops_the_clock_does_so_while_it_is_open() -> None:
    """Not while it is frozen, nor once it was taken back or has lapsed."""
    steps = {
        "first": REVIEW,
        "survey": {"kind": "task", "after": ["first"], "stops_clock": True},
        "x": {**REVIEW, "after": ["first"]},
    }
    story = Story(process({"a": steps})).approve("a.first")
    assert story.item("a").paused
    story.go_back("a.x", "first", "direct")
    assert not story.item("a").paused
    assert story.approve("a.first").item("a").paused
    story.go_back("a.x", "first")
    assert not story.item("a").paused
    lapsing = {"sign": {"kind": "sign", "party": "owner", "stops_clock": True, "within": THREE,
                        "lapse": "skip"}, "x": {}}  # fmt: skip
    lapsed = Story(process({"a": lapsing}), parties={"a.owner": ["li"]}).tick(4)
    assert not lapsed.item("a").paused


@pytest.mark.parametrize("how", ["done", "cancelled", "ended"])
def test_rule_19_a_hold_ends_with_its_step(how: str) -> None:
    """Nobody could end it any more; a clock would stand still for ever."""
    steps = {"first": REVIEW, "x": {**REVIEW, "after": ["first"]}, "y": {"after": ["first"]}}
    story = Story(process({"a": steps})).approve("a.first").hold("a.x")
    if how == "done":
        story.approve("a.x")
    elif how == "cancelled":
        story.go_back("a.x", "first")
    else:
        story.withdraw("a")
    assert not story.item("a").paused


# Rule 20


def asking(**fields: Any) -> Story:
    steps = {
        "x": {**REVIEW, "fields": {"b": "hidden"}},
        "y": {**REVIEW, "fields": {"a": "hidden"}},
        "next": {"after": ["x"]},
    }
    return Story(process({"a": steps}, fields={"a": ["a", "b", "c"]}))


def test_rule_20_a_supplement_says_what_is_missing_and_why() -> None:
    story = asking().ask("a.x", "a", papers=["plan"])
    supplement = story.item("a").supplement
    assert supplement is not None
    assert (supplement.fields, supplement.papers) == ({"a": "why"}, {"plan": "why"})
    assert supplement.waits
    asking().refuses("supplement_nothing", "ask", "a.x")


def test_rule_20_two_steps_that_ask_before_it_is_sent_become_one_notice() -> None:
    story = asking().ask("a.x", "a", send=False)
    assert not story.item("a").paused
    story.ask("a.y", "b", papers=["plan"])
    supplement = story.item("a").supplement
    assert supplement is not None
    assert supplement.asked == ("a.x", "a.y")
    assert set(supplement.fields) == {"a", "b"}
    assert [one.data["event"] for one in story.sent("notify")].count("supplement_sent") == 1
    assert len(story.item("a").pauses) == 1


def test_rule_20_while_it_waits_nothing_is_decided_or_asked_or_opened() -> None:
    story = asking().ask("a.x", "a")
    for verb in ("approve", "reject"):
        story.refuses("supplement_waits", verb, "a.y")
    story.refuses("supplement_waits", "ask", "a.y", "b")
    assert story.standing("a.next") == "waiting"


def test_rule_20_the_applicant_answers_it_once() -> None:
    story = asking()
    story.refuses("no_supplement", "supply", "a")
    story.ask("a.x", "a").refuses("not_yours", "supply", "a", "a", by=who("ann"))
    story.supply("a", "a").refuses("no_supplement", "supply", "a", "a")
    story.refuses("no_supplement", "supply", "ghost")


def test_rule_20_once_per_item() -> None:
    """Neither the same step nor another asks again, for a field or a paper."""
    story = asking().ask("a.x", papers=["plan"]).supply("a")
    for step in ("a.x", "a.y"):
        assert story.refuses("supplement_once", "ask", step, "c") == {"fields": ["c"]}
        story.refuses("supplement_once", "ask", step, papers=["map"])


def test_rule_20_after_a_redo_only_what_the_changed_answers_raised() -> None:
    """The answer was wrong again: that one may be asked for again, and nothing beside it."""
    story = asking().approve("a.x").ask("a.y", "c").supply("a", "c")
    assert story.standing("a.x") == "open"
    assert story.refuses("supplement_once", "ask", "a.x", "a", "c") == {"fields": ["a"]}
    story.ask("a.x", "c", send=False)
    assert story.refuses("supplement_once", "ask", "a.y", "b") == {"fields": ["b"]}
    story.refuses("supplement_once", "ask", "a.y", papers=["map"])
    story.ask("a.y", "c")
    assert [one.id for one in story.item("a").pauses] == ["supplement:1", "supplement:2"]
    story.supply("a", "c")
    assert not story.item("a").paused


def test_rule_20_another_item_has_its_own() -> None:
    story = Story(process({"a": {"x": REVIEW}, "b": {"y": REVIEW}})).ask("a.x", papers=["plan"])
    story.ask("b.y", papers=["map"])
    assert story.item("b").supplements == 1


def test_rule_20_an_ended_item_awaits_no_supplement() -> None:
    story = asking().ask("a.x", "a").withdraw("a", by=APPLICANT)
    story.refuses("no_supplement", "supply", "a", "a")
