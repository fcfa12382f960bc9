"""Can the papers of an item be handed in, and what stands for them?"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.known import comparable, exists
from definitions.checks.registry import Findings, check
from definitions.model import Item, Library, Satisfaction


def _ways(item: Item) -> Iterator[tuple[str, Satisfaction]]:
    for name, material in item.materials.items():
        for at, way in enumerate(material.satisfied_by):
            yield f"/materials/{name}/satisfied_by/{at}", way


@check("item", "definition.one_way")
def each_way_is_one_way(item: Item, library: Library) -> Findings:
    """A licence, data, an upload or a commitment: one of them, not two."""
    for where, way in _ways(item):
        if [bool(way.license), bool(way.data), bool(way.commitment), way.upload].count(True) != 1:
            yield where, {}


@check("item", "definition.unknown_license")
def ways_name_licenses(item: Item, library: Library) -> Findings:
    """A paper is waived by a type of licence that there is."""
    for where, way in _ways(item):
        if way.license and not exists(library, "license", way.license):
            yield f"{where}/license", {"license": way.license}


@check("item", "definition.unknown_commitment")
def ways_name_commitments(item: Item, library: Library) -> Findings:
    """A commitment is one of the item's texts."""
    for where, way in _ways(item):
        if way.commitment and way.commitment not in item.commitments:
            yield f"{where}/commitment", {"commitment": way.commitment}


@check("item", "definition.unknown_subject")
def papers_are_about_subjects(item: Item, library: Library) -> Findings:
    """Whom a licence must be about, and per whom a paper is asked, are subjects of the item."""
    for where, way in _ways(item):
        if way.about and way.about not in item.subjects:
            yield f"{where}/about", {"subject": way.about}
    for name, material in item.materials.items():
        if material.per_row and material.per_row not in item.subjects:
            yield f"/materials/{name}/per_row", {"subject": material.per_row}


@check("item", "definition.per_row_of_one")
def per_row_names_a_many(item: Item, library: Library) -> Findings:
    """A paper per row needs rows."""
    for name, material in item.materials.items():
        subject = item.subjects.get(material.per_row or "")
        if subject is not None and not subject.many:
            yield f"/materials/{name}/per_row", {"subject": subject.id}


@check("item", "definition.license_about_other_kind")
def licenses_can_be_about_the_subject(item: Item, library: Library) -> Findings:
    """A driving licence is never about premises."""
    for where, way in _ways(item):
        license_type = library.licenses.get(way.license or "")
        subject = item.subjects.get(way.about or "")
        if license_type is None or subject is None:
            continue
        kinds = [one.kind for one in license_type.subjects.values()]
        if not any(comparable(library, subject.kind, kind) for kind in kinds):
            yield f"{where}/about", {"license": license_type.title, "subject": subject.id}


@check("item", "definition.unknown_step")
def deferrals_name_steps(item: Item, library: Library) -> Findings:
    """A paper may follow by the time a step of this item opens."""
    for name, material in item.materials.items():
        step = material.may_follow.by_step if material.may_follow else None
        if step and step not in item.steps:
            yield f"/materials/{name}/may_follow/by_step", {"step": step}


@check("item", "definition.same_paper_twice", level="warning")
def a_paper_is_asked_for_once(item: Item, library: Library) -> Findings:
    """Two entries of one identity ask for one paper."""
    seen: dict[tuple[str, str | None, tuple[str | None, ...]], str] = {}
    for name, material in item.materials.items():
        about = tuple(way.about for way in material.satisfied_by)
        other = seen.setdefault((material.material, material.per_row, about), name)
        if other != name and material.when is None:
            yield f"/materials/{name}", {"material": material.title, "other": other}
