"""Generated rules and views, well typed and not, for tests of laws."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from definitions.rules import OPERATORS, TODAY
from definitions.rules.types import (
    BOOLEAN,
    DATE,
    DATE_RANGE,
    INTEGER,
    NUMBER,
    TEXT,
    Type,
    choice,
    choices,
    table,
)

TYPES: dict[str, Type] = {
    "a": BOOLEAN,
    "b": BOOLEAN,
    "n": INTEGER,
    "m": INTEGER,
    "x": NUMBER,
    "s": TEXT,
    "k": choice("red", "green"),
    "ks": choices("red", "green"),
    "d": DATE,
    "e": DATE,
    "r": DATE_RANGE,
    "t": table({"n": INTEGER, "x": NUMBER, "a": BOOLEAN, "k": choice("red", "green")}),
}

_flags = st.booleans()
_whole = st.integers(-50, 50)
_quarters = st.integers(-200, 200).map(lambda quarters: quarters / 4)
_words = st.sampled_from(["", "red", "green", "珠海", "2026-01-31", "x1"])
_codes = st.sampled_from(["red", "green"])
_days = st.dates().map(lambda day: day.isoformat()) | st.sampled_from(
    ["2026-02-28", "2024-02-29", "2026-12-31"]
)
_rows = st.lists(
    st.fixed_dictionaries({}, optional={"n": _whole, "x": _quarters, "a": _flags, "k": _codes}),
    max_size=4,
)

VIEWS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {TODAY: st.just("2026-11-23")},
    optional={
        "a": _flags,
        "b": _flags,
        "n": _whole,
        "m": _whole,
        "x": _quarters,
        "s": _words,
        "k": _codes,
        "ks": st.lists(_codes, unique=True),
        "d": _days,
        "e": _days,
        "r": st.fixed_dictionaries({"start": _days, "end": _days}),
        "t": _rows,
    },
)

_NAMES = [*TYPES, "", "row_number", "accumulator", "current", "current.n", "form.n", "form.a"]
_LEAVES = (
    st.sampled_from(_NAMES).map(lambda name: {"var": name})
    | st.none()
    | _flags
    | _whole
    | _quarters
    | _words
    | st.lists(_codes, max_size=2)
)
_PLAIN = sorted(set(OPERATORS) - {"var", "today", "add_working_days", "working_days_between"})


def _called(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def call(name: str) -> st.SearchStrategy[Any]:
        operator = OPERATORS[name]
        most = operator.least + 2 if operator.most is None else operator.most
        arguments = st.lists(parts, min_size=operator.least, max_size=most)
        return arguments.map(lambda given: {name: given})

    return st.sampled_from(_PLAIN).flatmap(call)


UNTYPED = st.recursive(_LEAVES, _called, max_leaves=12)
"""Any operator with any arguments."""


def _var(*names: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"var": name})


def _op(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*arguments).map(lambda given: {name: list(given)})


def _any_op(names: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(names.split()).flatmap(lambda name: _op(name, *arguments))


def typed(depth: int, row: bool = False) -> dict[str, st.SearchStrategy[Any]]:
    """Rules that a checker has nothing against, by the type they give."""
    number = _whole | _quarters | _var("n", "x")
    truth = _flags | _var("a")
    text, day = _words | _var("k" if row else "s"), _days | _var("form.d" if row else "d")
    if depth == 0:
        return {"number": number, "truth": truth, "text": text, "day": day}
    inner = typed(depth - 1, row)
    n, t, d = inner["number"], inner["truth"], inner["day"]
    table_name = _var("form.t" if row else "t")
    body = typed(depth - 1, row=True)
    number |= (
        _any_op("+ - * / min max coalesce", n, n)
        | _any_op("round floor ceil abs -", n)
        | _op("if", t, n, n)
        | _op("days_between", d, d)
        | _op("age_on", d, d)
        | _op("year_of", d)
        | _op("count", table_name, body["truth"])
        | _op("sum", table_name, body["number"])
    )
    truth |= (
        _any_op("== != < <= > >=", n, n)
        | _any_op("< <=", n, n, n)
        | _any_op("== < >=", d, d)
        | _any_op("and or", t, t)
        | _any_op("and or", t, t, t)
        | _op("!", t)
        | _op("is_answered", inner["text"])
        | _op("==", _var("k"), _codes)
        | _op("in", _var("k"), st.just(["red", "green"]))
        | _any_op("all some none", table_name, body["truth"])
    )
    text |= _op("cat", inner["text"], n) | _op("if", t, inner["text"], inner["text"])
    day |= _op("date_add", d, _whole, st.sampled_from(["days", "months", "years"]))
    day |= _op("coalesce", d, st.just({"today": []}))
    return {"number": number, "truth": truth, "text": text, "day": day}


TYPED = typed(3)
