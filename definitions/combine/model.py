"""What combining gives: the questions of the one form, and how each item reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from definitions.model import Field, Item, Library, Schema, Service, Text
from definitions.problems import Problem

Role = Literal["form", "situation", "pick", "may_be"]
Told = Literal["license", "data"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the one form. `field` is how it looks; `fields` are those that it answers.

    A calculated question is shown and takes no answer, and so is a `fixed` one. `table` names the
    table whose rows a `pick` chooses from.
    """

    id: str
    field: Field
    subjects: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    columns: Mapping[str, Question] = dataclasses.field(default_factory=dict)
    role: Role = "form"
    calculated: bool = False
    fixed: bool = False
    table: str = ""

    @property
    def type(self) -> str:
        """The id of its field type."""
        return self.field.type

    @property
    def title(self) -> Text:
        """What it asks."""
        return self.field.title

    @property
    def description(self) -> Text | None:
        """Help under the title."""
        return self.field.description

    @property
    def schema(self) -> Schema:
        """What every item that may show it accepts: the intersection, for display."""
        return self.field.schema

    @property
    def element(self) -> str | None:
        """The entry of the data dictionary that it means, if any."""
        return self.field.element

    @property
    def unit(self) -> str | None:
        """The unit of the number."""
        return self.field.unit

    @property
    def decimals(self) -> int | None:
        """How many decimals the number is kept with."""
        return self.field.decimals

    @property
    def options(self) -> Mapping[str, Text]:
        """The choices by code."""
        return self.field.options

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of its field type."""
        return self.field.settings

    @property
    def sensitivity(self) -> str:
        """How guarded the value is: public, personal or sensitive."""
        return self.field.sensitivity

    @property
    def editable(self) -> bool:
        """Whether a person may change a value that an authority vouches for."""
        return self.field.editable

    @property
    def takes_answer(self) -> bool:
        """Whether a person (or a source) answers it at all."""
        return not (self.calculated or self.fixed or self.type in ("note", "computed"))


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A heading of the one form and the questions under it."""

    id: str
    title: Text
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """A field that an earlier item's result will answer: whose result, and which datum of it."""

    field: str
    use: str
    source: Told
    result_field: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that reads a question's answer."""

    question: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A field that reads a column of the row that the person picked for a `one_of` subject."""

    subject: str
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that reads a table: the question's column by own column name."""

    table: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OneRow:
    """A table about many that is bound to one: its only row, read from single questions."""

    columns: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A field that the service answers."""

    question: str
    value: Any


@dataclass(frozen=True, slots=True)
class Calculated:
    """A field that the item works out."""

    question: str


Reading = Asked | Picked | Rows | OneRow | Fixed | Calculated
"""How a field gets its value."""

Why = Literal["element", "same", "situation", "table"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Fields of several items that became one question (or column), and why."""

    question: str
    fields: tuple[tuple[str, str], ...]
    why: Why
    element: str | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Combination:
    """Many items as one form.

    `readings` say by use and field how a value is read (columns of a one-row table as
    `table.column`); `situation` gives the question of each situation name; `aliases` say by
    question where else it is answered once `may_be.<subject>` names another subject.
    """

    library: Library
    service: Service
    items: Mapping[str, Item]
    questions: Mapping[str, Question]
    sections: tuple[PlanSection, ...]
    readings: Mapping[str, Mapping[str, Reading]]
    situation: Mapping[str, str]
    aliases: Mapping[str, Alias]
    later: Mapping[str, Mapping[str, tuple[Later, ...]]]
    merges: tuple[Merge, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A question about a subject that may be another one: where the others' answers are."""

    control: str
    others: Mapping[str, Asked | Picked]
