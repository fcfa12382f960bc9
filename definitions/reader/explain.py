"""What is wrong with the shape of a definition, in problems that say how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry, Resource

from definitions.problems import Problem
from definitions.reader.hazards import MAX_PROBLEMS, Place, pointer
from definitions.reader.shape import json_type, matches, schema

SAY_IT_WITH_A_RULE = frozenset(
    [
        "if",
        "then",
        "else",
        "not",
        "oneOf",
        "anyOf",
        "allOf",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "default",
        "patternProperties",
        "additionalProperties",
        "unevaluatedProperties",
        "propertyNames",
        "contains",
        "minContains",
        "maxContains",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
    ]
)
"""Keywords of JSON Schema that judge more than one value, or differ between validators."""

REFERENCES = frozenset({"$dynamicRef", "$recursiveRef", "$anchor", "$id", "$defs", "definitions"})


def explain(kind: str, value: Any) -> list[Problem]:
    """Every way in which `value` isn't a definition of this kind, at most `MAX_PROBLEMS`."""
    problems: dict[tuple[str, str], Problem] = {}
    errors = _validator(kind).iter_errors(value)
    for problem in (problem for error in errors for problem in _problems(error)):
        problems.setdefault((problem.code, problem.where + str(problem.params)), problem)
        if len(problems) >= MAX_PROBLEMS:
            break
    return list(problems.values())


@cache
def _validator(kind: str) -> Any:
    common = Resource.from_contents(schema("common"))
    own = Resource.from_contents(schema(kind))
    registry: Registry[Any] = Registry().with_resources(
        [("common.json", common), (f"{kind}.json", own)]
    )
    strict = validators.extend(Draft202012Validator, {"pattern": _pattern})
    return strict(schema(kind), registry=registry)


def _pattern(validator: Any, pattern: str, value: Any, node: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not matches(pattern)(value):
        yield ValidationError("pattern")


def _problems(error: ValidationError) -> Iterator[Problem]:
    where = _pointer(error)
    explainer = _EXPLAIN.get(str(error.validator), _plain)
    yield from explainer(error, where)


def _pointer(error: ValidationError) -> str:
    place: Place = None
    for step in error.absolute_path:
        place = (place, step)
    if "propertyNames" in error.absolute_schema_path:
        place = (place, str(error.instance))
    return pointer(place)


def _plain(error: ValidationError, where: str) -> Iterator[Problem]:
    yield Problem("definition.wrong_shape", where, {"keyword": str(error.validator)})


def _unknown_keys(error: ValidationError, where: str) -> Iterator[Problem]:
    known = list(error.schema.get("properties", ()))
    for key in error.instance:
        if key not in known:
            yield unknown_key(key, known, where)


def unknown_key(key: str, known: list[str], where: str) -> Problem:
    """The problem of a key that no schema has: a hint at what to write instead, if there is one."""
    at = where + pointer((None, key))
    if key in SAY_IT_WITH_A_RULE:
        return Problem("definition.say_it_with_a_rule", at, {"keyword": key})
    if key in REFERENCES:
        return Problem("definition.no_references", at, {"keyword": key})
    near = difflib.get_close_matches(key, known, 1)
    if near:
        return Problem("definition.misspelt_key", at, {"key": key, "near": near[0]})
    return Problem("definition.unknown_key", at, {"key": key, "known": ", ".join(known)})


def _missing(error: ValidationError, where: str) -> Iterator[Problem]:
    for name in error.validator_value:
        if name not in error.instance:
            yield Problem("definition.missing_key", where, {"key": name})


def _dependent(error: ValidationError, where: str) -> Iterator[Problem]:
    for name, others in error.validator_value.items():
        for other in others:
            if name in error.instance and other not in error.instance:
                yield Problem("definition.goes_with", where, {"key": name, "other": other})


def _type(error: ValidationError, where: str) -> Iterator[Problem]:
    wanted = error.validator_value
    names = wanted if isinstance(wanted, str) else ", ".join(wanted)
    params = {"wanted": names, "got": json_type(error.instance)}
    yield Problem("definition.wrong_type", where, params)


def _enum(error: ValidationError, where: str) -> Iterator[Problem]:
    known = [str(value) for value in error.validator_value]
    if "propertyNames" in error.absolute_schema_path and error.schema.get("title") == "operator":
        yield Problem("definition.rule_unknown_operator", where, {"operator": str(error.instance)})
        return
    params = {"value": str(error.instance)[:60], "known": ", ".join(known)}
    yield Problem("definition.not_one_of", where, params)


def _const(error: ValidationError, where: str) -> Iterator[Problem]:
    params = {"value": str(error.instance)[:60], "known": str(error.validator_value)}
    yield Problem("definition.not_one_of", where, params)


def _form(error: ValidationError, where: str) -> Iterator[Problem]:
    value = str(error.instance)
    if where.endswith("/$ref") and "://" in value:
        yield Problem("definition.remote_reference", where, {"value": value[:200]})
    elif error.schema.get("title") == "id":
        yield Problem("definition.bad_id", where, {"id": value[:60]})
    else:
        params = {"value": value[:60], "pattern": str(error.validator_value)}
        yield Problem("definition.wrong_form", where, params)


def _limit(code: str) -> Callable[[ValidationError, str], Iterator[Problem]]:
    def explainer(error: ValidationError, where: str) -> Iterator[Problem]:
        yield Problem(code, where, {"limit": error.validator_value})

    return explainer


def _repeated(error: ValidationError, where: str) -> Iterator[Problem]:
    yield Problem("definition.repeated", where)


_EXPLAIN: Mapping[str, Callable[[ValidationError, str], Iterator[Problem]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "dependentRequired": _dependent,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _form,
    "uniqueItems": _repeated,
    "minItems": _limit("definition.too_few"),
    "maxItems": _limit("definition.too_many"),
    "minProperties": _limit("definition.too_few"),
    "maxProperties": _limit("definition.too_many"),
    "minLength": _limit("definition.too_short"),
    "maxLength": _limit("definition.too_long"),
    "minimum": _limit("definition.too_small"),
    "maximum": _limit("definition.too_great"),
    "exclusiveMinimum": _limit("definition.not_above"),
    "exclusiveMaximum": _limit("definition.not_below"),
    "multipleOf": _limit("definition.not_a_multiple"),
}
