"""What every field type does: its example works, and nothing that is typed makes it crash."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.fieldtypes import REGISTRY, FieldType, Unreadable, compile_check
from definitions.problems import Problem
from definitions.wording import sentences
from tests.fieldtypes.fields import field_of

EVERY = pytest.mark.parametrize("kind", REGISTRY.values(), ids=lambda kind: kind.id)
WITHOUT_TYPING = ("computed", "note")
HOSTILE = st.text() | st.text(
    "0123456789-/.年月日,万亿元¥xX{}[]\"' \u0000\u202e\ud800９", max_size=40
)


@EVERY
def test_it_is_called_in_both_languages(kind: FieldType) -> None:
    assert set(kind.title) == {"zh-CN", "en"}
    for setting in kind.settings["properties"].values():
        assert set(setting["title"]) == {"zh-CN", "en"}


@EVERY
def test_its_example_passes_shows_and_comes_back(kind: FieldType) -> None:
    field, example = field_of(kind.id), kind.example
    if kind.id == "note":
        return
    assert kind.check(example, field) == []
    assert compile_check(field)(example) is None
    assert all(kind.show(example, field, lang) for lang in ("zh-CN", "en"))
    assert json.loads(json.dumps(example)) == example
    if kind.id not in WITHOUT_TYPING:
        assert kind.parse(kind.to_input(example, field), field) == example


@EVERY
def test_its_example_passes_its_own_schema(kind: FieldType) -> None:
    if kind.id == "note":
        return
    schema = field_of(kind.id).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(kind.example)


@EVERY
@pytest.mark.parametrize("blank", ["", "  ", "　", [], [""], ["", " "]])
def test_nothing_typed_is_no_answer(kind: FieldType, blank: Any) -> None:
    assert kind.parse(blank, field_of(kind.id)) is None


def read(kind: FieldType, typed: Any) -> tuple[Any, Unreadable | None]:
    try:
        return kind.parse(typed, field_of(kind.id)), None
    except Unreadable as refused:
        return None, refused


@EVERY
@settings(max_examples=60, deadline=None)
@given(typed=HOSTILE | st.lists(HOSTILE, max_size=3))
def test_whatever_is_typed_is_read_or_refused_in_words(kind: FieldType, typed: Any) -> None:
    field = field_of(kind.id)
    value, refused = read(kind, typed)
    if refused is not None:
        assert refused.typed == typed
        assert refused.problem.code in sentences()
    if value is None or kind.check(value, field):
        return
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    assert kind.parse(kind.to_input(value, field), field) == value
    assert all(isinstance(kind.show(value, field, lang), str) for lang in ("zh-CN", "en"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.just("$row"), inner, max_size=3)
    ),
    max_leaves=5,
)


@EVERY
@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_whatever_value_comes_is_judged_with_a_code_that_has_words(
    kind: FieldType, value: Any
) -> None:
    field = field_of(kind.id)
    fault = compile_check(field)(value)
    assert kind.check(value, field) == ([] if fault is None else [fault])
    if fault is not None:
        problem = Problem(fault[0], params=fault[1])
        assert problem.code in sentences()
        json.dumps(problem.params)


@EVERY
def test_its_settings_are_what_its_schema_takes(kind: FieldType) -> None:
    assert set(kind.schema({"nonsense": 1, "title": "x"})) <= {
        *("type", "format", "properties", "required", "items", "uniqueItems")
    }


def test_every_type_of_the_language_is_there() -> None:
    assert set(REGISTRY) == {
        *("text", "long_text", "integer", "number", "money", "boolean", "date", "date_range"),
        *("time", "choice", "multi_choice", "division", "address", "phone", "email"),
        *("person_id", "social_credit_code", "real_estate_unit", "plate_number", "file", "image"),
        *("signature", "table", "computed", "declaration", "note"),
    }
