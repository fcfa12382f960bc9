"""What changed between two releases is told in words, and nothing is left out."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.diff import Change, diff
from definitions.release import make_release
from definitions.wording import say, sentences
from tests.definitions.factory import World, changed, library, place, text, without, world

F = "/form/schema/properties"


def _diff(definitions: World, name: str = "restaurant") -> list[Change]:
    old = make_release(library(), name).content
    return diff(old, make_release(library(definitions), name).content)


def test_nothing_changed() -> None:
    assert _diff(world()) == []


EDITS: list[tuple[str, str, Any, str]] = [
    ("item/food", f"{F}/new", {"type": "string", "title": text("新")}, "field_added"),
    ("item/food", f"{F}/kitchen/title", text("厨房"), "field_title"),
    ("item/food", f"{F}/kitchen/description", text("说明"), "field_help"),
    ("item/food", f"{F}/area/$ref", "element:party.name", "field_type"),
    ("item/food", f"{F}/area/about", ["place", "applicant"], "field_about"),
    ("item/food", f"{F}/capital/minimum", {"yuan": "2.00"}, "field_limit"),
    ("item/food", f"{F}/cooks/maxItems", 9, "field_limit"),
    (
        "item/food",
        f"{F}/cooks/items/properties/age",
        {"type": "integer", "title": text("龄")},
        "field_added",
    ),
    ("item/food", f"{F}/cooks/items/rules/chiefs/when", {"var": "chief"}, "row_rule"),
    ("item/food", "/form/schema/required", ["name", "area", "boss"], "field_required"),
    ("item/food", "/form/schema/required", ["name"], "field_optional"),
    ("item/food", "/form/rules/too_big/when", {">": [{"var": "area"}, 5]}, "rule_changed"),
    (
        "item/food",
        "/form/rules/more",
        {"when": {"var": "kitchen"}, "refuse": text("x")},
        "rule_added",
    ),
    ("item/food", "/form/sections/0/title", text("别"), "layout_changed"),
    ("item/food", "/materials/plan", {"$ref": "material:plan"}, "material_added"),
    ("item/food", "/materials/lease/copies", 2, "material_changed"),
    ("item/food", "/commitments/promise/version", "2", "commitment_changed"),
    ("item/food", "/fees/permit/amount", {"yuan": "20.00"}, "fee_changed"),
    ("item/food", "/clocks/legal", {"within": {"n": 9, "unit": "working"}}, "clock_changed"),
    ("item/food", "/process/steps/visit/after", [], "step_changed"),
    (
        "item/food",
        "/process/steps/extra",
        {"kind": "task", "title": text("加"), "after": []},
        "step_added",
    ),
    ("item/food", "/subjects/boss/title", text("老板"), "subject_changed"),
    ("item/food", "/result/title", text("证"), "result_changed"),
    ("item/food", "/guide/visits", 1, "guide_added"),
    ("item/food", "/title", text("新名"), "title_changed"),
    ("item/food", "/department", "town", "department_changed"),
    ("elements/party", "/elements/sort/options/mid", text("中"), "option_added"),
    ("elements/party", "/elements/sort/options/large", text("巨"), "option_title"),
    ("license/business_license", "/fields/name/label", "企业名称", "license_field_changed"),
    ("license/business_license", "/issuer", "town", "other_changed"),
    ("service/restaurant", "/items/food_license/fixed", {"sort": "large"}, "use_changed"),
    ("service/restaurant", "/situation/questions/food/title", text("卖？"), "field_title"),
    ("service/restaurant", "/situation/rules/big/when", {"var": "food"}, "situation_rule_changed"),
    ("service/restaurant", "/lead", "town", "lead_changed"),
    ("service/restaurant", "/cases/plain/title", text("别"), "case_changed"),
    ("service/restaurant", "/keywords", ["吃"], "other_changed"),
    ("variant/food_here", "/patch", {"title": text("x")}, "patch_changed"),
]


@pytest.mark.parametrize(("name", "pointer", "value", "code"), EDITS)
def test_an_edit_is_told_as_what_it_is(name: str, pointer: str, value: Any, code: str) -> None:
    found = _diff(changed(name, pointer, value))
    assert [change.code for change in found] == [f"diff.{code}"]
    assert found[0].where.startswith(f"{name}#/")
    for language in ("zh-CN", "en"):
        assert "{" not in say(found[0], language).replace("{'", "")


def test_what_is_gone_is_told() -> None:
    found = _diff(without("item/food", f"{F}/capital"))
    assert "diff.field_removed" in {change.code for change in found}
    assert {one.code for one in _diff(without("item/food", "/materials/lease"))} >= {
        "diff.material_removed"
    }


def test_a_field_under_a_new_name_is_renamed_not_replaced() -> None:
    definitions = world()
    fields, _ = place(definitions, "item/food", f"{F}/name")
    fields["trade_name"] = fields.pop("name")
    definitions["item/food"]["form"]["schema"]["required"] = ["trade_name", "area"]
    assert [one.code for one in _diff(definitions)] == ["diff.field_renamed"]


def test_fields_in_another_order_are_told() -> None:
    definitions = world()
    schema = definitions["item/food"]["form"]["schema"]
    schema["properties"] = dict(reversed(schema["properties"].items()))
    assert [one.code for one in _diff(definitions)] == ["diff.fields_moved"]


def test_an_item_that_comes_or_goes_is_told() -> None:
    definitions = world()
    definitions["item/other"] = {**world()["item/food"], "id": "other", "title": text("另一")}
    uses = definitions["service/restaurant"]["items"]
    uses["more"] = {**uses["food_license"], "use": "other"}
    found = {one.code for one in _diff(definitions)}
    assert {"diff.item_added", "diff.use_added"} <= found


def test_the_sentence_names_things_as_people_do() -> None:
    (change,) = _diff(changed("item/food", f"{F}/kitchen/title", text("厨房", "Kitchen")))
    assert say(change, "zh-CN") == "“设中央厨房”这一项改称“厨房”。"
    assert say(change, "en") == "The question “English” is called “Kitchen” now."


def test_every_part_has_its_sentences() -> None:
    from definitions.diff.parts import PARTS

    for part in PARTS:
        ways = ("added", "removed", "changed") if part.by_id else ("changed",)
        for way in ways:
            assert f"diff.{part.noun}_{way}" in sentences()
