"""Has a definition the shape that its schema says? A quick yes, or everything that is wrong.

The schemas are compiled once to plain functions that only answer yes or no: reading a library of
correct files costs little. Only what fails is given to `jsonschema`, which can tell why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent.parent / "schemas"

Test = Callable[[Any], bool]

_TYPES: Mapping[str, Test] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
}


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The schema `name` as it ships: a kind's, or `common`."""
    document: Mapping[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return document


def fits(kind: str, value: Any) -> bool:
    """Whether `value` has the shape of a definition of this kind."""
    return _compiled(f"{kind}.json#")(value)


def json_type(value: Any) -> str:
    """What JSON calls the type of a value."""
    return _JSON_NAMES.get(type(value).__name__, "object")


_JSON_NAMES: Mapping[str, str] = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "NoneType": "null",
    "list": "array",
}


def matches(pattern: str) -> Test:
    """A test for a string; `$` is the very end, not the place before a last newline."""
    return _search(re.compile(pattern.replace("$", r"\Z")))


def _search(compiled: re.Pattern[str]) -> Test:
    return lambda value: compiled.search(value) is not None


@cache
def _compiled(target: str) -> Test:
    file, _, path = target.partition("#")
    node: Any = schema(file.removesuffix(".json"))
    for step in path.split("/")[1:]:
        node = node[step]
    return _test(node, file)


def _test(node: Mapping[str, Any], file: str) -> Test:
    """One function for a schema: the tests of its keywords, the cheap ones first."""
    tests = [
        test
        for keyword, make in _KEYWORDS.items()
        if keyword in node and (test := make(node[keyword], node, file)) is not None
    ]
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _ref(target: str, node: Mapping[str, Any], file: str) -> Test:
    address = file + target if target.startswith("#") else target
    found: list[Test] = []

    def test(value: Any) -> bool:
        if not found:  # looked up when first met, since schemas refer to themselves
            found.append(_compiled(address))
        return found[0](value)

    return test


def _type(types: str | list[str], node: Mapping[str, Any], file: str) -> Test:
    if isinstance(types, str):
        return _TYPES[types]
    tests = [_TYPES[name] for name in types]
    return lambda value: any(test(value) for test in tests)


def _same(one: Any, other: Any) -> bool:
    return bool(one == other and isinstance(one, bool) == isinstance(other, bool))


def _const(wanted: Any, node: Mapping[str, Any], file: str) -> Test:
    return lambda value: _same(value, wanted)


def _enum(values: list[Any], node: Mapping[str, Any], file: str) -> Test:
    known = frozenset(values)
    return lambda value: isinstance(value, str) and value in known


def _required(names: list[str], node: Mapping[str, Any], file: str) -> Test:
    return lambda value: not isinstance(value, dict) or all(name in value for name in names)


def _dependent(needs: Mapping[str, list[str]], node: Mapping[str, Any], file: str) -> Test:
    return lambda value: (
        not isinstance(value, dict)
        or all(
            other in value for name, others in needs.items() if name in value for other in others
        )
    )


def _properties(known: Mapping[str, Any], node: Mapping[str, Any], file: str) -> Test:
    tests = {name: _test(sub, file) for name, sub in known.items()}

    def test(value: Any) -> bool:
        return not isinstance(value, dict) or all(
            tests[name](item) for name, item in value.items() if name in tests
        )

    return test


def _additional(rest: Any, node: Mapping[str, Any], file: str) -> Test:
    known = frozenset(node.get("properties", ()))
    if rest is False:
        return lambda value: not isinstance(value, dict) or known.issuperset(value)
    test = _test(rest, file)
    return lambda value: (
        not isinstance(value, dict)
        or all(test(item) for name, item in value.items() if name not in known)
    )


def _names(sub: Mapping[str, Any], node: Mapping[str, Any], file: str) -> Test:
    test = _test(sub, file)
    return lambda value: not isinstance(value, dict) or all(map(test, value))


def _items(sub: Mapping[str, Any], node: Mapping[str, Any], file: str) -> Test:
    test = _test(sub, file)
    return lambda value: not isinstance(value, list) or all(map(test, value))


def _pattern(pattern: str, node: Mapping[str, Any], file: str) -> Test:
    found = matches(pattern)
    return lambda value: not isinstance(value, str) or found(value)


def _size(
    kind: type[str] | type[list[Any]] | type[dict[str, Any]], sign: int
) -> Callable[[int, Mapping[str, Any], str], Test]:
    def make(limit: int, node: Mapping[str, Any], file: str) -> Test:
        return lambda value: not isinstance(value, kind) or sign * len(value) <= sign * limit

    return make


def _number(
    holds: Callable[[float, float], bool],
) -> Callable[[float, Mapping[str, Any], str], Test]:
    def make(limit: float, node: Mapping[str, Any], file: str) -> Test:
        number = _TYPES["number"]
        return lambda value: not number(value) or holds(value, limit)

    return make


def _unique(wanted: bool, node: Mapping[str, Any], file: str) -> Test | None:
    if not wanted:
        return None
    return lambda value: (
        not isinstance(value, list) or len({repr(one) for one in value}) == len(value)
    )


def _all(subs: list[Mapping[str, Any]], node: Mapping[str, Any], file: str) -> Test:
    tests = [_test(sub, file) for sub in subs]
    return lambda value: all(test(value) for test in tests)


def _if(condition: Mapping[str, Any], node: Mapping[str, Any], file: str) -> Test:
    holds, then = _test(condition, file), _test(node["then"], file)
    return lambda value: not holds(value) or then(value)


_KEYWORDS: Mapping[str, Callable[[Any, Mapping[str, Any], str], Test | None]] = {
    "type": _type,
    "$ref": _ref,
    "const": _const,
    "enum": _enum,
    "required": _required,
    "dependentRequired": _dependent,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "pattern": _pattern,
    "minLength": _size(str, -1),
    "maxLength": _size(str, 1),
    "minItems": _size(list, -1),
    "maxItems": _size(list, 1),
    "minProperties": _size(dict, -1),
    "maxProperties": _size(dict, 1),
    "minimum": _number(lambda value, limit: value >= limit),
    "maximum": _number(lambda value, limit: value <= limit),
    "exclusiveMinimum": _number(lambda value, limit: value > limit),
    "exclusiveMaximum": _number(lambda value, limit: value < limit),
    "multipleOf": _number(lambda value, unit: (value / unit).is_integer()),
    "uniqueItems": _unique,
    "allOf": _all,
    "if": _if,
}
_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "then"})
KNOWN = _ANNOTATIONS | frozenset(_KEYWORDS)
"""Every keyword that the shipped schemas may use."""
