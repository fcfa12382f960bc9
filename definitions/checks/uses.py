"""Does a service use its items rightly: who is who, what comes first, what is fixed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from definitions.checks.known import circles, comparable, exists
from definitions.checks.registry import Findings, check
from definitions.checks.values import accepted
from definitions.model import Item, Library, Service, Subject, Use


def _known(service: Service, library: Library) -> Iterator[tuple[Use, Item]]:
    for use in service.uses.values():
        if use.item in library.items:
            yield use, library.items[use.item]


@check("service", "definition.unknown_item")
def uses_name_items(service: Service, library: Library) -> Findings:
    """What is used is an item."""
    for name, use in service.uses.items():
        if not exists(library, "item", use.item):
            yield f"/items/{name}/use", {"item": use.item}


@check("service", "definition.broken_item")
def used_items_are_whole(service: Service, library: Library) -> Findings:
    """An item with problems of its own keeps the service from being published."""
    for name, use in service.uses.items():
        if exists(library, "item", use.item) and use.item not in library.items:
            yield f"/items/{name}/use", {"item": use.item}


@check("service", "definition.unknown_use")
def uses_come_after_uses(service: Service, library: Library) -> Findings:
    """What an item waits for is used by the same service."""
    for name, use in service.uses.items():
        for at, other in enumerate(use.after):
            if other not in service.uses:
                yield f"/items/{name}/after/{at}", {"use": other}


@check("service", "definition.use_circle")
def uses_do_not_wait_for_each_other(service: Service, library: Library) -> Findings:
    """Items that wait for each other never start."""
    for name, circle in circles({name: use.after for name, use in service.uses.items()}):
        yield f"/items/{name}/after", {"uses": circle}


@check("service", "definition.unbound_subject")
def every_subject_of_an_item_is_bound(service: Service, library: Library) -> Findings:
    """An item doesn't know who is who in a service: that is for the service to say."""
    for use, item in _known(service, library):
        for name, subject in item.subjects.items():
            if name not in use.subjects:
                params = {"subject": subject.title or name, "item": item.title, "name": name}
                yield f"/items/{use.id}/subjects", params


@check("service", "definition.unknown_subject")
def bindings_name_subjects(service: Service, library: Library) -> Findings:
    """A binding joins a subject of the item with one of the service."""
    for use, item in _known(service, library):
        for name, bound in use.subjects.items():
            for subject, known in ((name, item.subjects), (bound, service.subjects)):
                if subject not in known:
                    yield f"/items/{use.id}/subjects/{name}", {"subject": subject}


def _bound(service: Service, library: Library) -> Iterator[tuple[str, Subject, Subject]]:
    """Each binding whose both ends are there: pointer, the item's subject, the service's."""
    for use, item in _known(service, library):
        for name, bound in use.subjects.items():
            if name in item.subjects and bound in service.subjects:
                where = f"/items/{use.id}/subjects/{name}"
                yield where, item.subjects[name], service.subjects[bound]


@check("service", "definition.binding_kind")
def bound_subjects_are_of_one_kind(service: Service, library: Library) -> Findings:
    """A person isn't bound to a house."""
    for where, ours, theirs in _bound(service, library):
        if not comparable(library, ours.kind, theirs.kind):
            yield where, {"subject": ours.id, "other": theirs.id}


@check("service", "definition.binding_many")
def many_becomes_one_only_by_choice(service: Service, library: Library) -> Findings:
    """An item about one takes one: a many subject needs a `one_of`, for which a row is picked."""
    for where, ours, theirs in _bound(service, library):
        if theirs.many and not ours.many:
            yield where, {"subject": ours.id, "other": theirs.id}


@check("service", "definition.needs_both")
def two_on_one_is_said(service: Service, library: Library) -> Findings:
    """Two subjects of one item that are the same of the service are so on purpose."""
    for use, _ in _known(service, library):
        counts = Counter(use.subjects.values())
        double = [name for name, count in counts.items() if count > 1]
        if double and not use.both:
            yield f"/items/{use.id}/subjects", {"subject": double[0]}


@check("service", "definition.fixed_unknown_field")
def fixed_answers_are_for_fields(service: Service, library: Library) -> Findings:
    """What a service answers is a field of the item."""
    for use, item in _known(service, library):
        for name in use.fixed:
            if name not in item.form.fields:
                yield f"/items/{use.id}/fixed/{name}", {"field": name}


@check("service", "definition.fixed_value")
def fixed_answers_can_be_chosen(service: Service, library: Library) -> Findings:
    """A fixed answer is one that the field takes."""
    for use, item in _known(service, library):
        for name, value in use.fixed.items():
            field = item.form.fields.get(name)
            if field and not accepted(field.schema, value):
                yield f"/items/{use.id}/fixed/{name}", {"field": field.title}
