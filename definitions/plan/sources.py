"""Where a single value stands: a question, another subject's question, a cell of a picked row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from definitions.fieldtypes import Fault
from definitions.plan.run import Run, row_id

NO = "no"
_NO_CELLS: frozenset[str] = frozenset()
NOT_AN_OPTION: Fault = ("answer.not_an_option", {})


class Source(Protocol):
    """Finds a value, and marks everything as shown that has to stand on the page for it.

    What it finds is the way to the value, control by control, and the value (None: not answered).
    The last control is where the value stands or where the way ends; each is required where the
    value is: a pick doesn't turn optional once it was made.

    `question` is the question it is usually found at, `questions` are all that it may show,
    `controls` those of them whose answers decide where it looks.
    """

    question: str
    questions: frozenset[str]
    controls: frozenset[str]

    def find(self, run: Run) -> tuple[tuple[str, ...], Any]:
        """The way to the value, and the value."""


class Direct:
    """A question's own answer."""

    __slots__ = ("_way", "question", "questions")
    controls: frozenset[str] = frozenset()

    def __init__(self, question: str) -> None:
        self.question = question
        self._way = (question,)
        self.questions = frozenset((question,))

    def find(self, run: Run) -> tuple[tuple[str, ...], Any]:
        """The question and its answer."""
        run.shown.add(self.question)
        return self._way, run.answers.get(self.question)


class OfPicked:
    """A column of the row picked for a subject that is one of many."""

    __slots__ = ("_cell", "column", "control", "controls", "question", "questions", "table")

    def __init__(self, subject: str, table: str, column: str) -> None:
        self.control = f"pick.{subject}"
        self.table = table
        self.column = column
        self.question = table
        self.questions = self.controls = frozenset((self.control, table))
        self._cell = frozenset((column,))

    def find(self, run: Run) -> tuple[tuple[str, ...], Any]:
        """The cell and its value; without a row the table, without a choice the pick itself."""
        run.shown.add(self.table)
        rows = run.rows(self.table)
        if not rows:
            return (self.table,), None
        way: tuple[str, ...] = ()
        if len(rows) > 1:
            run.shown.add(self.control)
            way = (self.control,)
        for number, row in enumerate(rows, 1):
            run.show_cell(self.table, row_id(row, number), _NO_CELLS)
        found = run.picked(self.control, self.table)
        if found is None:
            return way, None
        name, row = found
        run.values[self.control] = name
        run.show_cell(self.table, name, self._cell)
        return (*way, f"{self.table}/{name}/{self.column}"), row.get(self.column)


class Either:
    """A question about a subject that may be another one: whose answer, `may_be` says."""

    __slots__ = ("control", "controls", "others", "own", "question", "questions")

    def __init__(self, own: Source, control: str, others: Mapping[str, Source]) -> None:
        self.own = own
        self.control = control
        self.others = others
        self.question = own.question
        self.questions = own.questions.union(
            (control,), *(other.questions for other in others.values())
        )
        self.controls = own.controls.union(
            (control,), *(other.controls for other in others.values())
        )

    def find(self, run: Run) -> tuple[tuple[str, ...], Any]:
        """What the source that was chosen finds; unanswered means no."""
        run.shown.add(self.control)
        choice = run.answers.get(self.control)
        if choice is None or choice == NO:
            return self.own.find(run)
        chosen = self.others.get(choice) if isinstance(choice, str) else None
        if chosen is None:
            run.faults.append((self.control, NOT_AN_OPTION))
        return (chosen or self.own).find(run)
