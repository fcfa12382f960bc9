"""Every place where an item asks for a value, and what decides which places are one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from definitions.combine.identity import NEVER_MERGED, SITUATION, Binder, Key, calculated
from definitions.combine.tables import Table, rows_subject
from definitions.model import Field

Slot = tuple[str, ...]
"""What merges: ("element", element, subjects…), or ("own", use, path) for a field by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """A single value that an item reads. `path` is its field, or `table.column` in a one-row table.

    `required` also counts the table: its columns can't be required before it is.
    """

    use: str
    path: str
    field: Field
    key: Key | None
    calculated: bool = False

    @property
    def slot(self) -> Slot:
        """Equal slots are one question."""
        if self.key is None:
            return ("own", self.use, self.path)
        return ("element", self.key.element, *self.key.subjects)


def places(binder: Binder) -> Iterator[Place]:
    """Every single value, the situation's first; tables of rows and fixed fields left out."""
    for name, question in binder.service.situation.fields.items():
        yield Place(SITUATION, name, question, binder.key(SITUATION, question))
    for use, item in binder.items.items():
        worked_out = calculated(item.form.rules)
        for name, form_field in item.form.fields.items():
            if name in binder.service.uses[use].fixed:
                continue
            if binder.many_of(use, form_field) and rows_subject(binder, use, form_field) is None:
                yield from _row(binder, use, form_field)
            elif form_field.type != "table":
                yield _place(binder, use, name, form_field, (), name in worked_out)


def _row(binder: Binder, use: str, table: Field) -> Iterator[Place]:
    """The columns of a table about many that is bound to one."""
    worked_out = calculated(table.rules)
    for name, column in table.columns.items():
        path = f"{table.id}.{name}"
        yield _place(binder, use, path, column, table.about, name in worked_out)


def _place(
    binder: Binder, use: str, path: str, form_field: Field, about: tuple[str, ...], set_: bool
) -> Place:
    set_ = set_ or form_field.type == "computed"
    key = None if set_ else binder.key(use, form_field, about)
    return Place(use, path, form_field, key, set_)


def picked(binder: Binder, key: Key, tables: Mapping[str, Table]) -> tuple[str, str, str] | None:
    """Subject, table and column to read when a key is about one of many whom a table asks it of."""
    for name in key.subjects:
        many = binder.subject(name).one_of
        if many is not None and many in tables:
            others = tuple(other for other in key.subjects if other not in (name, many))
            column = tables[many].column(key.element, others)
            if column is not None:
                return name, many, column
    return None


def mergeable(place: Place) -> bool:
    """Whether a place can be one question with another at all."""
    return not place.calculated and place.field.type not in NEVER_MERGED
