"""Who is who: do the subjects of a form or a licence make sense among themselves?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.checks.known import circles, comparable, is_a
from definitions.checks.registry import Finding, Findings, check
from definitions.model import Item, Library, LicenseType, Policy, Service, Subject

Holder = Item | Service | LicenseType | Policy
_LINKS = ("of", "held_by", "one_of", "same_place")


def _links(subjects: Mapping[str, Subject]) -> Iterator[tuple[str, Subject, str]]:
    """Each name by which a subject refers to another: pointer, subject, name."""
    for name, subject in subjects.items():
        for link in _LINKS:
            other = getattr(subject, link)
            if other is not None:
                yield f"/subjects/{name}/{link}", subject, other
        for at, other in enumerate(subject.may_be):
            yield f"/subjects/{name}/may_be/{at}", subject, other


@check("item", "definition.unknown_subject")
@check("service", "definition.unknown_subject")
@check("license", "definition.unknown_subject")
@check("policy", "definition.unknown_subject")
def subjects_refer_to_subjects(holder: Holder, library: Library) -> Findings:
    """of, held_by, one_of, same_place and may_be name subjects of the same definition."""
    for where, _, other in _links(holder.subjects):
        if other not in holder.subjects:
            yield where, {"subject": other}


@check("item", "definition.subject_circle")
@check("service", "definition.subject_circle")
@check("license", "definition.subject_circle")
@check("policy", "definition.subject_circle")
def subjects_do_not_go_in_circles(holder: Holder, library: Library) -> Findings:
    """Nobody is the spouse of somebody who is only known as the spouse of the first."""
    edges: dict[str, list[str]] = {name: [] for name in holder.subjects}
    for _, subject, other in _links(holder.subjects):
        edges[subject.id].append(other)
    for name, circle in circles(edges):
        yield f"/subjects/{name}", {"subjects": circle}


@check("item", "definition.relation_kinds")
@check("service", "definition.relation_kinds")
@check("license", "definition.relation_kinds")
def relations_join_the_right_kinds(holder: Holder, library: Library) -> Findings:
    """Only an enterprise has a legal representative, and only a person is one."""
    for name, subject in holder.subjects.items():
        relation = library.dictionary.relations.get(subject.relation or "")
        other = holder.subjects.get(subject.of or "")
        if relation is None or other is None:
            continue
        if not (
            comparable(library, other.kind, relation.source)
            and comparable(library, subject.kind, relation.target)
        ):
            yield f"/subjects/{name}/relation", {"relation": relation.title, "subject": name}


@check("item", "definition.one_of_many")
@check("service", "definition.one_of_many")
def one_of_names_a_many_of_its_kind(holder: Item | Service, library: Library) -> Findings:
    """A person picks one of several, who are of the same kind."""
    for name, subject in holder.subjects.items():
        other = holder.subjects.get(subject.one_of or "")
        if other is not None and not (other.many and is_a(library, other.kind, subject.kind)):
            yield f"/subjects/{name}/one_of", {"subject": name, "other": other.id}


@check("item", "definition.may_be_kind")
@check("service", "definition.may_be_kind")
def may_be_names_subjects_of_its_kind(holder: Item | Service, library: Library) -> Findings:
    """A person may turn out to be another person, not a house."""
    for name, subject in holder.subjects.items():
        for at, other_name in enumerate(subject.may_be):
            other = holder.subjects.get(other_name)
            if other is not None and not comparable(library, subject.kind, other.kind):
                yield f"/subjects/{name}/may_be/{at}", {"subject": name, "other": other_name}


@check("item", "definition.same_place")
@check("service", "definition.same_place")
def one_place_is_of_two_single_things(holder: Item | Service, library: Library) -> Findings:
    """Premises and a building are told to be one by what each is called."""
    for name, subject in holder.subjects.items():
        other = holder.subjects.get(subject.same_place or "")
        if other is None:
            continue
        if not all(_has_name(one, library) and not one.many for one in (subject, other)):
            yield f"/subjects/{name}/same_place", {"subject": name, "other": other.id}


def _has_name(subject: Subject, library: Library) -> bool:
    kind = library.dictionary.kinds.get(subject.kind)
    return kind is None or kind.name is not None


RESERVED = frozenset({"situation", "pick", "may_be", "form", "row_number", "holder", "thing"})


@check("item", "definition.reserved_name")
@check("service", "definition.reserved_name")
def names_are_not_reserved(holder: Item | Service, library: Library) -> Iterator[Finding]:
    """Question ids begin with the names of subjects and uses; a few beginnings are taken."""
    for name in holder.subjects:
        if name in RESERVED:
            yield f"/subjects/{name}", {"name": name}
    if isinstance(holder, Service):
        for name in holder.uses:
            if name in RESERVED:
                yield f"/items/{name}", {"name": name}
