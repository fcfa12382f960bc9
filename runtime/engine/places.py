"""Two things in one place, the premises and their building: who says which one has said the other.

They are told to be one by what they are called: the address of the one is the location of the
other. Where names differ, or two things are called so, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model import LicenseField
from definitions.plan import Plan
from runtime.engine.meaning import (
    Binding,
    Keys,
    Who,
    key_element,
    name_element,
    same_key,
    unbound_things,
)


def recognise(plan: Plan, bindings: list[Binding], keys: Keys) -> None:
    """Add the key of each thing that stands in the place of one that is known."""
    for subject in plan.service.subjects:
        for other in _in_the_place_of(plan, subject):
            if Who(subject) not in keys and Who(other) in keys:
                found = _possible_keys(
                    plan, subject, _names(plan, other, bindings, keys), bindings, keys
                )
                if len(found) == 1:
                    keys[Who(subject)] = found.pop()


def statements(
    plan: Plan, binding: Binding, keys: Keys
) -> Iterator[tuple[LicenseField, str, tuple[Who, ...]]]:
    """What a license calls its thing, as the key of what stands in that place.

    Gives the printed field, the element that it answers there, and about whom.
    """
    for printed, about in binding.statements():
        if len(about) != 1 or printed.element != name_element(plan, about[0].subject):
            continue
        for other in _in_the_place_of(plan, about[0].subject):
            raw = binding.license.data[printed.label]
            if _goes_by_name(plan, other) and same_key(raw, keys.get(Who(other))):
                yield printed, str(key_element(plan, other)), (Who(other),)


def _in_the_place_of(plan: Plan, subject: str) -> Iterator[str]:
    subjects = plan.service.subjects
    for name, other in subjects.items():
        if other.same_place == subject or subjects[subject].same_place == name:
            yield name


def _goes_by_name(plan: Plan, subject: str) -> bool:
    """Whether the key of a subject is its name, as the address of premises is."""
    element = key_element(plan, subject)
    return element is not None and element == name_element(plan, subject)


def _names(plan: Plan, subject: str, bindings: list[Binding], keys: Keys) -> set[str]:
    """What a subject is called: by its key, or by licenses that are about it."""
    if _goes_by_name(plan, subject):
        return {keys[Who(subject)]}
    return {
        str(binding.license.data[printed.label])
        for binding in bindings
        for printed, about in binding.statements()
        if printed.element == name_element(plan, subject) and about == (Who(subject),)
    }


def _possible_keys(
    plan: Plan, subject: str, names: set[str], bindings: list[Binding], keys: Keys
) -> set[str]:
    """The keys of a subject that is called so: a name itself, or what licenses print beside it."""
    if _goes_by_name(plan, subject):
        return set(names)
    return {
        thing.key
        for binding in bindings
        for thing in unbound_things(plan, binding, keys)
        if thing.subject == subject and any(same_key(thing.name, name) for name in names)
    }
