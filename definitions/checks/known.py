"""What several rules ask of a library: who is what kind, what exists, what goes in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from definitions.model import Field, Form, Library, RuleDefinition


def exists(library: Library, kind: str, name: str) -> bool:
    """Whether a definition is there; one that is broken counts, its own problems say enough."""
    return f"{kind}/{name}" in library.files


def units(library: Library) -> frozenset[str]:
    """The units of all organisations."""
    return frozenset(name for one in library.organisations.values() for name in one.units)


def is_a(library: Library, kind: str | None, wanted: str | None) -> bool:
    """Whether a kind is the wanted one, or a narrower one. What isn't known passes."""
    kinds, seen = library.dictionary.kinds, set()
    if kind not in kinds or wanted not in kinds:
        return True
    while kind is not None and kind in kinds and kind not in seen:
        if kind == wanted:
            return True
        seen.add(kind)
        kind = kinds[kind].is_a
    return False


def comparable(library: Library, one: str | None, other: str | None) -> bool:
    """Whether one of two kinds is the other or narrower."""
    return is_a(library, one, other) or is_a(library, other, one)


def fields_of(form: Form, where: str) -> Iterator[tuple[str, Field]]:
    """Every field and every column, each with its pointer; `where` is that of the properties."""
    for name, field in form.fields.items():
        yield f"{where}/{name}", field
        for column_name, column in field.columns.items():
            yield f"{where}/{name}/items/properties/{column_name}", column


def shown(rules: Mapping[str, RuleDefinition]) -> frozenset[str]:
    """The fields that some rule shows."""
    return frozenset(name for rule in rules.values() for name in rule.show)


def calculated(rules: Mapping[str, RuleDefinition]) -> frozenset[str]:
    """The fields that some rule sets."""
    return frozenset(rule.set for rule in rules.values() if rule.set)


def reached(start: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that can be reached from `start`; itself only when it is on a circle."""
    found: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += edges.get(name, ())
    return found


def circles(edges: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each circle once: its first name in the order written, and all names on it."""
    told: set[str] = set()
    for name in edges:
        if name in told or name not in (around := reached(name, edges)):
            continue
        circle = [other for other in edges if other in around and name in reached(other, edges)]
        told.update(circle)
        yield name, circle
