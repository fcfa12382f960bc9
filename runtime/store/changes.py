"""A change to a draft, and how it joins what somebody else has changed meanwhile. Pure.

Places are question ids, `table/row` or `table/row/column`, so that two tabs that change different
questions, or different cells, both get their way. `touched` remembers at which version a place was
last changed: a change that was made looking at an older version is in dispute there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model import License, Provenance

REMEMBERED = 200
"""Places that `touched` keeps; what is older counts as touched at its `floor`."""

JOINED = ("answers", "papers", "confirmations", "picks", "typed")


@dataclass(frozen=True, slots=True)
class Change:
    """What to set, by place; None removes. `sources` are replaced as a whole.

    `licenses` are all that there are from now on; those that others brought meanwhile stay.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Provenance | None] = field(default_factory=dict)
    papers: Mapping[str, Any] = field(default_factory=dict)
    confirmations: Mapping[str, Any] = field(default_factory=dict)
    picks: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    licenses: tuple[License, ...] | None = None
    sources: Mapping[str, Any] | None = None

    def places(self) -> Iterable[tuple[str, str, Any]]:
        """Part, place and value of everything that two people could dispute."""
        for part in JOINED:
            for where, value in getattr(self, part).items():
                yield part, where, value


def disputed(parts: Mapping[str, Any], change: Change, base: int, touched: Any) -> list[str]:
    """The places that were changed since `base` to something else than the change says."""
    floor, seen = touched.get("floor", 0), touched.get("at", {})
    recent = [place for place, version in seen.items() if version > base]
    return [
        where
        for part, where, value in change.places()
        if (base < floor or any(_overlap(place, f"{part}:{where}") for place in recent))
        and value_at(parts[part], where) != value
    ]


def join(parts: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The parts that the change alters, altered; nothing of `parts` itself is touched.

    A part that comes out as it was isn't among them: it need not be written again.
    """
    joined: dict[str, Any] = {}
    for part, where, value in change.places():
        held = joined.get(part, parts[part])
        if value_at(held, where) != value:
            joined[part] = with_value(held, where, value)
    known = parts["provenance"] if change.provenance else {}
    if any(value or where in known for where, value in change.provenance.items()):
        merged = {**known, **change.provenance}
        joined["provenance"] = {where: value for where, value in merged.items() if value}
    if change.licenses is not None:
        joined["licenses"] = change.licenses
    if change.sources is not None:
        joined["sources"] = change.sources
    return joined


def identity(license_: License) -> tuple[str, ...]:
    """What tells one license from others: source, type, number and holder.

    The number is not enough: people who own something together share it.
    """
    return license_.source, license_.type, license_.number, license_.holder


def join_licenses(
    before: Iterable[License], mine: Iterable[License], theirs: Iterable[License]
) -> tuple[License, ...]:
    """My licenses with what others have done to those of `before`: brought, renewed, taken away."""
    kept = {identity(one): one for one in theirs}
    joined = {identity(one): one for one in mine}
    for one in before:
        name = identity(one)
        if joined.get(name) == one:  # nothing that I did: theirs is newer, or gone
            del joined[name]
        elif name not in joined and kept.get(name) == one:
            del kept[name]
    return tuple((kept | joined).values())


def touch(touched: Any, change: Change, version: int) -> dict[str, Any]:
    """`touched` after the change, bounded in size.

    Its `rows` never forget the highest number that a row of a table had.
    """
    seen = dict(touched.get("at", {}))
    rows = dict(touched.get("rows", {}))
    for part, where, _ in change.places():
        seen.pop(f"{part}:{where}", None)
        seen[f"{part}:{where}"] = version
        table, number = numbered(where)
        if number:
            rows[table] = max(number, rows.get(table, 0))
    forgotten = list(seen)[: max(0, len(seen) - REMEMBERED)]
    floor = max([touched.get("floor", 0), *(seen.pop(place) for place in forgotten)])
    return {"floor": floor, "at": seen} | ({"rows": rows} if rows else {})


def numbered(where: str) -> tuple[str, int]:
    """Table and number of the row at a place (`table/r2/column`); 0 where there is none."""
    table, _, rest = where.partition("/")
    number = rest.partition("/")[0].removeprefix("r")
    return table, int(number) if number.isdecimal() else 0


def value_at(answers: Mapping[str, Any], where: str) -> Any:
    """The value at a question id, `table/row` or `table/row/column`; None when there is none."""
    if "/" not in where:
        return answers.get(where)
    question, *inside = where.split("/")
    value = next((row for row in answers.get(question) or () if row.get("$row") == inside[0]), None)
    if len(inside) > 1:
        value = value.get(inside[1]) if value else None
    return value


def by_place(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by place: `question` or, for what is in rows, `table/row/column`."""
    found: dict[str, Any] = {}
    for question, value in values.items():
        if value.__class__ is list and value and isinstance(value[0], Mapping):
            found |= {
                f"{question}/{row['$row']}/{column}": cell
                for row in value
                for column, cell in row.items()
                if column != "$row"
            }
        else:
            found[question] = value
    return found


def with_value(answers: Mapping[str, Any], where: str, value: Any) -> dict[str, Any]:
    """The answers with one place set, or removed when the value is None.

    A cell of a row that isn't there yet makes the row, at the end of its table.
    """
    question, *inside = where.split("/")
    if inside:
        value = _with_row(answers.get(question) or [], inside, value) or None
    return _set(answers, question, value)


def _with_row(rows: list[dict[str, Any]], inside: list[str], value: Any) -> list[dict[str, Any]]:
    row_id, column = inside[0], inside[1] if len(inside) > 1 else None
    old = next((row for row in rows if row.get("$row") == row_id), None)
    if column is not None and (old or value is not None):
        value = _set(old or {"$row": row_id}, column, value)
    if old is not None:
        return [value if row is old else row for row in rows if row is not old or value]
    return [*rows, value] if value else list(rows)


def _set(record: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {name: kept for name, kept in record.items() if name != key}
    return {**record, key: value}


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
