"""Who is who: an item's subjects become the service's, and a field gets the key it is merged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from definitions.model import Field, Item, Library, RuleDefinition, Service, Subject

SITUATION = "situation"
SERVICE = "*"
"""The service's own rules, where a use is expected."""
NEVER_MERGED = frozenset({"file", "image", "signature", "note", "computed", "table"})


@dataclass(frozen=True, slots=True)
class Key:
    """What a field means: an element about subjects of the service. Equal keys, one question."""

    element: str
    subjects: tuple[str, ...]

    @property
    def question(self) -> str:
        """The id of its question."""
        return f"{'+'.join(self.subjects)}.{self.element}"


class Binder:
    """Binds names of items to names of their service."""

    def __init__(self, library: Library, service: Service) -> None:
        self.library = library
        self.service = service
        self.items: Mapping[str, Item] = {
            use.id: library.items[use.item] for use in service.uses.values()
        }
        self._order = {name: place for place, name in enumerate(service.subjects)}

    def bound(self, use: str, subject: str) -> str | None:
        """The service's subject that an item's is bound to; None when nobody bound it."""
        if use == SITUATION:
            return subject if subject in self.service.subjects else None
        return self.service.uses[use].subjects.get(subject)

    def subject(self, name: str) -> Subject:
        """A subject of the service."""
        return self.service.subjects[name]

    def key(self, use: str, field: Field, about: Iterable[str] = ()) -> Key | None:
        """The key of a field; None when it means nothing in particular or can't be merged.

        A column without subjects of its own is `about` those of its table.
        """
        if field.element is None or field.type in NEVER_MERGED:
            return None
        return self.key_of(use, field.element, field.about or about)

    def key_of(self, use: str, element: str, about: Iterable[str]) -> Key | None:
        """The key of an element about an item's subjects; None unless all of them are bound."""
        bound = [self.bound(use, subject) for subject in about]
        known = tuple(dict.fromkeys(name for name in bound if name in self._order))
        if not known or None in bound:
            return None
        return Key(element, self.in_order(known))

    def in_order(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """Subjects in the service's order; as written if two are of one kind, where order tells."""
        kinds = {self.subject(name).kind for name in subjects}
        if len(kinds) < len(subjects):
            return subjects
        return tuple(sorted(subjects, key=self._order.__getitem__))

    def many_of(self, use: str, field: Field) -> str | None:
        """The item's `many` subject that a table is about; None for a table of its own."""
        if field.type != "table":
            return None
        subjects = self.items[use].subjects
        return next(
            (
                name
                for name in field.about
                if name in subjects and subjects[name].many and self.bound(use, name)
            ),
            None,
        )


def calculated(rules: Mapping[str, RuleDefinition]) -> frozenset[str]:
    """The fields that rules set."""
    return frozenset(rule.set for rule in rules.values() if rule.set)
