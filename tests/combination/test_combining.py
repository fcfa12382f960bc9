"""Each of these broke a simpler way of combining forms."""

from __future__ import annotations

import pytest

from definitions.combine import combine, report
from definitions.plan import NoPlan, compile_plan
from definitions.release import make_release
from runtime.engine.completion import complete, later_values
from runtime.engine.form import evaluate
from tests.combination.factory import (
    TODAY,
    Raw,
    codes,
    equals,
    item,
    judged,
    leaf,
    library,
    meaning,
    plan,
    rows,
    service,
    text,
    use,
    var,
)

WHO = {"who": {"kind": "person"}}
ANN = {"ann": {"kind": "person"}}
ANN_BOB = {"ann": {"kind": "person"}, "bob": {"kind": "person"}}
NAME = {"name": meaning("e.name", "who")}
FLAG = {"flag": meaning("e.flag", "who")}
SHOWN_BY_FLAG = {"r": {"when": equals("flag", True), "show": ["name"]}}


ONLY = {"a": use("one", {"who": "ann"})}


def both(**subjects: str) -> Raw:
    """Two uses with the same bindings."""
    bound = subjects or {"who": "ann"}
    return {"a": use("one", bound), "b": use("two", bound)}


def test_one_question_for_one_meaning() -> None:
    made = plan(item("one", WHO, NAME), item("two", WHO, NAME), service(ANN, both()))
    assert list(made.questions) == ["ann.e.name"]
    state = judged(made, ann__e__name="安")
    assert state.slices("a") == state.slices("b") == {"name": "安"}


def test_required_and_hidden() -> None:
    """A field that nobody shows isn't required, whatever its rule says."""
    rules = {"r": {"when": equals("flag", True), "show": ["name"], "require": ["name"]}}
    made = plan(item("one", WHO, FLAG | NAME, rules=rules), service(ANN, ONLY))
    assert codes(judged(made, ann__e__flag=False)) == []
    assert codes(judged(made, ann__e__flag=True)) == [("answer.missing", "/ann.e.name")]


def test_conditional_in_one_item_and_required_in_another() -> None:
    one = item("one", WHO, FLAG | NAME, rules=SHOWN_BY_FLAG)
    two = item("two", WHO, NAME, ["name"])
    made = plan(one, two, service(ANN, both()))
    state = judged(made, ann__e__flag=False)
    assert "ann.e.name" in state.asked
    assert codes(state) == [("answer.missing", "/ann.e.name")]
    state = judged(made, ann__e__flag=False, ann__e__name="安")
    assert state.slices("a") == {"flag": False}
    assert state.slices("b") == {"name": "安"}


def test_shown_by_one_and_hidden_by_another_leaks_nothing() -> None:
    one = item("one", WHO, FLAG | NAME, rules=SHOWN_BY_FLAG)
    two = item("two", WHO, NAME)
    made = plan(one, two, service(ANN, both()))
    state = judged(made, ann__e__flag=False, ann__e__name="安")
    assert "name" not in state.slices("a")
    assert "name" in state.slices("b")


def test_a_calculation_reads_null_for_what_its_item_hides() -> None:
    count = {"count": meaning("e.count", "who")}
    total = {"total": leaf("integer")}
    rules = {
        "r": {"when": equals("flag", True), "show": ["count"]},
        "s": {"set": "total", "to": {"+": [var("count"), 1]}},
        "t": {"when": {">": [var("total"), 5]}, "refuse": text("too many")},
    }
    one = item("one", WHO, FLAG | count | total, rules=rules)
    two = item("two", WHO, count, ["count"])
    made = plan(one, two, service(ANN, both()))
    state = judged(made, ann__e__flag=False, ann__e__count=9)
    assert state.slices("a") == {"flag": False}
    assert codes(state) == []
    state = judged(made, ann__e__flag=True, ann__e__count=9)
    assert state.values["a.total"] == 10
    assert codes(state) == [("application.refused", "/a.total")]


def test_merging_makes_no_circle() -> None:
    """One shows name by flag, the other flag by name: each has its own order."""
    forward = item("one", WHO, FLAG | NAME, rules=SHOWN_BY_FLAG)
    backward_rules = {"r": {"when": equals("name", "安"), "show": ["flag"]}}
    backward = item("two", WHO, NAME | FLAG, rules=backward_rules)
    made = plan(forward, backward, service(ANN, both()))
    state = judged(made, ann__e__flag=True, ann__e__name="安")
    assert state.slices("a") == state.slices("b") == {"flag": True, "name": "安"}
    state = judged(made, ann__e__flag=False, ann__e__name="安")
    assert state.slices("a") == {"flag": False}
    assert state.slices("b") == {"name": "安", "flag": False}


def test_a_circle_inside_an_item_has_no_plan() -> None:
    rules = SHOWN_BY_FLAG | {"q": {"when": equals("name", "安"), "show": ["flag"]}}
    definitions = item("one", WHO, FLAG | NAME, rules=rules)
    with pytest.raises(NoPlan, match="rule_cycle"):
        plan(definitions, service(ANN, ONLY))


def test_two_fields_may_require_each_other() -> None:
    rules = {
        "r": {"when": {"!": [{"is_answered": [var("name")]}]}, "require": ["flag"]},
        "q": {"when": {"!": [{"is_answered": [var("flag")]}]}, "require": ["name"]},
    }
    made = plan(item("one", WHO, FLAG | NAME, rules=rules), service(ANN, ONLY))
    assert len(codes(judged(made))) == 2
    assert codes(judged(made, ann__e__flag=True)) == []


MANY = {"people": {"kind": "person", "many": True}}
ALL = {**ANN, "all": {"kind": "person", "many": True}}
TABLE = {"t": rows("people", {"name": {"$ref": "element:e.name"}, "share": leaf("integer")})}


def test_uniqueness_is_over_an_item_s_own_columns_of_the_merged_table() -> None:
    columns = {"n": {"$ref": "element:e.name"}, "sort": {"$ref": "element:e.sort"}}
    unique = {"t": rows("people", columns, unique_by=["n", "sort"])}
    made = plan(
        item("one", MANY, TABLE), item("two", MANY, unique), service(ALL, both(people="all"))
    )
    assert list(made.questions["all"].columns) == ["e.name", "a.share", "e.sort"]
    row = {"$row": "r1", "e.name": "安", "e.sort": "x", "a.share": 1}
    state = judged(made, all=[row, {**row, "$row": "r2", "a.share": 2}])
    assert codes(state) == [("answer.row_repeated", "/all/r2")]
    assert state.slices("a")["t"] == [{"name": "安", "share": 1}, {"name": "安", "share": 2}]
    assert codes(judged(made, all=[row, {**row, "$row": "r2", "e.sort": "y"}])) == []


def test_null_in_comparisons_never_holds() -> None:
    rules = {"r": {"when": {"<": [var("count"), 50]}, "show": ["name"]}}
    fields = {"count": meaning("e.count", "who")} | NAME
    made = plan(item("one", WHO, fields, rules=rules), service(ANN, ONLY))
    assert "ann.e.name" not in judged(made).asked
    assert "ann.e.name" in judged(made, ann__e__count=0).asked


def test_two_items_that_say_the_same_word_and_mean_different_people() -> None:
    applicant = {"applicant": {"kind": "person"}}
    name = {"name": meaning("e.name", "applicant")}
    uses = {"a": use("one", {"applicant": "ann"}), "b": use("two", {"applicant": "bob"})}
    made = plan(item("one", applicant, name), item("two", applicant, name), service(ANN_BOB, uses))
    assert list(made.questions) == ["ann.e.name", "bob.e.name"]
    state = judged(made, ann__e__name="安", bob__e__name="波")
    assert state.slices("a") == {"name": "安"}
    assert state.slices("b") == {"name": "波"}


ONE_OF = {**ALL, "holder": {"kind": "person", "one_of": "all"}}


def test_one_of_many_is_picked_by_the_person() -> None:
    uses = {"a": use("one", {"people": "all"}), "b": use("two", {"who": "holder"})}
    made = plan(
        item("one", MANY, TABLE),
        item("two", WHO, NAME, ["name"]),
        service(ONE_OF, uses),
    )
    table = [{"$row": "r1", "e.name": "安"}, {"$row": "r2", "e.name": "波"}]
    state = judged(made, all=table)
    assert "pick.holder" in state.asked
    assert codes(state) == [("answer.missing", "/pick.holder")]
    state = judged(made, all=table, pick__holder="r2")
    assert state.slices("b") == {"name": "波"}
    assert "pick.holder" in state.required
    state = judged(made, all=table[:1])
    assert "pick.holder" not in state.asked
    assert state.slices("b") == {"name": "安"}


def test_what_a_table_does_not_ask_is_asked_of_the_one() -> None:
    uses = {"a": use("one", {"people": "all"}), "b": use("two", {"who": "holder"})}
    two = item("two", WHO, NAME | FLAG)
    made = plan(item("one", MANY, TABLE), two, service(ONE_OF, uses))
    assert "holder.e.flag" in made.questions
    assert "holder.e.name" not in made.questions


def test_many_bound_to_one_is_a_table_of_exactly_one_row() -> None:
    needed = {"t": rows("people", TABLE["t"]["items"]["properties"], ["name"])}
    uses = {"a": use("one", {"people": "ann"}), "b": use("two", {"who": "ann"})}
    made = plan(item("one", MANY, needed, ["t"]), item("two", WHO, NAME), service(ANN, uses))
    assert set(made.questions) == {"ann.e.name", "a.t.share"}
    assert codes(judged(made)) == [("answer.missing", "/ann.e.name")]
    assert judged(made, ann__e__name="安").slices("a") == {"t": [{"name": "安"}]}


def test_an_answer_that_an_earlier_item_will_issue_is_not_asked() -> None:
    result = {"title": text("r"), "kind": "record", "data": {"given": meaning("e.name", "who")}}
    first = item("one", WHO, FLAG, result=result)
    second = item("two", WHO, FLAG | NAME, ["name"])
    uses = {
        "a": use("one", {"who": "ann"}, when=equals("new", True)),
        "b": use("two", {"who": "ann"}, after=["a"]),
    }
    situation = {"questions": {"new": leaf("boolean")}, "order": ["new"]}
    made = plan(first, second, service(ANN, uses, situation=situation))
    state = judged(made, situation__new=True, ann__e__name="早先填的")
    assert state.later == {"ann.e.name"}
    assert "ann.e.name" not in state.asked
    assert codes(state) == []
    assert state.slices("b") == {}
    found = later_values(made, "b", {"a": {"given": "安"}})
    assert complete(made, "b", state.slices("b"), found, TODAY) == ({"name": "安"}, [])
    _, problems = complete(made, "b", state.slices("b"), {}, TODAY)
    assert [(one.code, one.where) for one in problems] == [("answer.missing", "/name")]
    assert "ann.e.name" in judged(made, situation__new=False).asked


def test_a_step_that_the_service_orders_makes_a_field_later() -> None:
    result = {"title": text("r"), "kind": "record", "data": {"given": meaning("e.name", "who")}}
    step = {"kind": "review", "title": text("s"), "after": []}
    first = item("one", WHO, FLAG, result=result, steps={"pay": step})
    fields = {"name": meaning("e.name", "who", needed_by="register")}
    later = {"check": step, "register": {**step, "after": ["check"]}}
    second = item("two", WHO, fields, ["name"], steps=later)
    made = plan(first, second, service(ANN, both(), order={"b.register": ["a.pay"]}))
    assert "ann.e.name" not in judged(made).asked


def test_a_subject_that_is_another_one_is_asked_once() -> None:
    subjects = {"ann": {"kind": "person"}, "agent": {"kind": "person", "may_be": ["ann"]}}
    uses = {"a": use("one", {"who": "ann"}), "b": use("two", {"who": "agent"})}
    two = item("two", WHO, NAME | FLAG, ["name"])
    made = plan(item("one", WHO, NAME), two, service(subjects, uses))
    state = judged(made, ann__e__name="安", agent__e__name="另一个人", may_be__agent="ann")
    assert "agent.e.name" not in state.asked
    assert "agent.e.flag" in state.asked
    assert state.slices("b") == {"name": "安"}
    assert "ann.e.name" in state.required
    state = judged(made, ann__e__name="安", agent__e__name="另一个人", may_be__agent="no")
    assert state.slices("b") == {"name": "另一个人"}
    assert ("answer.not_an_option", "/may_be.agent") in codes(judged(made, may_be__agent="bob"))


def test_fixed_answers_are_shown_and_not_asked() -> None:
    fields = {"reason": leaf("string"), **NAME}
    uses = {"a": use("one", {"who": "ann"}, fixed={"reason": "买卖"})}
    made = plan(item("one", WHO, fields), service(ANN, uses))
    state = judged(made, a__reason="别的")
    assert "a.reason" in state.shown
    assert "a.reason" not in state.asked
    assert state.slices("a") == {"reason": "买卖"}


def test_what_the_service_calls_the_same_is_one_question() -> None:
    one = item("one", WHO, {"size": leaf("number", unit="m2")})
    two = item("two", WHO, {"area": leaf("number", unit="m2")})
    made = plan(one, two, service(ANN, both(), same=[["a.size", "b.area"]]))
    assert made.questions["a.size"].fields == (("a", "size"), ("b", "area"))
    wrong = item("two", WHO, {"area": leaf("number", unit="mu")})
    with pytest.raises(NoPlan, match="same_differs"):
        plan(one, wrong, service(ANN, both(), same=[["a.size", "b.area"]]))


def test_a_situation_question_is_the_element_s_question() -> None:
    situation = {"questions": {"flat": meaning("e.flag", "ann")}, "order": ["flat"]}
    uses = {"a": use("one", {"who": "ann"}, when=equals("flat", True))}
    made = plan(item("one", WHO, FLAG), service(ANN, uses, situation=situation))
    assert list(made.questions) == ["ann.e.flag"]
    assert made.questions["ann.e.flag"].role == "situation"
    assert judged(made, ann__e__flag=True).slices("a") == {"flag": True}
    assert judged(made, ann__e__flag=False).active == ()


def test_a_situation_asks_in_its_own_words_whatever_the_items_call_it() -> None:
    flat = meaning("e.flag", "ann", title=text("Is it flat?"))
    situation = {"questions": {"flat": flat}, "order": ["flat"]}
    uses = {"a": use("one", {"who": "ann"}), "b": use("two", {"who": "ann"})}
    items = item("one", WHO, FLAG), item("two", WHO, FLAG)
    made = plan(*items, service(ANN, uses, situation=situation))
    assert made.questions["ann.e.flag"].title["en"] == "Is it flat?"


def test_constraints_hold_per_item_and_clash_only_where_nothing_is_left() -> None:
    low = item("one", WHO, {"c": meaning("e.count", "who", maximum=10)})
    high = item("two", WHO, {"c": meaning("e.count", "who", minimum=20)})
    with pytest.raises(NoPlan, match="nothing_left"):
        plan(low, high, service(ANN, both()))
    situation = {"questions": {"q": leaf("boolean")}, "order": ["q"]}
    uses = both() | {"b": use("two", {"who": "ann"}, when=equals("q", True))}
    made = plan(low, high, service(ANN, uses, situation=situation))
    assert [problem.level for problem in made.warnings] == ["warning"]
    assert codes(judged(made, situation__q=False, ann__e__count=5)) == []
    assert codes(judged(made, situation__q=True, ann__e__count=5)) == [
        ("answer.too_small", "/ann.e.count")
    ]


def test_numbers_for_one_and_whole_numbers_for_another_leave_whole_numbers() -> None:
    any_number = item("one", WHO, {"area": meaning("e.area", "who")})
    whole = {"type": "integer", "format": "integer"}
    counted = item("two", WHO, {"area": meaning("e.area", "who", **whole)})
    made = plan(any_number, counted, service(ANN, both()))
    assert made.questions["ann.e.area"].schema["type"] == "integer"
    assert codes(judged(made, ann__e__area=5)) == []
    assert [code for code, _ in codes(judged(made, ann__e__area=5.5))] == ["answer.type"]


def test_checks_that_say_the_same_complain_once() -> None:
    made = plan(item("one", WHO, NAME), item("two", WHO, NAME), service(ANN, both()))
    assert codes(judged(made, ann__e__name="长" * 30)) == [("answer.too_long", "/ann.e.name")]


def test_a_service_rule_reads_both_items_and_only_refuses_or_requires() -> None:
    rules = {
        "no": {"when": {">": [var("a.c"), var("b.d")]}, "refuse": text("no")},
        "must": {"when": {">": [var("a.c"), 5]}, "require": ["b.d"]},
    }
    one, two = item("one", WHO, {"c": leaf("integer")}), item("two", WHO, {"d": leaf("integer")})
    made = plan(one, two, service(ANN, both(), rules=rules))
    assert codes(judged(made, a__c=9)) == [("answer.missing", "/b.d")]
    assert codes(judged(made, a__c=9, b__d=3)) == [("application.refused", "/a.c")]


def test_row_rules_read_the_row_its_number_and_the_form() -> None:
    table = rows(
        None,
        {"c": leaf("integer"), "d": leaf("integer"), "sum": leaf("integer")},
        rules={
            "first": {"when": {">": [var("row_number"), 1]}, "show": ["d"], "require": ["d"]},
            "s": {"set": "sum", "to": {"+": [var("c"), var("form.base")]}},
        },
    )
    fields = {"base": leaf("integer"), "t": table}
    made = plan(item("one", WHO, fields), service(ANN, ONLY))
    state = judged(made, a__base=10, a__t=[{"$row": "x", "c": 1, "d": 5}, {"$row": "y", "c": 2}])
    assert state.columns["a.t"] == {"x": ("c", "sum"), "y": ("c", "d", "sum")}
    assert codes(state) == [("answer.missing", "/a.t/y/d")]
    assert state.slices("a")["t"] == [{"c": 1, "sum": 11}, {"c": 2, "sum": 12}]
    assert state.values["a.t"][0]["sum"] == 11


def test_what_is_typed_for_a_calculated_field_counts_for_nothing() -> None:
    fields = {"count": leaf("integer"), "double": leaf("integer")}
    rules = {"s": {"set": "double", "to": {"*": [var("count"), 2]}}}
    made = plan(item("one", WHO, fields, rules=rules), service(ANN, ONLY))
    state = judged(made, a__count=2, a__double=99)
    assert state.slices("a") == {"count": 2, "double": 4}
    assert "a.double" in state.shown
    assert "a.double" not in state.asked


def test_an_item_is_a_service_of_one() -> None:
    release = make_release(library(item("one", WHO, NAME)), "one")
    made = compile_plan(release.content, release.id)
    assert list(made.questions) == ["who.e.name"]
    assert evaluate(made, {"who.e.name": "安"}, TODAY).slices("one") == {"name": "安"}


def test_an_item_about_nobody_is_no_service() -> None:
    release = make_release(library(item("one", {}, {"note": leaf("string")})), "one")
    with pytest.raises(NoPlan):
        compile_plan(release.content, release.id)


def test_a_report_says_what_merged_and_why() -> None:
    found = library(item("one", WHO, NAME), item("two", WHO, NAME), service(ANN, both()))
    [question] = report(combine(found, "service"))["questions"]
    assert question["merged"] == "element"
    assert question["fields"] == ["a.name", "b.name"]


def test_a_report_names_both_fields_of_an_item_whose_subjects_are_one() -> None:
    two = {"buyer": {"kind": "person"}, "payer": {"kind": "person"}}
    fields = {name: meaning("e.name", name) for name in two}
    used = use("one", {"buyer": "ann", "payer": "ann"}, both=True)
    found = library(item("one", two, fields), service(ANN, {"a": used}))
    [question] = report(combine(found, "service"))["questions"]
    assert question["fields"] == ["a.buyer", "a.payer"]


def test_hostile_answers_are_problems_and_never_a_crash() -> None:
    made = plan(item("one", MANY, TABLE), service(ALL, {"a": use("one", {"people": "all"})}))
    for answer in (3, "rows", [3], [None], {"$row": "r1"}, [{"e.name": {"x": []}}], [{"$row": 7}]):
        assert judged(made, all=answer).problems
