"""What changed between two releases, in words an admin understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.diff.change import Change
from definitions.diff.fields import field_changes
from definitions.diff.parts import PARTS, part_changes, untold
from definitions.order import restored

Raw = Mapping[str, Any]

__all__ = ["Change", "diff"]


def diff(old: Raw, new: Raw) -> list[Change]:
    """The changes from one release's content to another's, definition by definition.

    `where` is `<kind>/<id>#<pointer>`. A change that no words are made for is told as "changed",
    never left out. Entries of the dictionary that come along, or are no longer needed, follow from
    other changes and aren't told again.
    """
    before, after = _definitions(old), _definitions(new)
    changes: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        if name.startswith("elements/") and (name not in before or name not in after):
            continue
        if name not in before:
            changes.append(_whole("added", name, after[name]))
        elif name not in after:
            changes.append(_whole("removed", name, before[name]))
        elif before[name] != after[name] or _layout(before[name]) != _layout(after[name]):
            changes += [one.under(f"{name}#") for one in _changes(before[name], after[name])]
    return changes


def _definitions(content: Raw) -> dict[str, Raw]:
    return {name: restored(raw) for name, raw in content["definitions"].items()}


def _shared(raw: Raw, other: Raw) -> Raw:
    """A file of the dictionary with only the entries that the other has too."""
    return {
        part: {name: one for name, one in entries.items() if name in other.get(part, {})}
        if isinstance(entries, Mapping) and part != "title"
        else entries
        for part, entries in raw.items()
        if part in other
    }


def _whole(what: str, name: str, raw: Raw) -> Change:
    return Change(f"diff.{raw['kind']}_{what}", f"{name}#", {"title": raw["title"]})


def _layout(raw: Raw) -> list[str]:
    """The order of the fields, which a comparison of objects doesn't see."""
    form = raw.get("form", {}).get("schema", {}).get("properties", {})
    return [*form, *raw.get("situation", {}).get("questions", {})]


def _changes(before: Raw, after: Raw) -> Iterator[Change]:
    if before["kind"] == "elements":
        before, after = _shared(before, after), _shared(after, before)
    yield from field_changes(before, after)
    for part in PARTS:
        yield from part_changes(part, before, after)
    yield from untold(before, after)
    if _layout(before) != _layout(after) and sorted(_layout(before)) == sorted(_layout(after)):
        yield Change("diff.fields_moved", "/form", {})
