"""A district's changes: applied as RFC 7396 says, and looked at when the city's change."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.variant import clashes, merge_patch, patched
from tests.definitions.factory import changed, text, world

VECTORS: list[tuple[Any, Any, Any]] = [  # RFC 7396, appendix A
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), VECTORS)
def test_the_vectors_of_the_standard(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


def _food() -> dict[str, Any]:
    return world()["item/food"]


def test_a_district_takes_a_step_out() -> None:
    result, problems = patched(_food(), world()["variant/food_here"]["patch"])
    assert problems == []
    assert set(result["process"]["steps"]) == {"accept", "decide"}
    assert "visit" in _food()["process"]["steps"]


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"materials": {"ghost": None}}, "patch_of_nothing"),
        ({"materials": {"ghost": {"copies": 2}}}, "missing_key"),
        ({"id": "other"}, "patch_of_identity"),
        ({"titel": "x"}, "misspelt_key"),
    ],
)
def test_a_change_that_no_longer_fits_is_a_problem(patch: dict[str, Any], code: str) -> None:
    assert f"definition.{code}" in {problem.code for problem in patched(_food(), patch)[1]}


def test_a_place_that_city_and_district_change_differently_is_told() -> None:
    before, after = _food(), changed("item/food", "/title", text("新名"))["item/food"]
    found = clashes(before, after, {"title": {"zh-CN": "本区名"}, "summary": text("x")})
    assert [problem.where for problem in found] == ["/title/zh-CN"]
    assert found[0].params == {"before": "食品经营许可", "after": "新名", "ours": "本区名"}


def test_a_place_that_both_change_alike_is_no_clash() -> None:
    before, after = _food(), changed("item/food", "/title", text("新名"))["item/food"]
    assert clashes(before, after, {"title": text("新名")}) == []
