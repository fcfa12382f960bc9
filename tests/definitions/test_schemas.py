"""The public contract: valid schemas, helpful in an editor, and the same to both validators."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from definitions.fieldtypes import REGISTRY
from definitions.model import KINDS
from definitions.reader.explain import explain
from definitions.reader.shape import KNOWN, SCHEMAS, fits, schema
from definitions.rules import OPERATORS
from tests.definitions.factory import world

FILES = sorted(path.stem for path in SCHEMAS.glob("*.json"))


def _subschemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for keyword, value in node.items():
            if keyword in ("properties", "$defs"):
                for one in value.values():
                    yield from _subschemas(one)
            elif keyword in ("items", "additionalProperties", "propertyNames", "if", "then"):
                yield from _subschemas(value)
            elif keyword == "allOf":
                for one in value:
                    yield from _subschemas(one)


def test_there_is_a_schema_for_every_kind() -> None:
    assert set(FILES) == {*KINDS, "common"}


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_itself_valid(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", FILES)
def test_a_schema_says_only_what_the_quick_test_knows(name: str) -> None:
    for one in _subschemas(schema(name)):
        assert set(one) <= KNOWN
        assert all(isinstance(code, str) for code in one.get("enum", ()))


@pytest.mark.parametrize("name", FILES)
def test_references_stay_in_the_folder(name: str) -> None:
    for one in _subschemas(schema(name)):
        file, _, pointer = one.get("$ref", "#/$defs/id").partition("#")
        assert file in ("", "common.json")
        if "$ref" in one:
            assert (
                pointer.removeprefix("/$defs/")
                in schema(file.removesuffix(".json") or name)["$defs"]
            )


@pytest.mark.parametrize("name", FILES)
def test_no_object_takes_unknown_keys(name: str) -> None:
    for one in _subschemas(schema(name)):
        if "properties" in one and one.get("type") == "object":
            assert "additionalProperties" in one


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_finds_a_title_and_what_every_key_means(kind: str) -> None:
    document = schema(kind)
    assert document["title"]
    assert document["description"]
    for name, one in document["properties"].items():
        told = one.get("description") or one.get("$ref") or "const" in one or "enum" in one
        assert told or name in ("year", "type_code", "code", "faq"), name


def test_the_contract_names_every_field_type() -> None:
    formats = schema("common")["$defs"]["field"]["properties"]["format"]["enum"]
    assert set(formats) == set(REGISTRY)


def test_the_contract_names_every_operator() -> None:
    operators = schema("common")["$defs"]["expression"]["propertyNames"]["enum"]
    assert set(operators) == {*OPERATORS, "yuan"}


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from _places(child, (*path, key))


PLACES = [(name, path) for name, one in world().items() for path in _places(one)]
VALUES = st.one_of(
    st.sampled_from([None, True, 0, -1, 1.0, 1.5, "", "a", "a\n", "A", [], ["a", "a"], [1, True]]),
    st.sampled_from([{}, {"zh-CN": "a"}, {"zh-CN": ""}, {"var": "a"}, {"n": 1, "unit": "working"}]),
    st.text(max_size=3),
    st.integers(-2, 3),
)


@given(st.sampled_from(PLACES), VALUES)
@settings(max_examples=400, deadline=None)
def test_the_quick_test_and_the_explaining_one_agree(
    place: tuple[str, tuple[Any, ...]], value: Any
) -> None:
    name, path = place
    raw = copy.deepcopy(world()[name])
    node: Any = raw
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    kind = name.partition("/")[0]
    assert fits(kind, raw) == (explain(kind, raw) == [])
