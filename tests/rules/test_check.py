"""What the checker says about rules that make no sense; about good ones it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.model import Field
from definitions.rules import check, field_type, type_of
from definitions.rules.types import (
    BOOLEAN,
    DATE,
    DATE_RANGE,
    INTEGER,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    Type,
    choice,
    choices,
    table,
)
from definitions.wording import say

TYPES: dict[str, Type] = {
    "open": BOOLEAN,
    "staff": INTEGER,
    "area": NUMBER,
    "capital": MONEY,
    "name": TEXT,
    "kind": choice("hot", "cold"),
    "foods": choices("meat", "fish"),
    "start": DATE,
    "at": TIME,
    "lease": DATE_RANGE,
    "owners": table({"share": NUMBER, "kind": choice("a", "b"), "born": DATE}),
}

V = {name: {"var": name} for name in TYPES}

GOOD: list[Any] = [
    {"==": [V["kind"], "hot"]},
    {"in": [V["kind"], ["hot", "cold"]]},
    {"in": ["meat", V["foods"]]},
    {"in": ["海", V["name"]]},
    {"<": [V["start"], {"today": []}]},
    {">": [V["start"], "2026-01-01"]},
    {">=": [V["at"], "09:30"]},
    {">": [V["capital"], 10000]},
    {"+": [V["capital"], V["capital"]]},
    {"*": [V["capital"], 0.03]},
    {"/": [V["area"], V["staff"]]},
    {"all": [V["owners"], {"==": [{"var": "kind"}, "a"]}]},
    {"some": [V["owners"], {"<": [{"var": "share"}, {"var": "form.area"}]}]},
    {"some": [V["foods"], {"==": [{"var": ""}, "fish"]}]},
    {"==": [{"sum": [V["owners"], {"var": "share"}]}, 100]},
    {"<": [{"end_of": V["lease"]}, {"date_add": [{"today": []}, 1, "years"]}]},
    {"is_answered": V["owners"]},
    {"coalesce": [V["staff"], 0]},
    {"if": [V["open"], V["capital"], 0]},
    {"reduce": [V["owners"], {"+": [{"var": "accumulator"}, {"var": "current.share"}]}, 0]},
]


@pytest.mark.parametrize("rule", GOOD, ids=str)
def test_a_good_rule_has_no_problems(rule: Any) -> None:
    assert check(rule, TYPES) == []


BAD: list[tuple[Any, str, str]] = [
    ({"===": [1, 1]}, "unknown_operator", ""),
    ({"a": 1, "b": 2}, "shape", ""),
    ({"var": "nothing"}, "variable", "/var"),
    ({"var": 1}, "variable", "/var/0"),
    ({"<": [V["area"]]}, "arity", ""),
    ({"coalesce": []}, "arity_open", ""),
    ({"==": [V["area"], "100"]}, "comparison", "/==/1"),
    ({"==": [V["area"], V["capital"]]}, "comparison", "/==/1"),
    ({"+": [V["area"], V["name"]]}, "type", "/+/1"),
    ({"<": [V["area"], V["capital"]]}, "comparison", "/</1"),
    ({"==": [V["kind"], "warm"]}, "option", "/==/1"),
    ({"in": [V["kind"], ["hot", "warm"]]}, "option", "/in/1"),
    ({"in": ["egg", V["foods"]]}, "option", "/in/1"),
    ({"==": [V["name"], None]}, "null", "/==/1"),
    ({"<": [None, V["area"]]}, "null", "/</0"),
    ({"and": [V["open"], V["name"]]}, "not_condition", "/and/1"),
    ({"if": [V["area"], 1, 2]}, "not_condition", "/if/0"),
    ({"if": [V["open"], 1, "a"]}, "comparison", "/if/1"),
    ({"<": [V["name"], 1]}, "type", "/</0"),
    ({"<": [V["start"], "soon"]}, "type", "/</1"),
    ({"<": [V["start"], "2026-02-31"]}, "type", "/</1"),
    ({"all": [V["area"], True]}, "type", "/all/0"),
    ({"all": [V["owners"], {"var": "area"}]}, "variable", "/all/1/var"),
    ({"filter": [V["owners"], {"var": "share"}]}, "not_condition", "/filter/1"),
    ({"sum": [V["owners"], {"var": "kind"}]}, "type", "/sum/1"),
    ({"some": [V["foods"], {"==": [{"var": ""}, "egg"]}]}, "option", "/some/1/==/1"),
    ({"date_add": [V["start"], 1, "weeks"]}, "type", "/date_add/2"),
]


@pytest.mark.parametrize(("rule", "code", "where"), BAD, ids=str)
def test_a_bad_rule_has_its_problem_where_it_is(rule: Any, code: str, where: str) -> None:
    found = check(rule, TYPES, "f.json#/when")
    assert [(one.code, one.where) for one in found] == [
        (f"definition.rule_{code}", f"f.json#/when{where}")
    ]


@pytest.mark.parametrize("rule", [rule for rule, *_ in BAD], ids=str)
def test_every_problem_has_words_with_nothing_left_open(rule: Any) -> None:
    for problem in check(rule, TYPES):
        for lang in ("zh-CN", "en"):
            words = say(problem, lang)
            assert words != problem.code
            assert "{" not in words


def test_every_problem_is_reported() -> None:
    rule = {"and": [{"var": "x"}, {"==": [V["kind"], "warm"]}, V["name"]]}
    assert len(check(rule, TYPES)) == 3


def test_a_condition_must_be_one() -> None:
    [problem] = check(V["area"], TYPES, condition=True)
    assert problem.code == "definition.rule_not_condition"


def test_a_row_rule_sees_its_columns_and_the_form() -> None:
    types = {"share": NUMBER, "row_number": INTEGER, "form.area": NUMBER}
    rule = {"<": [{"var": "share"}, {"var": "form.area"}]}
    assert check(rule, types, row=True) == []
    nested = {"some": [["a"], {"<": [1, {"var": "form.area"}]}]}
    assert check(nested, types, row=True) == []


@pytest.mark.parametrize(
    ("rule", "gives"),
    [
        ({"+": [V["staff"], 1]}, "integer"),
        ({"+": [V["staff"], V["area"]]}, "number"),
        ({"*": [V["capital"], V["area"]]}, "money"),
        ({"/": [V["capital"], V["capital"]]}, "number"),
        ({"if": [V["open"], V["kind"], "hot"]}, "choice"),
        ({"coalesce": [None, V["start"]]}, "date"),
        ({"map": [V["owners"], {"var": "share"}]}, "list"),
        ({"cat": ["a", 1]}, "text"),
        ({"var": "nothing"}, "any"),
    ],
    ids=str,
)
def test_the_type_of_a_rule(rule: Any, gives: str) -> None:
    assert type_of(rule, TYPES).name == gives


def _field(kind: str, schema: dict[str, Any], **more: Any) -> Field:
    return Field("f", kind, {"zh-CN": "f"}, schema, **more)


def test_types_of_fields() -> None:
    listed = _field("choice", {"type": "string", "enum": ["a", "b"]})
    assert field_type(listed) == choice("a", "b")
    many = _field("multi_choice", {"type": "array", "items": {"enum": ["a"]}})
    assert field_type(many) == choices("a")
    assert field_type(_field("money", {"type": "integer"})) == MONEY
    assert field_type(_field("computed", {"type": "number"})) == NUMBER
    assert field_type(_field("person_id", {"type": "string"})) == TEXT
    rows = _field("table", {"type": "array"}, columns={"n": _field("integer", {})})
    assert field_type(rows) == table({"n": INTEGER})
