"""Joining changes: laws that hold for any two of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from definitions.model import Provenance
from runtime.store.changes import (
    REMEMBERED,
    Change,
    disputed,
    join,
    touch,
    value_at,
    with_value,
)
from runtime.store.records import ProvenanceMap, pack

PLACES = st.sampled_from(["a", "b", "t/r1", "t/r1/x", "t/r1/y", "t/r2/x", "u/r1/x"])
VALUES = st.none() | st.integers(0, 3)
ANSWERS = st.dictionaries(PLACES, VALUES, max_size=4)


def change(given_: dict[str, Any]) -> Change:
    """A change in which a row is a row."""
    rows = {
        where: {"$row": "r1", "x": value} if where == "t/r1" and value is not None else value
        for where, value in given_.items()
    }
    return Change(answers=rows)


def parts(*changes: Change) -> dict[str, Any]:
    now: dict[str, Any] = {"answers": {}, "provenance": {}}
    for one in changes:
        now |= join(now, one)
    return now


@given(PLACES, st.integers(1, 3))
def test_what_was_set_is_there_and_what_was_removed_is_not(where: str, value: int) -> None:
    if where == "t/r1":
        return
    answers = with_value({}, where, value)
    assert value_at(answers, where) == value
    assert value_at(with_value(answers, where, None), where) is None


@given(ANSWERS, ANSWERS)
def test_a_change_never_alters_what_it_was_given(
    first: dict[str, Any], then: dict[str, Any]
) -> None:
    before = parts(change(first))
    text = repr(before)
    join(before, change(then))
    assert repr(before) == text


@given(ANSWERS, ANSWERS, ANSWERS)
def test_changes_that_are_not_in_dispute_come_to_the_same_in_either_order(
    base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    start = parts(change(base))
    first = start | join(start, change(one))
    touched = touch({}, change(one), 2)
    if disputed(first, change(other), 1, touched):
        return
    turned = start | join(start, change(other))
    one_way = first | join(first, change(other))
    other_way = turned | join(turned, change(one))
    assert _sorted(one_way["answers"]) == _sorted(other_way["answers"])


def _sorted(answers: dict[str, Any]) -> dict[str, Any]:
    """Rows of two people may stand in either order; a row without a value may be there or not."""
    return {
        question: sorted((row for row in value if len(row) > 1), key=lambda row: row["$row"])
        if isinstance(value, list)
        else value
        for question, value in answers.items()
        if not isinstance(value, list) or any(len(row) > 1 for row in value)
    }


def test_a_part_that_comes_out_as_it_was_is_not_written_again() -> None:
    known = {"a": Provenance("authority")}
    now = {"answers": {"a": 1}, "typed": {}, "provenance": known}
    same = Change(answers={"a": 1}, typed={"a": None}, provenance={"b": None})
    assert join(now, same) == {}
    other = Change(answers={"a": 2}, typed={"a": None}, provenance={"a": None})
    assert join(now, other) == {"answers": {"a": 2}, "provenance": {}}


def test_what_is_remembered_of_changes_is_bounded() -> None:
    touched: dict[str, Any] = {}
    for version in range(2, 20):
        many = Change(answers={f"q{version}.{n}": n for n in range(90)})
        touched = touch(touched, many, version)
        assert len(touched["at"]) <= REMEMBERED
    assert touched["floor"] == 17


def test_provenance_is_written_once_for_a_license_and_read_back_the_same() -> None:
    one = Provenance("authority", source="office", license_number="1", license_field="名称")
    other = Provenance("authority", source="office", license_number="1", original="旧")
    third = Provenance("typed")
    given_ = {"a": one, "b": other, "t/r1/x": third}
    packed = pack(given_)
    assert len(packed["common"]) == 2
    assert ProvenanceMap(packed) == given_
    assert ProvenanceMap({}) == {}
