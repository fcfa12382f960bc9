"""What rules mean, case by case."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars import WorkCalendar
from definitions.model import Calendar
from definitions.rules import CALENDAR, TODAY, compile_rule, round_half_up

N = {"var": "nothing"}

CASES: list[tuple[Any, Any]] = [
    # null
    ({"<": [N, 50]}, None),
    ({"==": [N, None]}, None),
    ({"==": [N, N]}, None),
    ({"!=": [N, "a"]}, None),
    ({"!": [N]}, None),
    ({"+": [1, N]}, None),
    ({"in": [N, ["a"]]}, None),
    ({"cat": ["a", N]}, None),
    ({"is_answered": N}, False),
    ({"is_answered": {"var": "n"}}, True),
    ({"coalesce": [N, N, 3]}, 3),
    ({"coalesce": [{"var": "no"}, True]}, False),
    # Kleene
    ({"and": [False, N]}, False),
    ({"and": [N, False]}, False),
    ({"and": [N, True]}, None),
    ({"and": [True, True, N]}, None),
    ({"and": [True, N, False]}, False),
    ({"or": [N, True]}, True),
    ({"or": [N, False]}, None),
    ({"or": [False, N, True]}, True),
    ({"and": [1, True]}, None),
    ({"if": [N, 1, 2]}, None),
    ({"if": [False, 1, True, 2, 3]}, 2),
    ({"if": [False, 1, False, 2]}, None),
    ({"if": [False, 1, 2]}, 2),
    # types
    ({"==": [1, "1"]}, None),
    ({"==": [1, 1.0]}, True),
    ({"==": [True, 1]}, None),
    ({"!=": [{"var": "n"}, "7"]}, None),
    ({"==": ["a", {"var": "s"}]}, False),
    ({"<": ["2026-01-31", "2026-02-01"]}, True),
    ({"<": ["a", 1]}, None),
    ({">": [True, False]}, None),
    ({"in": ["海", "珠海"]}, True),
    ({"in": [1, "珠海"]}, None),
    ({"in": [1, [True, 1.0]]}, True),
    ({"in": [True, [1]]}, False),
    ({"in": [{"var": "n"}, ["7"]]}, False),
    # between
    ({"<": [1, {"var": "n"}, 9]}, True),
    ({"<": [7, {"var": "n"}, 9]}, False),
    ({"<=": [7, {"var": "n"}, 7]}, True),
    ({"<=": [N, {"var": "n"}, 7]}, None),
    # numbers
    ({"+": [0.1, 0.2]}, 0.3),
    ({"==": [{"+": [0.1, 0.2]}, 0.3]}, True),
    ({"-": 5}, -5),
    ({"-": [0.3, 0.1]}, 0.2),
    ({"*": [{"var": "n"}, 2, 3]}, 42),
    ({"/": [7, 2]}, 3.5),
    ({"/": [6, 2]}, 3),
    ({"/": [1, 0]}, None),
    ({"%": [7, 0]}, None),
    ({"%": [-7, 3]}, -1),
    ({"%": [7.5, 2]}, 1.5),
    ({"min": [3, 1, 2]}, 1),
    ({"max": ["2026-01-01", "2026-03-01"]}, "2026-03-01"),
    ({"max": [1, "2"]}, None),
    ({"round": [2.5]}, 3),
    ({"round": [-2.5]}, -3),
    ({"round": [1.005, 2]}, 1.01),
    ({"round": [12345, -2]}, 12300),
    ({"floor": -1.5}, -2),
    ({"ceil": -1.5}, -1),
    ({"abs": -3}, 3),
    ({"*": [10**17, 100]}, None),
    ({"round": [10.0**18, 9]}, 1e18),
    ({"round": [-1e25]}, None),
    ({"floor": 1e300}, None),
    ({"ceil": {"var": "endless"}}, None),
    # text
    ({"cat": ["No. ", 8, "-", 1.5, 2.0]}, "No. 8-1.52"),
    ({"substr": ["珠海市香洲区", 3]}, "香洲区"),
    ({"substr": ["珠海市香洲区", -3, 2]}, "香洲"),
    ({"substr": ["珠海市香洲区", 0, -3]}, "珠海市"),
    ({"length": "珠海"}, 2),
    ({"length": [[1, 2, 3]]}, 3),
    # tables
    ({"map": [{"var": "t"}, {"var": "n"}]}, [1, 2, None]),
    ({"map": [{"var": "t"}, {"var": "row_number"}]}, [1, 2, 3]),
    ({"filter": [{"var": "t"}, {">": [{"var": "n"}, 1]}]}, [{"n": 2}]),
    ({"all": [{"var": "t"}, {">": [{"var": "n"}, 0]}]}, None),
    ({"all": [{"var": "t"}, {">": [{"var": "n"}, 1]}]}, False),
    ({"some": [{"var": "t"}, {">": [{"var": "n"}, 1]}]}, True),
    ({"some": [{"var": "t"}, {">": [{"var": "n"}, 5]}]}, None),
    ({"none": [{"var": "t"}, {">": [{"var": "n"}, 1]}]}, False),
    ({"all": [[], True]}, False),
    ({"some": [[], True]}, False),
    ({"none": [[], True]}, True),
    ({"count": [{"var": "t"}]}, 3),
    ({"count": [{"var": "t"}, {"is_answered": {"var": "n"}}]}, 2),
    ({"sum": [{"var": "t"}, {"var": "n"}]}, None),
    ({"sum": [{"var": "t"}, {"coalesce": [{"var": "n"}, 0]}]}, 3),
    ({"sum": [{"map": [{"var": "t"}, 0.1]}]}, 0.3),
    ({"some": [["a", "b"], {"==": [{"var": ""}, "b"]}]}, True),
    ({"some": [{"var": "t"}, {"==": [{"var": "n"}, {"var": "form.two"}]}]}, True),
    (
        {"some": [{"var": "t"}, {"some": [{"var": "form.t"}, {"==": [{"var": "n"}, 2]}]}]},
        True,
    ),
    ({"all": [N, True]}, None),
    ({"all": [{"var": "s"}, True]}, None),
    # dates
    ({"date_add": ["2024-02-29", 1, "years"]}, "2025-02-28"),
    ({"date_add": ["2026-01-31", -2, "months"]}, "2025-11-30"),
    ({"date_add": ["9999-12-31", 1, "days"]}, None),
    ({"date_add": ["2026-02-30", 1, "days"]}, None),
    ({"days_between": ["2024-02-28", "2024-03-01"]}, 2),
    ({"age_on": ["2008-02-29", "2026-02-28"]}, 17),
    ({"age_on": ["2008-02-29", "2026-03-01"]}, 18),
    ({"age_on": [{"var": "s"}, "2026-03-01"]}, None),
    ({"year_of": {"today": []}}, 2026),
    ({"add_working_days": ["2026-11-20", 1]}, "2026-11-23"),
    ({"working_days_between": ["2026-11-20", "2026-11-27"]}, 5),
    ({"working_days_between": ["2026-11-27", "2026-11-20"]}, -5),
]

VIEW = {
    "n": 7,
    "two": 2,
    "s": "text",
    "no": False,
    "endless": float("inf"),
    "t": [{"n": 1}, {"n": 2}, {}],
    TODAY: "2026-11-23",
    CALENDAR: WorkCalendar(()),
}


@pytest.mark.parametrize(("rule", "expected"), CASES, ids=lambda part: str(part)[:60])
def test_a_rule_means(rule: Any, expected: Any) -> None:
    value = compile_rule(rule).fn(VIEW)
    assert value == expected
    assert isinstance(value, bool) == isinstance(expected, bool)


def test_constants_are_worked_out_once() -> None:
    rule = compile_rule({"and": [True, {"==": [{"+": [1, 1]}, 2]}]})
    assert rule.reads == frozenset()
    assert rule.cost == 1
    assert rule.fn({}) is True


def test_reads_names_as_wholes_and_skips_columns() -> None:
    rule = {
        "some": [{"var": "food.rows"}, {"<": [{"var": "share"}, {"var": "form.situation.most"}]}]
    }
    assert compile_rule(rule).reads == {"food.rows", "situation.most"}


def test_a_row_rule_reads_its_columns_and_the_form_by_name() -> None:
    rule = {"and": [{"var": "form.open"}, {"some": [{"var": "form.t"}, {"var": "form.open"}]}]}
    compiled = compile_rule(rule, row=True)
    assert compiled.reads == {"form.open", "form.t"}
    assert compiled.fn({"form.open": True, "form.t": [{}]}) is True


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [(2.675, 2, 2.68), (1.005, 2, 1.01), (0.5, 0, 1), (-0.5, 0, -1), (7, 2, 7), (149, -2, 100)],
)
def test_halves_are_rounded_up_by_their_decimal_digits(
    value: float, decimals: int, rounded: float
) -> None:
    assert round_half_up(value, decimals) == rounded


@given(
    value=st.floats(-1e12, 1e12)
    | st.integers(-(10**9), 10**9).map(lambda units: units / 1000)  # many halves among them
    | st.integers(-(10**9), 10**9).map(lambda units: units / 100_000),
    decimals=st.integers(0, 5),
)
def test_rounding_is_what_decimal_arithmetic_gives(value: float, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(value)).quantize(step, ROUND_HALF_UP)
    assert round_half_up(value, decimals) == float(exact)


def test_a_calendar_moves_working_days() -> None:
    year = Calendar("c", {"zh-CN": "2026"}, 2026, "announced", {"2026-11-23": "x"}, {})
    view = {CALENDAR: WorkCalendar([year])}
    assert compile_rule({"add_working_days": ["2026-11-20", 1]}).fn(view) == "2026-11-24"
    assert compile_rule({"add_working_days": ["2026-11-20", 1]}).fn({}) is None
