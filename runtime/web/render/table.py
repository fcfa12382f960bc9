"""A table, compiled: rows are made of its columns' pieces, once per row id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from definitions.plan.model import Question
from runtime.web.render.escape import escape
from runtime.web.render.piece import mark
from runtime.web.render.question import (
    Place,
    QuestionPieces,
    add_parts,
    compile_cell,
    compile_question,
)
from runtime.web.render.shape import Shape
from runtime.web.render.sources import Sources
from runtime.web.render.templates import compile_piece, render
from runtime.web.render.view import FormView
from runtime.web.texts import say

Rows = Sequence[Mapping[str, Any]]
ROWS_KEPT = 32
"""Rows whose pieces are kept per table; names of rows are few, since they count from one."""


class TablePieces:
    """A table as `QuestionPieces` is a question."""

    def __init__(self, question: Question, sources: Sources) -> None:
        self.name, self.question, self.sources = question.id, question, sources
        self._whole = compile_question(question, sources)
        self.hidden = self._whole.hidden
        self._columns = {
            column: (cell, compile_cell(cell, question.id, column, sources))
            for column, cell in question.columns.items()
        }
        title = say(question.title, sources.lang)
        shape = Shape(name=f"{question.id}/{mark('row')}", title=title)
        self._row = compile_piece("fields/_row.html", sources.lang, ("number", "cells"), q=shape)
        self._no_rows = render("fields/_no_rows.html", sources.lang)
        self._at = lru_cache(maxsize=ROWS_KEPT)(self._compile_row)
        self._cell = lru_cache(maxsize=ROWS_KEPT * len(self._columns))(self._compile_cell)

    def place(self, key: str) -> Place:
        """Its place on the page, found by `key` among values and shown controls."""
        return key, self.name, self.hidden, self.parts, self.parts

    def html(self, view: FormView, rows: Rows | None) -> str:
        """The table with its rows, given that it is shown."""
        return "".join(self.parts(view, rows))

    def parts(self, view: FormView, rows: Rows | None) -> list[str]:
        """The same, not joined yet."""
        head, tail = self._whole.around_rows(view)
        parts = [head]
        columns = view.state.columns.get(self.name, {})
        for number, row in enumerate(rows or (), 1):
            row_id = row["$row"]
            before, places, behind = self._at(row_id, number)
            parts.append(before)
            add_parts(parts, places, columns.get(row_id, ()), row, view)
            parts.append(behind)
        if not rows:
            parts.append(self._no_rows)
        parts.append(tail)
        return parts

    def cell(self, control: str, view: FormView) -> str:
        """One cell by its control's name. Raises KeyError for a column that it hasn't."""
        _, row_id, column = control.split("/", 2)
        rows = view.state.values.get(self.name) or ()
        row: Mapping[str, Any] = next((row for row in rows if row["$row"] == row_id), {})
        pieces = self._cell(row_id, column)
        shown = column in view.state.columns.get(self.name, {}).get(row_id, ())
        return pieces.html(view, row.get(column)) if shown else pieces.hidden

    def _compile_row(self, row_id: str, number: int) -> tuple[str, tuple[Place, ...], str]:
        before, behind = self._row.settle(row=escape(row_id), number=str(number)).texts
        places = [self._cell(row_id, column).place(column) for column in self._columns]
        return before, tuple(places), behind

    def _compile_cell(self, row_id: str, column: str) -> QuestionPieces:
        """The pieces of a cell. Raises KeyError for a column that the table hasn't."""
        cell, looks = self._columns[column]
        name = f"{self.name}/{row_id}/{column}"
        return QuestionPieces(cell, name, looks.settle(row=escape(row_id)), self.sources)
