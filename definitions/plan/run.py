"""One evaluation under way: what nodes read, and where they leave what they found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.fieldtypes.contract import Fault

View = dict[str, Any]
"""An item's own names to values; null and hidden are absent. `$…` names are the rules' context."""

MISSING: Fault = ("answer.missing", {})
Row = Mapping[str, Any]


class Run:
    """The state that nodes write. Names are controls, as in `runtime.engine.form.FormState`."""

    __slots__ = (
        "active",
        "answers",
        "cells",
        "context",
        "faults",
        "later",
        "pending",
        "required",
        "shown",
        "values",
        "views",
        "worked_out",
    )

    def __init__(self, answers: Mapping[str, Any], context: View) -> None:
        self.answers = answers
        self.context = context
        self.active: frozenset[str] = frozenset()
        self.shown: set[str] = set()
        self.required: set[str] = set()
        self.later: set[str] = set()
        self.values: dict[str, Any] = {}
        self.worked_out: dict[str, Any] = {}
        self.cells: dict[str, dict[str, frozenset[str]]] = {}
        self.faults: list[tuple[str, Fault]] = []
        self.pending: list[tuple[Any, View, tuple[str, ...], bool]] = []
        self.views: dict[str, View] = {}

    def missing(self, control: str) -> None:
        """A required answer is not there."""
        self.faults.append((control, MISSING))

    def show_cell(self, table: str, row: str, columns: frozenset[str]) -> None:
        """These columns stand in this row, too."""
        rows = self.cells.setdefault(table, {})
        there = rows.get(row)
        rows[row] = columns if there is None else there | columns

    def rows(self, table: str) -> list[Row]:
        """The rows of a table as answered; what isn't a row is left out."""
        rows = self.answers.get(table)
        if rows.__class__ is not list:
            return []
        # rows as JSON has them are plain dicts, which is quicker to tell
        return [row for row in rows if row.__class__ is dict or isinstance(row, Mapping)]

    def picked(self, control: str, table: str) -> tuple[str, Row] | None:
        """Id and content of the row that was picked; the only row is picked by itself."""
        rows = self.rows(table)
        if len(rows) == 1:
            return row_id(rows[0], 1), rows[0]
        wanted = self.answers.get(control)
        for number, row in enumerate(rows, 1):
            if row_id(row, number) == wanted:
                return wanted, row
        return None

    def settle(self) -> None:
        """Decide what rules require, now that every value of the view is known."""
        for require, view, way, empty in self.pending:
            if require(view):
                self.required.update(way)
                if empty:
                    self.missing(way[-1])
        self.pending.clear()


def row_id(row: Row, number: int) -> str:
    """The id of a row; its number where nobody gave it one."""
    given = row.get("$row")
    return given if isinstance(given, str) else f"r{number}"
