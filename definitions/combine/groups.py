"""Which places are one question: the same key, or listed as the same by the service."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.combine.identity import SITUATION
from definitions.combine.model import Why
from definitions.combine.places import Place, Slot, mergeable
from definitions.problems import Problem


class Groups:
    """Places by slot, joined where the service says they are the same."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: dict[tuple[str, str], Place] = {}
        self._members: dict[Slot, list[Place]] = {}
        self._joined: dict[Slot, Slot] = {}
        for place in places:
            self.places[place.use, place.path] = place
            self._members.setdefault(place.slot, []).append(place)

    def join(self, first: Place, second: Place) -> None:
        """Make two places one question."""
        winner, loser = self._root(first.slot), self._root(second.slot)
        if winner != loser:
            self._joined[loser] = winner

    def groups(self) -> list[tuple[str, list[Place]]]:
        """Question id and places of each group, in the order of the first place."""
        roots: dict[Slot, list[Place]] = {}
        for slot, members in self._members.items():
            roots.setdefault(self._root(slot), []).extend(members)
        return [(question_id(members), members) for members in roots.values()]

    def _root(self, slot: Slot) -> Slot:
        while slot in self._joined:
            slot = self._joined[slot]
        return slot


def question_id(members: list[Place]) -> str:
    """An element's question goes by its key; any other by the first place that asks it."""
    keyed = next((place.key for place in members if place.key), None)
    if keyed is not None:
        return keyed.question
    return f"{members[0].use}.{members[0].path}"


def why(members: list[Place]) -> Why:
    """What made these places one question."""
    if len({place.slot for place in members}) > 1:
        return "same"
    if any(place.use == SITUATION for place in members):
        return "situation"
    return "element"


def join_same(groups: Groups, same: Iterable[tuple[str, ...]], where: str) -> list[Problem]:
    """Join what the service lists as the same; a problem for each that can't be."""
    problems = []
    for number, names in enumerate(same):
        pointer = f"{where}#/same/{number}"
        found = [groups.places.get(_split(name)) for name in names]
        for name, place in zip(names, found, strict=True):
            first = found[0]
            if place is None or first is None:
                problems.append(Problem("combination.same_unknown", pointer, {"field": name}))
            elif not mergeable(place):
                problems.append(Problem("combination.same_never_merges", pointer, {"field": name}))
            elif difference := _difference(first, place):
                params = {"field": name, "other": names[0], "what": difference}
                problems.append(Problem("combination.same_differs", pointer, params))
            else:
                groups.join(first, place)
    return problems


def _split(name: str) -> tuple[str, str]:
    use, _, path = name.partition(".")
    return use, path


def _difference(first: Place, second: Place) -> str:
    """The property that keeps two fields from being the same; empty when nothing does."""
    for what in ("type", "unit", "decimals"):
        if getattr(first.field, what) != getattr(second.field, what):
            return what
    return "options" if set(first.field.options) != set(second.field.options) else ""
