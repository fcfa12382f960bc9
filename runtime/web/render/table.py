"""A table, compiled: rows are made of its columns' pieces, once per row id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from definitions.plan.model import Question
from runtime.web.render.escape import escape
from runtime.web.render.piece import Piece, mark
from runtime.web.render.question import (
    Place,
    QuestionPieces,
    compile_cell,
    compile_question,
    parts_of,
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

    def place(self, key: str) -> Place:
        """Its place on the page, found by `key` among values and shown controls."""
        return self._whole.place(key)._replace(required=None, full=self.parts)

    def html(self, view: FormView, rows: Rows | None) -> str:
        """The table with its rows, given that it is shown."""
        return "".join(self.parts(view, rows))

    def parts(self, view: FormView, rows: Rows | None) -> list[str]:
        """The same, not joined yet."""
        head, tail = self._whole.around_rows(view)
        parts = [head]
        for number, row in enumerate(rows or (), 1):
            parts += self._row_parts(view, row, number)
        if len(parts) == 1:
            parts.append(self._no_rows)
        parts.append(tail)
        return parts

    def cell(self, control: str, view: FormView) -> str:
        """One cell by its control's name. Raises KeyError for a column that it hasn't."""
        _, row_id, column = control.split("/", 2)
        rows = view.state.values.get(self.name) or ()
        row: Mapping[str, Any] = next((row for row in rows if row["$row"] == row_id), {})
        number = rows.index(row) + 1 if row else 0
        place = self._at(row_id, number)[1][column]
        shown = column in view.state.columns.get(self.name, {}).get(row_id, ())
        return "".join(place.full(view, row.get(column))) if shown else place.hidden

    def _row_parts(self, view: FormView, row: Mapping[str, Any], number: int) -> list[str]:
        row_id = row["$row"]
        shown = view.state.columns.get(self.name, {}).get(row_id, ())
        piece, places = self._at(row_id, number)
        head, tail = piece.texts
        return [head, *parts_of(places.values(), shown, row, view), tail]

    def _compile_row(self, row_id: str, number: int) -> tuple[Piece, dict[str, Place]]:
        row = escape(row_id)
        places = {}
        for column, (cell, looks) in self._columns.items():
            name = f"{self.name}/{row_id}/{column}"
            pieces = QuestionPieces(cell, name, looks.settle(row=row), self.sources)
            places[column] = pieces.place(column)
        return self._row.settle(row=row, number=str(number)), places
