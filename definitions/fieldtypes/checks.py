"""Checks made for one field: closures that hold its limits, and the faults they may return.

They say no to everything that plain JSON Schema (2020-12) says no to in the keywords that the
language allows, and to some more; a test holds them to that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from definitions.fieldtypes.contract import Check, Fault
from definitions.fieldtypes.matching import Matcher, matcher
from definitions.model import Text

Schema = Mapping[str, Any]
Show = Callable[[Any], Text]
Limit = tuple[float, Text]
"""A limit and how a person reads it."""


def fault(code: str, **params: Any) -> Fault:
    """A fault, made once when the check is."""
    return code, params


def chain(checks: Sequence[Check]) -> Check:
    """The first fault that any of these finds."""
    if not checks:
        return lambda value: None
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        return _pair(checks[0], checks[1])

    def every(value: Any) -> Fault | None:
        for check in checks:
            found = check(value)
            if found is not None:
                return found
        return None

    return every


def _pair(first: Check, second: Check) -> Check:
    def both(value: Any) -> Fault | None:
        found = first(value)
        return second(value) if found is None else found

    return both


def text(schema: Schema) -> list[Check]:
    """A text that isn't empty, within its lengths (in characters), like its pattern."""
    pattern = schema.get("pattern")
    matches = None if pattern is None else matcher(pattern)
    shortest, longest = max(1, schema.get("minLength", 1)), schema.get("maxLength")
    return [_text(shortest, longest, matches), *constants(schema)]


def _text(least: int, most: int | None, matches: Matcher | None) -> Check:
    """All of it in one function: it judges most of what is ever answered."""
    wrong, empty = fault("answer.type", type="string"), fault("answer.missing")
    short, long = fault("answer.too_short", least=least), fault("answer.too_long", most=most)
    unlike, longest = fault("answer.pattern"), math.inf if most is None else most

    def check(value: Any) -> Fault | None:
        if value.__class__ is not str:
            return wrong
        if least <= len(value) <= longest:
            return None if matches is None or matches(value) else unlike
        return (short if value else empty) if len(value) < least else long

    return check


_TEXT_KEYWORDS = frozenset({"minLength", "maxLength", "pattern", "enum", "const"})


def text_like(schema: Schema, standard: Check) -> list[Check]:
    """A text that follows a standard. Most have no limits besides: one function judges them."""
    if _TEXT_KEYWORDS.isdisjoint(schema):
        return [_text_like(standard)]
    return [*text(schema), standard]


def _text_like(standard: Check) -> Check:
    wrong, empty = fault("answer.type", type="string"), fault("answer.missing")

    def check(value: Any) -> Fault | None:
        if value.__class__ is not str:
            return wrong
        return standard(value) if value else empty

    return check


def number(
    schema: Schema, show: Show, *, whole: bool = False, decimals: int | None = None
) -> list[Check]:
    """A number of its type, between its limits, with no more decimals than the field has.

    `show` says a limit as a person reads it, in both languages.
    """
    limits = {
        keyword: (schema[keyword], show(schema[keyword]))
        for keyword in ("minimum", "maximum", *_LIMITS)
        if schema.get(keyword) is not None
    }
    least, most = limits.pop("minimum", None), limits.pop("maximum", None)
    checks = [_between(whole, least or (-math.inf, {}), most or (math.inf, {}))]
    checks += [_LIMITS[keyword](*limit) for keyword, limit in limits.items()]
    if decimals is not None and not whole:
        checks.append(_decimals(decimals))
    return checks + constants(schema)


def _between(whole: bool, least: Limit, most: Limit) -> Check:
    """A number of its type within both limits, in one function, as `_text` is."""
    wrong = fault("answer.type", type="integer" if whole else "number")
    low, high = least[0], most[0]
    small, large = (
        fault(code, limit=shown)
        for code, (_, shown) in (("answer.too_small", least), ("answer.too_large", most))
    )

    def check(value: Any) -> Fault | None:
        kind = value.__class__
        if kind is not int and (whole or kind is not float or not math.isfinite(value)):
            return wrong
        if low <= value <= high:
            return None
        return small if value < low else large

    return check


def _above(limit: float, shown: Text) -> Check:
    found = fault("answer.not_above", limit=shown)
    return lambda value: found if value <= limit else None


def _below(limit: float, shown: Text) -> Check:
    found = fault("answer.not_below", limit=shown)
    return lambda value: found if value >= limit else None


def _multiple(step: int, shown: Text) -> Check:
    found = fault("answer.not_multiple", step=shown)
    return lambda value: found if value % step else None


_LIMITS: Mapping[str, Callable[[Any, Text], Check]] = {
    "exclusiveMinimum": _above,
    "exclusiveMaximum": _below,
    "multipleOf": _multiple,
}


def _decimals(most: int) -> Check:
    found = fault("answer.decimals", most=most)
    return lambda value: found if value.__class__ is float and round(value, most) != value else None


def boolean(schema: Schema) -> list[Check]:
    """True or false."""
    wrong = fault("answer.type", type="boolean")
    checks: list[Check] = [lambda value: None if value.__class__ is bool else wrong]
    return checks + constants(schema)


def one_of(codes: Iterable[str]) -> Check:
    """A text that is one of these codes."""
    known, wrong = frozenset(codes), fault("answer.not_an_option")
    return lambda value: None if value.__class__ is str and value in known else wrong


def constants(schema: Schema) -> list[Check]:
    """`enum` and `const`; true is not 1, as JSON has it."""
    allowed = list(schema.get("enum", ())) if "enum" in schema else None
    if "const" in schema:
        allowed = [schema["const"]]
    if allowed is None:
        return []
    keys = frozenset(_key(value) for value in allowed)
    wrong = fault("answer.not_an_option")
    return [lambda value: None if _key(value) in keys else wrong]


def _key(value: Any) -> tuple[bool, Any]:
    return value.__class__ is bool, value


def listing(schema: Schema, element: Check, codes: Mapping[str, str]) -> list[Check]:
    """A list within its lengths, each element passing; `codes` names its own problems."""
    checks = [count(schema, codes), _each(element)]
    if schema.get("uniqueItems"):
        checks.append(_unique())
    return checks


def count(schema: Schema, codes: Mapping[str, str]) -> Check:
    """A list that isn't empty, within its lengths; `codes` names its own problems."""
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    wrong, empty = fault("answer.type", type="array"), fault("answer.missing")
    few, many = fault(codes["few"], least=least), fault(codes["many"], most=most)
    longest = math.inf if most is None else most

    def check(value: Any) -> Fault | None:
        if value.__class__ is not list:
            return wrong
        if not value:
            return empty
        return few if len(value) < least else many if len(value) > longest else None

    return check


def _each(element: Check) -> Check:
    def check(value: Any) -> Fault | None:
        for entry in value:
            found = element(entry)
            if found is not None:
                return found
        return None

    return check


def _unique() -> Check:
    found = fault("answer.repeated")
    return lambda value: found if len({_key(entry) for entry in value}) < len(value) else None


def formatted(fault_of: Callable[[str], str | None], **codes: str) -> Check:
    """A format of `definitions.formats`: its kind of fault becomes a code."""
    faults = {kind: fault(code) for kind, code in codes.items()}

    def check(value: Any) -> Fault | None:
        kind = fault_of(value)
        return None if kind is None else faults[kind]

    return check
