"""Every check has a definition that it alone was made for, and a whole world passes them all."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.checks import CHECKS
from tests.definitions.factory import World, changed, problems, text, without, world

F = "/form/schema/properties"
BROKEN: list[tuple[str, str, str, Any]] = [
    ("example_fails", "elements/party", "/elements/name/examples", ["x"]),
    ("options_cover_enum", "elements/party", "/elements/sort/schema/enum", ["small", "mid"]),
    ("option_not_in_enum", "elements/party", "/elements/sort/schema/enum", ["small"]),
    ("unknown_element", "elements/party", "/subject_kinds/person/key", "party.nothing"),
    (
        "unknown_element",
        "elements/party",
        "/subject_kinds/person/key_tells",
        [{"element": "party.nothing", "pattern": "^x$", "value": "small"}],
    ),
    (
        "unknown_option",
        "elements/party",
        "/subject_kinds/person/key_tells",
        [{"element": "party.sort", "pattern": "^x$", "value": "tiny"}],
    ),
    ("unknown_subject_kind", "elements/party", "/subject_kinds/person/is_a", "ghost"),
    ("unknown_license", "elements/party", "/subject_kinds/person/identity", "ghost"),
    ("kind_circle", "elements/party", "/subject_kinds/party/is_a", "person"),
    ("same_title", "elements/party", "/elements/unused/title", text("面积")),
    ("unknown_subject", "item/food", "/subjects/boss/of", "ghost"),
    ("unknown_subject", "item/food", f"{F}/name/about", "ghost"),
    ("unknown_subject", "item/food", f"{F}/cooks/items/properties/name/about", "ghost"),
    ("unknown_subject", "service/restaurant", "/applicant", ["ghost"]),
    ("unknown_subject", "service/restaurant", "/items/food_license/subjects/boss", "ghost"),
    ("unknown_subject", "service/restaurant", "/situation/questions/food/about", "ghost"),
    ("unknown_subject", "policy/rent_relief", "/fields/area/about", "ghost"),
    ("unknown_subject", "license/business_license", "/fields/name/about", "ghost"),
    ("unknown_subject", "item/food", "/fees/permit/payer", "ghost"),
    ("unknown_subject", "item/food", "/materials/lease/per_row", "ghost"),
    ("subject_circle", "item/food", "/subjects/applicant/held_by", "boss"),
    ("same_place", "item/food", "/subjects/boss/same_place", "place"),
    ("same_place", "item/food", "/subjects/applicant/same_place", "cooks"),
    ("relation_kinds", "item/food", "/subjects/boss/kind", "premises"),
    ("one_of_many", "service/restaurant", "/subjects/contact/one_of", "chief"),
    ("may_be_kind", "item/food", "/subjects/boss/may_be", ["place"]),
    ("reserved_name", "item/food", "/subjects/thing", {"kind": "premises"}),
    ("element_about_nobody", "item/food", f"{F}/name", {"$ref": "element:party.name"}),
    ("many_needs_table", "item/food", f"{F}/name/about", "cooks"),
    (
        "two_tables_of_many",
        "item/food",
        f"{F}/again",
        {
            "type": "array",
            "about": "cooks",
            "title": text("又"),
            "items": {
                "type": "object",
                "properties": {"x": {"type": "string", "title": text("某")}},
            },
        },
    ),
    ("required_but_shown", "item/food", "/form/schema/required", ["kitchen_area"]),
    ("required_but_shown", "item/food", f"{F}/cooks/items/required", ["since"]),
    ("required_but_calculated", "item/food", "/form/schema/required", ["total"]),
    ("section_unknown_field", "item/food", "/form/sections/0/fields", ["ghost"]),
    ("no_such_required", "item/food", "/form/schema/required", ["ghost"]),
    ("unique_by_unknown", "item/food", f"{F}/cooks/unique_by", ["ghost"]),
    (
        "options_cover_enum",
        "item/food",
        f"{F}/pick",
        {"type": "string", "enum": ["a"], "title": text("选")},
    ),
    (
        "type_of_format",
        "item/food",
        f"{F}/moment",
        {"type": "integer", "format": "date", "title": text("日")},
    ),
    ("type_of_format", "elements/party", "/elements/unused/type", "boolean"),
    (
        "type_of_format",
        "service/restaurant",
        "/situation/questions/moment",
        {"type": "boolean", "format": "money", "title": text("额")},
    ),
    (
        "multiple_of_fraction",
        "item/food",
        f"{F}/share",
        {"type": "number", "multipleOf": 2, "title": text("份")},
    ),
    ("unique_rows", "item/food", f"{F}/cooks/uniqueItems", True),
    (
        "no_columns",
        "item/food",
        f"{F}/rows",
        {"type": "array", "format": "table", "title": text("表")},
    ),
    ("rule_gives", "item/food", "/form/rules/sum/to", "many"),
    ("rule_gives", "item/food", "/form/rules/sum/to", {"today": []}),
    ("required_but_calculated", "item/food", "/form/rules/kitchen/require", ["total"]),
    ("needed_by_unknown", "item/food", f"{F}/name/needed_by", "ghost"),
    ("crossed_limits", "item/food", f"{F}/kitchen_area/minimum", 1),
    ("rule_names_unknown_field", "item/food", "/form/rules/kitchen/show", ["ghost"]),
    (
        "rule_names_unknown_field",
        "service/restaurant",
        "/rules/small_only/require",
        ["food_license.ghost"],
    ),
    ("set_twice", "item/food", "/form/rules/again", {"set": "total", "to": 1}),
    (
        "rule_circle",
        "item/food",
        "/form/rules/back",
        {"set": "area", "to": {"+": [{"var": "total"}, 1]}},
    ),
    ("rule_circle", "item/food", "/form/rules/sum/to", {"+": [{"var": "total"}, 1]}),
    ("rule_variable", "item/food", "/form/rules/too_big/when", {">": [{"var": "ghost"}, 1]}),
    ("rule_comparison", "item/food", "/form/rules/too_big/when", {"==": [{"var": "area"}, "x"]}),
    ("rule_variable", "service/restaurant", "/items/food_license/when", {"var": "owner"}),
    ("rule_variable", "policy/rent_relief", "/conditions/small/when", {"var": "ghost"}),
    ("fee_without_amount", "item/food", "/fees/permit", {"title": text("费")}),
    ("fee_without_basis", "item/food", "/fees/permit", {"title": text("费"), "amount": 1}),
    (
        "unknown_fee",
        "item/food",
        "/process/steps/pay",
        {
            "kind": "payment",
            "title": text("缴费"),
            "after": ["accept"],
            "charges": ["ghost"],
            "within": {"n": 3, "unit": "working"},
            "lapse": "end",
        },
    ),
    ("one_way", "item/food", "/materials/lease/satisfied_by", [{"title": text("无")}]),
    ("unknown_license", "item/food", "/materials/lease/satisfied_by", [{"license": "ghost"}]),
    ("unknown_commitment", "item/food", "/materials/lease/satisfied_by", [{"commitment": "ghost"}]),
    ("per_row_of_one", "item/food", "/materials/lease/per_row", "place"),
    (
        "license_about_other_kind",
        "item/food",
        "/materials/lease/satisfied_by",
        [{"license": "business_license", "about": "place"}],
    ),
    ("unknown_step", "item/food", "/materials/lease/may_follow", {"by_step": "ghost"}),
    (
        "same_paper_twice",
        "item/food",
        "/materials",
        {"lease": {"$ref": "material:lease"}, "other": {"$ref": "material:lease"}},
    ),
    (
        "no_holder",
        "license/business_license",
        "/subjects",
        {"owner": {"kind": "enterprise"}},
    ),
    (
        "label_twice",
        "license/business_license",
        "/fields/again",
        {"$ref": "element:party.name", "about": "holder", "label": "名称"},
    ),
    ("unknown_option", "license/business_license", "/fields/sort/values", {"小": "tiny"}),
    ("unknown_unit", "license/business_license", "/issuer", "ghost"),
    ("unknown_unit", "organisation/city", "/units/market/parent", "ghost"),
    ("unknown_unit", "item/food", "/department", "ghost"),
    ("unknown_unit", "service/restaurant", "/lead", "ghost"),
    ("unknown_unit", "policy/rent_relief", "/department", "ghost"),
    ("unknown_unit", "item/food", "/process/steps/accept/assignees", {"organisation": "ghost"}),
    ("unit_circle", "organisation/city", "/units/town/parent", "market"),
    ("two_roots", "organisation/city", "/units/other", {"title": text("别"), "type": "city"}),
    ("unknown_item", "organisation/city", "/delegations/park/items", ["ghost"]),
    ("unknown_step", "organisation/city", "/delegations/park/steps", ["ghost"]),
    ("no_guide_code", "item/food", "/guide", {}),
    ("guide_code", "item/food", "/guide/code", "11440100007482575A3440118009000"),
    ("no_steps", "item/food", "/process/steps", {}),
    ("no_promise", "item/food", "/clocks", {}),
    (
        "clock_without_end",
        "item/food",
        "/clocks/legal",
        {"within": {"n": 1, "unit": "working"}, "when": {"var": "kitchen"}},
    ),
    ("result_without_license", "item/food", "/result", {"title": text("证"), "kind": "license"}),
    ("result_subject", "item/food", "/result/subjects", {"holder": "place"}),
    ("result_subject", "item/food", "/result/subjects", {}),
    ("unused_subject", "item/food", "/subjects/idle", {"kind": "person"}),
    ("unknown_step", "item/food", "/process/steps/decide/after", ["ghost"]),
    ("step_circle", "item/food", "/process/steps/accept/after", ["decide"]),
    (
        "step_reads_below",
        "item/food",
        "/process/steps/accept/when",
        {"==": [{"var": "steps.decide.outcome"}, "approved"]},
    ),
    ("step_without_lapse", "item/food", "/process/steps/visit/assignees", {"applicant": True}),
    (
        "unknown_subject",
        "item/food",
        "/process/steps/sign",
        {"kind": "sign", "title": text("签"), "after": [], "party": "ghost"},
    ),
    ("unknown_role", "item/food", "/process/steps/accept/assignees", {"role": "ghost"}),
    ("unknown_step", "item/food", "/process/steps/accept/assignees", {"did": "decide"}),
    ("step_unknown_field", "item/food", "/process/steps/accept/fields", {"ghost": "read"}),
    (
        "unknown_license",
        "item/food",
        "/process/steps/issue",
        {"kind": "issue", "title": text("发证"), "after": ["decide"], "license": "ghost"},
    ),
    (
        "undo_and_final",
        "item/food",
        "/process/steps/call",
        {
            "kind": "connector",
            "title": text("接口"),
            "after": ["decide"],
            "operation": "tax.pay",
            "undo": "tax.refund",
            "final": True,
        },
    ),
    ("name_clash", "service/restaurant", "/subjects/food_license", {"kind": "person"}),
    ("situation_shows_only", "service/restaurant", "/situation/rules/big/require", ["big"]),
    ("situation_order", "service/restaurant", "/situation/order", ["ghost"]),
    ("service_hides", "service/restaurant", "/rules/small_only/show", ["food_license.area"]),
    (
        "unknown_step",
        "service/restaurant",
        "/order",
        {"food_license.ghost": ["food_license.accept"]},
    ),
    (
        "step_circle",
        "service/restaurant",
        "/order",
        {"food_license.accept": ["food_license.decide"]},
    ),
    ("no_cases", "service/restaurant", "/cases", {}),
    ("expected_item", "service/restaurant", "/cases/plain/expect/items", ["ghost"]),
    ("situation_answer", "service/restaurant", "/cases/plain/given/situation", {"ghost": True}),
    ("unknown_item", "service/restaurant", "/items/food_license/use", "ghost"),
    ("broken_item", "item/food", f"{F}/name/$ref", "element:party.ghost"),
    ("unknown_use", "service/restaurant", "/items/food_license/after", ["ghost"]),
    ("use_circle", "service/restaurant", "/items/food_license/after", ["food_license"]),
    ("binding_kind", "service/restaurant", "/items/food_license/subjects/boss", "owner"),
    ("binding_many", "service/restaurant", "/items/food_license/subjects/boss", "staff"),
    ("needs_both", "service/restaurant", "/items/food_license/subjects/boss", "owner"),
    ("fixed_unknown_field", "service/restaurant", "/items/food_license/fixed", {"ghost": 1}),
    ("fixed_value", "service/restaurant", "/items/food_license/fixed", {"sort": "tiny"}),
    ("not_a_date", "calendar/cn_2026", "/holidays", {"2026-02-30": "无"}),
    ("not_a_date", "calendar/cn_2026", "/holidays", {"2025-01-01": "元旦"}),
    ("day_off_and_working", "calendar/cn_2026", "/workdays", {"2026-01-01": "元旦"}),
    ("workday_in_week", "calendar/cn_2026", "/workdays", {"2026-01-05": "元旦"}),
    ("no_such_day", "policy/rent_relief", "/valid_to", "2026-02-31"),
    ("no_such_day", "service/restaurant", "/cases/plain/given/today", "2026-02-31"),
    (
        "no_such_day",
        "service/restaurant",
        "/cases/plain/given/licenses",
        [{"type": "business_license", "holder": "x", "data": {}, "issued_on": "2026-13-01"}],
    ),
    ("valid_never", "policy/rent_relief", "/valid_from", "2027-01-01"),
    ("variant_of_nothing", "variant/food_here", "/of", "item/ghost"),
    (
        "variant_clash",
        "variant/food_here",
        "/patch",
        {"process": {"steps": {"new": {"after": []}}}},
    ),
    ("variant_circle", "variant/food_here", "/of", "variant/food_here"),
]
REMOVED = [
    ("unbound_subject", "service/restaurant", "/items/food_license/subjects/place"),
    ("never_calculated", "item/food", "/form/rules/sum"),
]


def _codes(definitions: World) -> set[str]:
    return {problem.code for problem in problems(definitions)}


def test_a_sound_world_has_no_problems() -> None:
    assert problems(world()) == []


@pytest.mark.parametrize(
    ("code", "name", "pointer", "value"), BROKEN, ids=lambda one: str(one)[:40]
)
def test_every_mistake_is_found(code: str, name: str, pointer: str, value: Any) -> None:
    definitions = changed(name, pointer, value)
    if code == "crossed_limits":
        definitions[name]["form"]["schema"]["properties"]["kitchen_area"]["maximum"] = 0
    if code == "valid_never":
        definitions[name]["valid_to"] = "2026-01-01"
    found = [one for one in problems(definitions) if one.code == f"definition.{code}"]
    assert found, _codes(definitions)
    assert all("#/" in one.where for one in found)


@pytest.mark.parametrize(("code", "name", "pointer"), REMOVED)
def test_what_is_missing_is_found(code: str, name: str, pointer: str) -> None:
    assert f"definition.{code}" in _codes(without(name, pointer))


def test_one_limit_alone_crosses_nothing() -> None:
    for keyword, value in (("maximum", -5), ("minimum", 5), ("exclusiveMaximum", -5)):
        cold = {"type": "number", "title": text("温度"), keyword: value}
        assert problems(changed("item/food", f"{F}/temperature", cold)) == []


def test_a_step_behind_a_circle_is_never_reached() -> None:
    definitions = changed("item/food", "/process/steps/accept/after", ["visit"])
    assert "definition.step_unreachable" in _codes(definitions)


def test_every_check_is_bitten_by_a_definition() -> None:
    tried = {f"definition.{one[0]}" for one in (*BROKEN, *REMOVED)} | {
        "definition.step_unreachable"
    }
    assert {rule.code for rule in CHECKS if rule.code} <= tried


def test_both_ends_of_a_circle_of_rules_are_named() -> None:
    back = {"set": "area", "to": {"+": [{"var": "total"}, 1]}}
    found = problems(changed("item/food", "/form/rules/back", back))
    circle = next(one for one in found if one.code == "definition.rule_circle")
    assert {circle.params["rule"], circle.params["other"]} == {"sum", "back"}
    assert set(circle.params["fields"]) == {"area", "total"}


def test_a_broken_item_is_told_once_and_the_rest_stands() -> None:
    found = problems(changed("item/food", f"{F}/name/$ref", "element:party.ghost"))
    assert {one.code for one in found} == {
        "definition.unknown_element",
        "definition.broken_item",
    }
