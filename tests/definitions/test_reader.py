"""Definitions become objects: elements looked up, defaults filled in, nothing guessed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from definitions.model import Library, Limit, Satisfaction, Span
from definitions.reader import read, read_bundle
from tests.definitions.factory import changed, library, text, world


@pytest.fixture(scope="module")
def read_world() -> Library:
    return library()


def test_a_field_takes_what_its_element_says(read_world: Library) -> None:
    area = read_world.items["food"].form.fields["area"]
    assert (area.element, area.type, area.unit, area.decimals) == ("party.area", "number", "m2", 2)
    assert area.schema == {"type": "number", "exclusiveMinimum": 0}
    assert area.title == text("面积")
    assert area.about == ("place",)
    assert area.required


def test_a_field_may_be_called_otherwise_and_narrow_its_element() -> None:
    pointer = "/form/schema/properties/boss"
    field = {"$ref": "element:party.name", "about": "boss", "title": text("法人"), "minLength": 3}
    boss = library(changed("item/food", pointer, field)).items["food"].form.fields["boss"]
    assert boss.title == text("法人")
    assert boss.schema == {"type": "string", "minLength": 3, "maxLength": 60}


def test_options_say_which_codes_there_are(read_world: Library) -> None:
    sort = read_world.items["food"].form.fields["sort"]
    assert sort.schema == {"type": "string", "enum": ["small", "large"]}
    assert list(sort.options) == ["small", "large"]


def test_a_narrower_enum_narrows_the_options() -> None:
    field = {"$ref": "element:party.sort", "about": "applicant", "enum": ["small"]}
    changed_world = changed("item/food", "/form/schema/properties/sort", field)
    sort = library(changed_world).items["food"].form.fields["sort"]
    assert list(sort.options) == ["small"]


def test_a_table_has_columns_about_its_subject(read_world: Library) -> None:
    cooks = read_world.items["food"].form.fields["cooks"]
    assert cooks.type == "table"
    assert {name: column.about for name, column in cooks.columns.items()} == {
        "name": ("cooks",),
        "chief": ("cooks",),
        "since": ("cooks",),
    }
    assert cooks.schema["items"]["properties"]["name"]["minLength"] == 2
    assert cooks.schema["items"]["required"] == ["name"]
    assert cooks.unique_by == ("name",)
    assert cooks.rules["chiefs"].show == ("since",)


def test_money_becomes_whole_fen(read_world: Library) -> None:
    food = read_world.items["food"]
    assert food.form.fields["capital"].schema["minimum"] == 150
    assert food.fees["permit"].amount == 1000
    assert read_world.policies["rent_relief"].amount == 50_000


@pytest.mark.parametrize(
    ("yuan", "fen"), [("0", 0), ("1", 100), ("1.5", 150), ("-0.07", -7), ("99999.99", 9_999_999)]
)
def test_yuan_are_exact(yuan: str, fen: int) -> None:
    found = library(changed("item/food", "/fees/permit/amount", {"yuan": yuan}))
    assert found.items["food"].fees["permit"].amount == fen


def test_a_fixed_answer_to_a_field_called_yuan_is_no_money() -> None:
    fixed = {"yuan": "1.00"}
    found = library(changed("service/restaurant", "/items/food_license/fixed", fixed))
    assert found.services["restaurant"].uses["food_license"].fixed == fixed


def test_what_no_section_names_comes_last(read_world: Library) -> None:
    food = read_world.items["food"]
    assert [section.fields[0] for section in food.form.sections] == ["area", "name"]
    assert food.form.sections[-1].title == food.title
    placed = [name for section in food.form.sections for name in section.fields]
    assert sorted(placed) == sorted(food.form.fields)


def test_subjects_are_called_by_their_relation_or_kind(read_world: Library) -> None:
    subjects = read_world.items["food"].subjects
    assert subjects["boss"].title == text("法定代表人")
    assert subjects["place"].title == text("场所")


def test_situation_questions_come_in_their_order_and_must_be_answered(read_world: Library) -> None:
    questions = read_world.services["restaurant"].situation.fields
    assert {name: one.required for name, one in questions.items()} == {"big": False, "food": True}
    assert list(questions) == ["big", "food"]


def test_the_rest_of_an_item(read_world: Library) -> None:
    food = read_world.items["food"]
    assert food.clocks["legal"] == (Limit(Span(20, "working")),)
    assert [limit.within.n for limit in food.clocks["promised"]] == [9, 5]
    assert food.steps["accept"].settings == {"accepts": True, "assignees": {"role": "officer"}}
    lease = food.materials["lease"]
    assert lease.title == text("租赁合同")
    assert lease.satisfied_by[0] == Satisfaction(license="business_license", about="applicant")
    assert lease.may_follow is not None
    assert lease.may_follow.by_step == "decide"
    assert food.result is not None
    assert food.result.subjects == {"holder": "applicant"}


def test_a_paper_that_says_nothing_is_uploaded() -> None:
    found = library(changed("item/food", "/materials/plan", {"$ref": "material:plan"}))
    assert found.items["food"].materials["plan"].satisfied_by == (Satisfaction(upload=True),)


def test_what_was_written_is_kept(read_world: Library) -> None:
    assert read_world.sources["item/food"] == world()["item/food"]


def test_files_are_called_by_their_place_in_the_folder(tmp_path: Path) -> None:
    for name, raw in world().items():
        file = tmp_path / f"{name}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"$schema": f"../schemas/{raw['kind']}.json", **raw}), "utf-8")
    found = read([tmp_path])
    assert found.problems == ()
    assert found.items == library().items
    assert found.files["item/food"] == "item/food.json"


def test_every_problem_is_collected_and_the_rest_stands() -> None:
    definitions = changed("item/food", "/department", 1)
    definitions["item/food"]["titel"] = "x"
    definitions["item/food"]["form"]["schema"]["properties"]["name"]["not"] = {}
    found = read_bundle(definitions)
    assert {(one.code, one.where) for one in found.problems} == {
        ("definition.wrong_type", "item/food#/department"),
        ("definition.misspelt_key", "item/food#/titel"),
        ("definition.say_it_with_a_rule", "item/food#/form/schema/properties/name/not"),
    }
    assert "food" not in found.items
    assert "restaurant" in found.services


def test_a_pointer_escapes_what_stands_in_a_key() -> None:
    found = read_bundle(changed("item/food", "/guide", {"a~b": 1}))
    assert [one.where for one in found.problems] == ["item/food#/guide/a~0b"]


def test_a_library_of_hundreds_of_items_is_read_quickly() -> None:
    definitions: dict[str, Any] = world()
    for number in range(300):
        name = f"item_{number:03}_x{'y' * (number % 7)}"
        definitions[f"item/{name}"] = {**definitions["item/food"], "id": name}
    start = time.process_time()
    found = read_bundle(definitions)
    assert (len(found.items), found.problems) == (301, ())
    assert time.process_time() - start < 3
