"""Tables, compiled: rows of a shared table, and the one row of a table about many bound to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.fieldtypes.contract import Check, Fault
from definitions.plan.nodes import Condition, Name, Node, rounded, steps, take
from definitions.plan.run import Row, Run, View, row_id

_NOTHING: frozenset[Any] = frozenset()
_REPEATED: Fault = ("answer.row_repeated", {})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an item's table: own name, and the name it has in the shared table.

    With `value` it is calculated, and takes no answer.
    """

    name: str
    id: str
    required: bool
    check: Check
    show: Condition | None = None
    require: Condition | None = None
    value: Callable[[View], Any] | None = None
    decimals: int | None = None

    @property
    def plain(self) -> bool:
        """Whether it is the same in every row, whatever stands there."""
        return self.show is None and self.require is None and self.value is None


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A rule of a row that refuses it."""

    when: Condition
    fault: Fault


@dataclass(frozen=True, slots=True)
class Shape:
    """What holds for a table as a whole.

    `unique` are own column names that tell rows apart; `outer` names of the form that row rules
    read.
    """

    required: bool
    check: Check
    unique: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()


class Table:
    """A table of rows. Each item judges the rows it knows, over its own columns."""

    __slots__ = (
        "_by_row",
        "_cells",
        "_columns",
        "_plain",
        "_refusals",
        "_ruled",
        "_shape",
        "answers",
        "controls",
        "name",
        "question",
        "questions",
        "reads",
        "require",
        "show",
        "waits_for",
    )

    def __init__(
        self,
        name: str,
        question: str,
        columns: Sequence[Column],
        shape: Shape,
        refusals: Sequence[RowRefusal],
        show: Condition | None,
        require: Condition | None,
        reads: frozenset[Name],
    ) -> None:
        self.name = name
        self.question = question
        self.show = show
        self.require = require
        self.reads = reads
        self.questions = frozenset((question,))
        self.answers = self.questions
        self.controls: frozenset[str] = _NOTHING
        self.waits_for: frozenset[str] = _NOTHING
        self._plain = tuple((c.name, c.id, c.required, c.check) for c in columns if c.plain)
        self._ruled = tuple(column for column in columns if not column.plain)
        self._refusals = tuple(refusals)
        self._shape = shape
        self._columns = tuple(column.name for column in columns)
        self._cells = frozenset(column.id for column in columns if column.plain)
        self._by_row = bool(self._ruled or self._refusals)

    def run(self, run: Run, view: View) -> None:
        """Show the table, judge its rows, add them to the view under the item's own names."""
        run.shown.add(self.question)
        answer = run.answers.get(self.question)
        rows = run.rows(self.question)
        if self._shape.required:
            run.required.add(self.question)
            if not answer:
                run.missing(self.question)
        elif self.require is not None:
            run.pending.append((self.require, view, (self.question,), not answer))
        if not answer:
            return
        fault = self._shape.check(answer)
        if fault is not None:
            run.faults.append((self.question, fault))
        own = [self._row(run, view, row, number) for number, row in enumerate(rows, 1)]
        view[self.name] = own
        if self._shape.unique and len(own) > 1:
            self._judge_unique(run, rows, own)

    def _row(self, run: Run, view: View, row: Row, number: int) -> View:
        name = row_id(row, number)
        run.show_cell(self.question, name, self._cells)
        prefix = f"{self.question}/{name}/"
        own: View = {}
        for column, column_id, required, check in self._plain:
            value = row.get(column_id)
            if required:
                run.required.add(prefix + column_id)
            if value is None:
                if required:
                    run.missing(prefix + column_id)
                continue
            own[column] = value
            fault = check(value)
            if fault is not None:
                run.faults.append((prefix + column_id, fault))
        if self._by_row:
            return self._ruled_row(run, view, own, row, number, name)
        return own

    def _ruled_row(self, run: Run, view: View, own: View, row: Row, number: int, name: str) -> View:
        """The same for columns with rules, which read the row, its number and the form."""
        scope = {**run.context, **outer(view, self._shape.outer), "row_number": number, **own}
        prefix = f"{self.question}/{name}/"
        for column in self._ruled:
            if column.show is None or column.show(scope):
                run.show_cell(self.question, name, frozenset((column.id,)))
                _judge_cell(run, scope, column, prefix + column.id, row)
        for refusal in self._refusals:
            if refusal.when(scope):
                run.faults.append((f"{self.question}/{name}", refusal.fault))
        return {column: scope[column] for column in self._columns if column in scope}

    def _judge_unique(self, run: Run, rows: list[Row], own: list[View]) -> None:
        """Rows that say the same under the item's own names; null is like nothing."""
        seen: set[str] = set()
        for number, (row, mine) in enumerate(zip(rows, own, strict=True), 1):
            values = [mine.get(column) for column in self._shape.unique]
            key = repr(values)
            if key in seen and None not in values:
                run.faults.append((f"{self.question}/{row_id(row, number)}", _REPEATED))
            seen.add(key)


def _judge_cell(run: Run, scope: View, column: Column, control: str, row: Row) -> None:
    if column.value is not None:
        value = rounded(column.value(scope), column.decimals)
        if value is not None:
            run.worked_out[control] = value
    else:
        value = row.get(column.id)
        if column.required:
            run.required.add(control)
        if column.require is not None:
            run.pending.append((column.require, scope, (control,), value is None))
        if value is None and column.required:
            run.missing(control)
    if value is None:
        return
    scope[column.name] = value
    fault = column.check(value)
    if fault is not None:
        run.faults.append((control, fault))


class OneRow:
    """A table about many, bound to one: exactly one row, of single questions about that one."""

    __slots__ = (
        "_columns",
        "_outer",
        "_refusals",
        "_steps",
        "answers",
        "controls",
        "name",
        "questions",
        "reads",
        "show",
        "waits_for",
    )

    def __init__(
        self,
        name: str,
        nodes: Sequence[Node],
        refusals: Sequence[tuple[str, RowRefusal]],
        outer_names: tuple[str, ...],
        show: Condition | None,
        reads: frozenset[Name],
    ) -> None:
        self.name = name
        self.show = show
        self.reads = reads
        self.questions: frozenset[str] = _NOTHING.union(*(node.questions for node in nodes))
        self.answers: frozenset[str] = _NOTHING.union(*(node.answers for node in nodes))
        self.controls = self.questions  # the row's rules may read any of them
        self.waits_for: frozenset[str] = _NOTHING.union(*(node.waits_for for node in nodes))
        self._steps = steps(nodes)
        self._refusals = tuple(refusals)
        self._outer = outer_names
        self._columns = tuple(node.name for node in nodes)

    def run(self, run: Run, view: View) -> None:
        """Run the row's nodes over a view of their own; the row is there while the table is."""
        row = {**run.context, **outer(view, self._outer), "row_number": 1}
        take(self._steps, run, row)
        for control, refusal in self._refusals:
            if refusal.when(row):
                run.faults.append((control, refusal.fault))
        view[self.name] = [{column: row[column] for column in self._columns if column in row}]


def outer(view: View, names: tuple[str, ...]) -> View:
    """The names of the form that a row's rules read, as `form.<name>`."""
    return {f"form.{name}": view[name] for name in names if name in view}
