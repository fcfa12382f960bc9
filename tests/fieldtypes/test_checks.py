"""Checks say what is wrong, and let nothing pass that plain JSON Schema refuses."""

from __future__ import annotations

import time
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.fieldtypes import compile_check
from definitions.fieldtypes.matching import matcher
from definitions.model import Field
from definitions.patterns import compile_pattern
from tests.fieldtypes.fields import field_of

FAULTS: list[tuple[str, dict[str, Any], dict[str, Any], Any, str]] = [
    ("text", {}, {}, "", "missing"),
    ("text", {}, {}, 1, "type"),
    ("text", {"minLength": 3}, {}, "ab", "too_short"),
    ("text", {"maxLength": 2}, {}, "珠海市", "too_long"),
    ("text", {"pattern": "^[A-Z]+$"}, {}, "Ab", "pattern"),
    ("integer", {}, {}, 1.0, "type"),
    ("integer", {}, {}, True, "type"),
    ("integer", {"minimum": 2}, {}, 1, "too_small"),
    ("integer", {"multipleOf": 5}, {}, 12, "not_multiple"),
    ("number", {}, {}, float("nan"), "type"),
    ("number", {"maximum": 2}, {}, 2.5, "too_large"),
    ("number", {"exclusiveMinimum": 0}, {}, 0, "not_above"),
    ("number", {"exclusiveMaximum": 9}, {}, 9, "not_below"),
    ("number", {}, {"decimals": 2}, 1.005, "decimals"),
    ("money", {"minimum": 100}, {}, 99, "too_small"),
    ("boolean", {}, {}, "true", "type"),
    ("declaration", {}, {}, False, "not_an_option"),
    ("date", {}, {}, "2026-02-30", "date"),
    ("date", {}, {}, "2026/01/01", "date"),
    ("date_range", {}, {}, {"start": "2026-02-01", "end": "2026-01-01"}, "date_range_order"),
    ("date_range", {}, {}, {"start": "2026-02-01"}, "type"),
    ("time", {}, {}, "9:30", "time"),
    ("choice", {}, {}, "c", "not_an_option"),
    ("choice", {}, {}, ["a"], "not_an_option"),
    ("multi_choice", {}, {}, ["a", "a"], "repeated"),
    ("multi_choice", {"minItems": 2}, {}, ["a"], "too_few_choices"),
    ("multi_choice", {}, {}, [["a"]], "not_an_option"),
    ("division", {}, {}, "440100", "not_an_option"),
    ("division", {}, {"settings": {"level": "district"}}, "440402001", "not_an_option"),
    ("phone", {}, {}, "123", "phone"),
    ("email", {}, {}, "a@b", "email"),
    ("person_id", {}, {}, "110105194912310021", "person_id_check"),
    ("person_id", {}, {}, "11010519490231002X", "person_id_date"),
    ("social_credit_code", {}, {}, "914404001925482560", "credit_code_check"),
    ("real_estate_unit", {}, {}, "1", "real_estate_unit"),
    ("plate_number", {}, {}, "X", "plate_number"),
    ("file", {"maxItems": 1}, {}, ["a", "b"], "too_many_files"),
    ("image", {}, {}, [], "missing"),
    ("table", {"minItems": 2}, {}, [{"$row": "r1"}], "too_few_rows"),
    ("table", {}, {}, [{"$row": "r1"}, {"$row": "r1"}], "row"),
    ("table", {}, {}, [{}], "row"),
]


@pytest.mark.parametrize(("kind", "limits", "more", "value", "code"), FAULTS)
def test_has_the_fault(kind: str, limits: Any, more: Any, value: Any, code: str) -> None:
    fault = compile_check(field_of(kind, limits, **more))(value)
    assert fault is not None
    assert fault[0] == f"answer.{code}"


def test_limits_are_said_as_people_read_them() -> None:
    fault = compile_check(field_of("money", {"minimum": 10_000_000}))(1)
    assert fault == (
        "answer.too_small",
        {"limit": {"zh-CN": "100,000.00 元", "en": "CNY 100,000.00"}},
    )


_small = st.integers(-3, 5)
_value = (
    st.none()
    | st.booleans()
    | _small
    | st.floats(-3, 5)
    | st.sampled_from(["", "a", "b", "ab", "AB", "珠海", "1", "a\n", "2026-01-05"])
    | st.lists(st.sampled_from(["a", "b", "c", 1, True, None]), max_size=3)
)

_scalars = st.booleans() | _small | st.sampled_from(["a", "b", "ab"])
_text = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "pattern": st.sampled_from(["^[a-z]+$", "^.{1,2}$", "^(a|b)*$", "^[^a]$"]),
        "enum": st.lists(_scalars, min_size=1, max_size=3),
        "const": _scalars,
    },
)
_numeric = {
    "minimum": _small,
    "maximum": _small,
    "exclusiveMinimum": _small,
    "exclusiveMaximum": _small,
    "multipleOf": st.integers(1, 3),
    "enum": st.lists(_scalars, min_size=1, max_size=3),
    "const": _scalars,
}
_list = st.fixed_dictionaries(
    {
        "type": st.just("array"),
        "items": st.just({"type": "string", "enum": ["a", "b"]}),
    },
    optional={
        "minItems": st.integers(0, 3),
        "maxItems": st.integers(0, 3),
        "uniqueItems": st.booleans(),
    },
)

_cases = st.one_of(
    st.tuples(st.sampled_from(["text", "long_text", "address", "signature"]), _text),
    st.tuples(
        st.sampled_from(["integer", "money"]),
        st.fixed_dictionaries({"type": st.just("integer")}, optional=_numeric),
    ),
    st.tuples(
        st.just("number"),
        st.fixed_dictionaries({"type": st.just("number")}, optional=_numeric),
    ),
    st.tuples(
        st.just("boolean"),
        st.fixed_dictionaries({"type": st.just("boolean")}, optional={"const": _scalars}),
    ),
    st.tuples(st.just("choice"), st.just({"type": "string", "enum": ["a", "b"]})),
    st.tuples(st.just("multi_choice"), _list),
    st.tuples(st.sampled_from(["date", "time", "phone", "person_id"]), _text),
)


@settings(max_examples=1_000, deadline=None)
@given(_cases, _value)
def test_what_passes_also_passes_plain_json_schema(case: tuple[str, Any], value: Any) -> None:
    kind, schema = case
    field = Field("f", kind, {"zh-CN": "f"}, schema)
    if compile_check(field)(value) is None:
        assert jsonschema.Draft202012Validator(schema).is_valid(value)


@settings(max_examples=300, deadline=None)
@given(_cases, _value)
def test_plain_types_refuse_little_more_than_json_schema(case: tuple[str, Any], value: Any) -> None:
    kind, schema = case
    if kind not in ("text", "number", "boolean", "choice") or value == "":
        return
    refused = compile_check(Field("f", kind, {"zh-CN": "f"}, schema))(value) is not None
    # Python's $ also stands before a last line end; ours, like ECMA-262's, doesn't
    if isinstance(value, str) and value.endswith("\n"):
        return
    assert refused == (not jsonschema.Draft202012Validator(schema).is_valid(value))


PATTERNS = (
    *("^[0-9]{6}$", "^[A-Z]{2}[0-9]+$", "^a?b{2}$", "^[^a]{1,2}$", "^.*$", "^a\\.b$", "^[a\\-b]$"),
    *("^(ab|c)+$", "^[a-z]*[0-9]*$", "^$", "^[珠海]+$", "^a{1,2}b{1,2}$", "^a{2,}$"),
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(PATTERNS), st.text("ab1A珠.-\n\ud800", max_size=5))
def test_quick_and_thorough_matching_agree(pattern: str, text: str) -> None:
    thorough = compile_pattern(pattern).search(text.encode("utf-8", "surrogatepass"))
    if "\ud800" not in text:
        assert bool(matcher(pattern)(text)) == bool(thorough)
    matcher(pattern)(text)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^[a]*[a]*[a]*$", "^(a|a)*$", "^.*.*.*.*b$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    start = time.perf_counter()
    matcher(pattern)("a" * 20_000 + "!")
    assert time.perf_counter() - start < 1
