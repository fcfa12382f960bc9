"""Picking one of many: the rows of a table are the choices of another question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from definitions.fieldtypes.contract import LANGUAGES
from definitions.model import Text
from definitions.plan import Plan, Question

NAME = "party.name"
"""The column that says who or what a row is about, where a table has it."""


def with_rows(question: Question, values: Mapping[str, Any]) -> Question:
    """A `pick` with the rows that there are now as its options; any other question as it is."""
    if question.role != "pick":
        return question
    return replace(question, field=replace(question.field, options=rows_to_pick(question, values)))


def rows_to_pick(question: Question, values: Mapping[str, Any]) -> dict[str, Text]:
    """What there is to choose from for a `pick`: by row id, what the row is called."""
    rows = values.get(question.table) or ()
    return {row["$row"]: _named(row, number) for number, row in enumerate(rows, 1)}


def picks_among(plan: Plan, tables: Collection[str]) -> Iterator[str]:
    """The questions whose choices are rows of these tables."""
    return (one.id for one in plan.questions.values() if one.role == "pick" and one.table in tables)


def row_name(row: Mapping[str, Any], number: int, lang: str) -> str:
    """What a row is called: its name, or its number until it has one."""
    return row.get(NAME) or (f"Row {number}" if lang == "en" else f"第 {number} 行")


def _named(row: Mapping[str, Any], number: int) -> Text:
    return {lang: row_name(row, number, lang) for lang in LANGUAGES}
