"""Tables of one many-subject become one table with all their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from definitions.combine.identity import NEVER_MERGED, Binder, calculated
from definitions.model import Field

Column = tuple[str, ...]
"""What a column is: ("element", element, other subjects…) or ("own", use, table, column)."""


@dataclass(slots=True)
class Table:
    """The one table about a many-subject: which columns of which items each column answers."""

    subject: str
    tables: list[tuple[str, Field]] = field(default_factory=list)
    columns: dict[Column, list[tuple[str, str, Field]]] = field(default_factory=dict)

    def ids(self) -> dict[Column, str]:
        """The id of each column: its element, or the use and name of the only one that has it.

        Where one element occurs about several combinations of subjects, the others are named too.
        """
        seen = Counter(column[1] for column in self.columns if column[0] == "element")
        return {column: _id(column, seen) for column in self.columns}

    def column(self, element: str, others: tuple[str, ...]) -> str | None:
        """The id of the column that says this about a row; None when no item asks for it."""
        return self.ids().get(("element", element, *others))


def _id(column: Column, seen: Mapping[str, int]) -> str:
    kind, first, *rest = column
    if kind == "own":
        return f"{first}.{rest[1]}"
    if rest and seen[first] > 1:
        return f"{'+'.join(rest)}.{first}"
    return first


def gather(binder: Binder) -> dict[str, Table]:
    """Every table about a many-subject of the service, by subject."""
    tables: dict[str, Table] = {}
    for use, item in binder.items.items():
        for name, form_field in item.form.fields.items():
            subject = rows_subject(binder, use, form_field)
            if subject is not None and name not in binder.service.uses[use].fixed:
                table = tables.setdefault(subject, Table(subject))
                table.tables.append((use, form_field))
                _add(binder, table, use, form_field)
    return tables


def rows_subject(binder: Binder, use: str, form_field: Field) -> str | None:
    """The service's many-subject whose rows a table asks for; None if it is bound to a single."""
    many = binder.many_of(use, form_field)
    subject = binder.bound(use, many) if many else None
    if subject is None or not binder.subject(subject).many:
        return None
    return subject


def column_of(binder: Binder, subject: str, use: str, form_field: Field, name: str) -> Column:
    """What a column of an item's table is, in the one table about `subject`."""
    column = form_field.columns[name]
    key = None
    if name not in calculated(form_field.rules) and column.type not in NEVER_MERGED:
        key = binder.key(use, column, form_field.about)
    if key is None:
        return ("own", use, form_field.id, name)
    others = tuple(other for other in key.subjects if other != subject)
    return ("element", key.element, *others)


def _add(binder: Binder, table: Table, use: str, form_field: Field) -> None:
    for name, column in form_field.columns.items():
        identity = column_of(binder, table.subject, use, form_field, name)
        table.columns.setdefault(identity, []).append((use, f"{form_field.id}.{name}", column))
