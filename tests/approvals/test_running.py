"""Rules 1 to 3: when steps open, what they read, and which run a word is about. Joint steps."""

from __future__ import annotations

import copy

import pytest

from runtime.engine.approvals import NotAllowed
from runtime.engine.approvals import commands as said
from tests.approvals.worlds import APPLICANT, REVIEW, Story, process
from tests.definitions.factory import changed, problems

CHAIN = {
    "first": {},
    "second": {"after": ["first"]},
    "third": {"after": ["second"]},
    "issue": {"kind": "issue", "after": ["third"]},
}


def test_rule_01_a_step_opens_when_everything_above_it_is_done() -> None:
    """A step opens when everything above it is done or skipped."""
    story = Story(process({"a": CHAIN}))
    assert story.standing("a.first", "a.second", "a.third") == ["open", "waiting", "waiting"]
    story.approve("a.first")
    assert story.standing("a.first", "a.second", "a.third") == ["done", "open", "waiting"]
    story.approve("a.second").approve("a.third")
    assert story.standing("a.issue") == "open"
    story.answer("a.issue", number="1")
    assert story.item("a").ending == "issued"
    assert story.state.closed_at == story.now


def test_rule_01_a_skipped_step_holds_nobody_up() -> None:
    """What is skipped counts as done."""
    steps = {**CHAIN, "second": {"after": ["first"], "when": {"==": [{"var": "big"}, True]}}}
    story = Story(process({"a": steps}, fields={"a": ["big"]})).approve("a.first")
    assert story.standing("a.second", "a.third") == ["skipped", "open"]
    assert story.step("a.second").run == 0


def test_rule_01_not_only_its_neighbours_count() -> None:
    """Above a skipped neighbour stands a step that is still open: nothing opens."""
    never = {"==": [1, 2]}
    steps = {
        "slow": {},
        "quick": {},
        "between": {"after": ["slow"], "when": never},
        "last": {"after": ["quick", "between"]},
    }
    story = Story(process({"a": {**steps}}))
    story.approve("a.quick")
    assert story.standing("a.between", "a.last") == ["waiting", "waiting"]
    story.approve("a.slow")
    assert story.standing("a.between", "a.last") == ["skipped", "open"]


def test_rule_01_a_frozen_step_above_a_done_neighbour_holds_the_next_up() -> None:
    """After a direct return a step below a done one doesn't open while the top one is open."""
    steps = {
        "first": REVIEW,
        "done": {"after": ["first"]},
        "open": {**REVIEW, "after": ["first"]},
        "last": {"after": ["done", "open"]},
        "after_done": {"after": ["done"], "when": {"==": [1, 1]}},
    }
    story = Story(process({"a": steps})).approve("a.first").approve("a.done")
    story.go_back("a.open", "first", "direct")
    assert story.standing("a.first", "a.done", "a.open") == ["open", "done", "frozen"]
    assert story.standing("a.after_done") == "frozen"
    story.approve("a.first")
    assert story.standing("a.open", "a.after_done") == ["open", "open"]


def test_rule_01_when_is_read_at_that_moment() -> None:
    """`when` reads the answers as they are when the step could open, not as they were sent."""
    steps = {"first": {}, "second": {"after": ["first"], "when": {"var": "big"}}}
    story = Story(process({"a": steps}, fields={"a": ["big"]}), views={"a": {"big": False}})
    story.know(views={"a": {"big": True}}).approve("a.first")
    assert story.standing("a.second") == "open"


def test_rule_01_edges_between_items_hold_like_those_within() -> None:
    """A service orders steps of different items; an inactive item holds nobody up."""
    items = {"tax": {"pay": {}}, "home": {"register": {}}}
    order = {"home.register": ["tax.pay"]}
    story = Story(process(items, order=order))
    assert story.standing("home.register") == "waiting"
    assert story.approve("tax.pay").standing("home.register") == "open"
    alone = Story(process(items, order=order), active=["home"])
    assert alone.standing("home.register") == "open"


def test_rule_02_when_reads_what_steps_above_came_to() -> None:
    """`when` reads `steps.X.outcome` and `steps.X.form.f` of steps above it."""
    read = {"and": [{"==": [{"var": "steps.visit.outcome"}, "approved"]},
                    {"==": [{"var": "steps.visit.form.damp"}, True]}]}  # fmt: skip
    steps = {"visit": {"kind": "task"}, "dry": {"after": ["visit"], "when": read}}
    damp = Story(process({"a": steps})).approve("a.visit", form={"damp": True})
    assert damp.standing("a.dry") == "open"
    fine = Story(process({"a": steps})).approve("a.visit", form={"damp": False})
    assert fine.standing("a.dry") == "skipped"


def test_rule_02_a_skipped_step_has_the_outcome_skipped_and_no_form() -> None:
    """What a step recorded in an earlier run isn't read once it is skipped."""
    steps = {
        "first": REVIEW,
        "visit": {"kind": "task", "after": ["first"], "when": {"var": "big"}},
        "last": {**REVIEW, "after": ["visit"]},
        "dry": {"after": ["last"], "when": {"var": "steps.visit.form.damp"}},
    }
    story = Story(process({"a": steps}, fields={"a": ["big"]}), views={"a": {"big": True}})
    story.approve("a.first").approve("a.visit", form={"damp": True})
    story.go_back("a.last", "first").know(views={"a": {"big": False}})
    story.approve("a.first").approve("a.last")
    assert story.step("a.visit").outcome == "skipped"
    assert story.step("a.visit").form == {}
    assert story.standing("a.dry") == "skipped"


@pytest.mark.parametrize(
    "name",
    [
        "steps.decide.outcome",
        "steps.ghost.outcome",
        "steps.accept.standing",
        "steps.accept.form.nothing",
        "nothing",
    ],
)
def test_rule_02_anything_else_is_a_problem_for_the_checker(name: str) -> None:
    """A `when` that reads what is not above it, or no outcome and no form, is refused."""
    when = {"==": [{"var": name}, "x"]}
    found = problems(changed("item/food", "/process/steps/visit/when", when))
    assert any("/process/steps/visit/when" in one.where or name in str(one.params)
               for one in found)  # fmt: skip


def test_rule_03_every_opening_has_a_run_number() -> None:
    """Each time that a step opens its run is one more."""
    steps = {"first": REVIEW, "second": {**REVIEW, "after": ["first"]}}
    story = Story(process({"a": steps}))
    for run in (1, 2, 3):
        assert story.step("a.first").run == run
        story.approve("a.first")
        assert story.step("a.second").run == run
        story.go_back("a.second", "first")


def test_rule_03_a_command_for_another_run_decides_nothing_and_is_recorded() -> None:
    """A word about a run that is over is noted as late, with who gave it."""
    steps = {"first": REVIEW, "second": {**REVIEW, "after": ["first"]}}
    story = Story(process({"a": steps})).approve("a.first").go_back("a.second", "first")
    for run in (1, 3):
        before = story.state
        story.reject("a.first", run=run, by="bo")
        assert story.state == before
        assert story.kinds() == ["late"]
        assert story.last[0].data == {
            "step": "a.first", "run": run, "what": "decide", "person": "bo", "name": "bo",
        }  # fmt: skip
    story.approve("a.first")
    before = story.state
    assert story.reject("a.first").state == before
    assert story.kinds() == ["late"]


def test_rule_03_a_late_or_second_result_decides_nothing() -> None:
    """An answer for another run, a second answer, an undo that nobody asked for: noted."""
    steps = {
        "first": REVIEW,
        "ask": {"kind": "connector", "operation": "x.ask", "after": ["first"]},
        "last": {**REVIEW, "after": ["ask"]},
    }
    story = Story(process({"a": steps})).approve("a.first").answer("a.ask", ok=True)
    assert story.standing("a.ask") == "done"
    for result in ("done", "rejected", "not_found"):
        before = story.state
        assert story.answer("a.ask", result, ok=False).state == before
        assert story.kinds() == ["late"]
    story.go_back("a.last", "first").approve("a.first")
    before = story.state
    assert story.answer("a.ask", run=1, ok=False).state == before
    assert story.undone("a.ask", run=1).state == before
    assert story.kinds() == ["late"]


def test_rule_03_a_step_that_there_is_not_is_said_so() -> None:
    """A step of an item that is not active is none."""
    story = Story(process({"a": {"x": {}}, "b": {"y": {}}}), active=["a"])
    with pytest.raises(NotAllowed) as caught:
        story.do(said.Remind(step="b.y", run=1, by=APPLICANT))
    assert caught.value.problem.code == "approval.no_step"


@pytest.mark.parametrize("verb", ["answer", "undone"])
def test_rule_03_only_systems_are_answered_for(verb: str) -> None:
    """An answer is no way around a decision: only calls have one."""
    story = Story(process({"a": {"first": REVIEW, "paid": {"kind": "payment"}}},
                          fees={"a": {"fee": 100}}))  # fmt: skip
    for step in ("a.first", "a.paid"):
        getattr(story, verb)(step)
        assert story.standing(step) == "open"


def test_rule_03_a_signature_is_no_decision() -> None:
    """Signing is for steps that are signed; a decision can't be given by it."""
    story = Story(process({"a": {"first": {**REVIEW}}})).transfer("a.first", "bo")
    story.refuses("action_off", "sign", "a.first", by="bo")


# Joint steps

SURVEY = {
    "water": {"apply": REVIEW, "survey": {"kind": "task", "after": ["apply"]},
              "issue": {"kind": "issue", "after": ["survey"]}},
    "power": {"apply": REVIEW, "survey": {**REVIEW, "kind": "task", "after": ["apply"]},
              "issue": {"kind": "issue", "after": ["survey"]}},
}  # fmt: skip
JOINT = {"survey": {"kind": "task", "for": ["water.survey", "power.survey"], "actions": ["approve", "reject", "return"], "within": {"n": 3, "unit": "working"}}}  # fmt: skip # noqa: E501


def test_a_joint_step_opens_when_all_its_parts_are_ready() -> None:
    story = Story(process(SURVEY, joint=JOINT)).approve("water.apply")
    assert story.standing("water.survey", "power.survey") == ["waiting", "waiting"]
    story.approve("power.apply")
    assert story.standing("water.survey", "power.survey") == ["open", "open"]
    assert story.step("water.survey").opened_at == story.step("power.survey").opened_at


def test_each_part_takes_its_own_outcome_and_one_no_hits_only_its_item() -> None:
    story = Story(process(SURVEY, joint=JOINT)).approve("water.apply").approve("power.apply")
    story.reject("water.survey")
    assert story.endings() == {"water": "rejected", "power": ""}
    assert story.standing("power.survey") == "open"
    story.approve("power.survey").answer("power.issue")
    assert story.endings() == {"water": "rejected", "power": "issued"}


def test_a_joint_step_s_settings_are_its_parts_settings() -> None:
    compiled = process(SURVEY, joint=JOINT)
    for part in ("water.survey", "power.survey"):
        assert compiled.steps[part].settings["within"] == {"n": 3, "unit": "working"}
        assert compiled.steps[part].settings["actions"] == ["approve", "reject", "return"]


def test_inactive_items_drop_out_of_a_joint_step() -> None:
    story = Story(process(SURVEY, joint=JOINT), active=["water"]).approve("water.apply")
    assert story.standing("water.survey") == "open"


def test_a_part_whose_item_ends_drops_out_of_a_joint_step() -> None:
    story = Story(process(SURVEY, joint=JOINT)).approve("water.apply").reject("power.apply")
    assert story.standing("water.survey", "power.survey") == ["open", "closed"]


def test_a_part_that_is_skipped_drops_out_of_a_joint_step() -> None:
    items = copy.deepcopy(SURVEY)
    items["power"]["survey"]["when"] = {"==": [1, 2]}
    story = Story(process(items, joint=JOINT)).approve("water.apply")
    assert story.standing("water.survey") == "waiting"
    story.approve("power.apply")
    assert story.standing("water.survey", "power.survey") == ["open", "skipped"]


def test_a_part_is_redone_alone() -> None:
    """A return in one item doesn't touch the joint step's other parts."""
    story = Story(process(SURVEY, joint=JOINT)).approve("water.apply").approve("power.apply")
    story.approve("water.survey").go_back("power.survey", "apply")
    assert story.standing("water.survey", "power.survey") == ["done", "waiting"]
    story.approve("power.apply")
    assert story.standing("water.survey", "power.survey") == ["done", "open"]
    assert (story.step("water.survey").run, story.step("power.survey").run) == (1, 2)


def test_a_part_waits_for_a_supplement_of_another_part_s_item() -> None:
    story = Story(process(SURVEY, joint=JOINT)).ask("power.apply", papers=["plan"])
    story.approve("water.apply")
    assert story.standing("water.survey") == "waiting"
    story.supply("power").approve("power.apply")
    assert story.standing("water.survey", "power.survey") == ["open", "open"]


def test_a_part_whose_undo_is_under_way_holds_the_others_up() -> None:
    call = {"kind": "connector", "operation": "x.book", "undo": "x.cancel"}
    items = {
        "a": {"apply": REVIEW, "book": {**call, "after": ["apply"]},
              "end": {**REVIEW, "after": ["book"]}},
        "b": {"apply": REVIEW, "book": {**call, "after": ["apply"]}},
    }  # fmt: skip
    joint = {"book": {"kind": "connector", "for": ["a.book", "b.book"]}}
    story = Story(process(items, joint=joint)).approve("a.apply").approve("b.apply")
    story.answer("a.book").answer("b.book").go_back("a.end", "apply").approve("a.apply")
    assert story.standing("a.book", "b.book") == ["waiting", "done"]
    assert story.undone("a.book").standing("a.book") == "open"
