"""Later answers: what an earlier item's result says, an item that comes after it doesn't ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from definitions.combine.identity import SITUATION, Binder, Key
from definitions.combine.model import Later, Told
from definitions.combine.places import Place
from definitions.model import Item, Service

Answers = Mapping[Key, tuple[Told, str]]
"""What a result tells: the kind of source and the field of it, by key."""


def later(binder: Binder, places: Iterable[Place]) -> dict[str, dict[str, tuple[Later, ...]]]:
    """By use and path, the results that will answer the field while their item is active."""
    told = {use: _told(binder, use) for use in binder.items}
    before = {use: earlier(binder.service, use) for use in binder.items}
    found: dict[str, dict[str, tuple[Later, ...]]] = {}
    for place in places:
        if place.key is None or place.use == SITUATION:
            continue
        waits_for = before[place.use] | _before_step(binder, place)
        sources = tuple(
            Later(place.path, use, *told[use][place.key])
            for use in binder.items
            if use in waits_for and place.key in told[use]
        )
        if sources:
            found.setdefault(place.use, {})[place.path] = sources
    return found


def earlier(service: Service, use: str) -> frozenset[str]:
    """Every use that this one comes after, through others too."""
    found: set[str] = set()
    waiting = [use]
    while waiting:
        for before in service.uses[waiting.pop()].after:
            if before in service.uses and before not in found:
                found.add(before)
                waiting.append(before)
    return frozenset(found - {use})


def _before_step(binder: Binder, place: Place) -> frozenset[str]:
    """The uses that the service puts before the first step that reads the field."""
    if place.field.needed_by is None:
        return frozenset()
    found: set[str] = set()
    for step in _and_above(binder.items[place.use], place.field.needed_by):
        for before in binder.service.order.get(f"{place.use}.{step}", ()):
            use = before.partition(".")[0]
            if use != place.use and use in binder.items:
                found |= {use, *earlier(binder.service, use)}
    return frozenset(found - {place.use})


def _and_above(item: Item, step: str) -> Iterator[str]:
    """A step and every step that it comes after."""
    seen: set[str] = set()
    waiting = [step]
    while waiting:
        name = waiting.pop()
        if name in item.steps and name not in seen:
            seen.add(name)
            yield name
            waiting.extend(item.steps[name].after)


def _told(binder: Binder, use: str) -> Answers:
    """What the result of an item says, by key."""
    result = binder.items[use].result
    if result is None:
        return {}
    told: dict[Key, tuple[Told, str]] = {}
    for data in result.data.values():
        key = binder.key_of(use, data.element, data.about)
        if key is not None:
            told.setdefault(key, ("data", data.id))
    license_type = binder.library.licenses.get(result.license or "")
    for printed in license_type.fields.values() if license_type else ():
        about = [result.subjects.get(name, "") for name in printed.about]
        key = binder.key_of(use, printed.element, about)
        if key is not None:
            told.setdefault(key, ("license", printed.id))
    return told
