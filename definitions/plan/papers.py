"""Materials combine: one paper that several items ask for is handed in once."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.combine.model import Combination
from definitions.model import Material
from definitions.plan.conditions import condition
from definitions.plan.model import PlanMaterial


def papers(combination: Combination) -> dict[str, PlanMaterial]:
    """The papers of a service by id: the material, and the subject where it is about several.

    A paper that says of nobody whom it is about is the one that does, if there is only one.
    """
    asked: dict[tuple[str, str], list[tuple[str, Material]]] = {}
    for use, material in _materials(combination):
        about = _subject(combination, use, material)
        asked.setdefault((material.material, about), []).append((use, material))
    for name, about in list(asked):
        others = [subject for other, subject in asked if other == name and subject]
        if not about and len(others) == 1:
            asked[name, others[0]].extend(asked.pop((name, about)))
    made = {}
    for (name, about), asks in asked.items():
        alone = sum(other == name for other, _ in asked) == 1
        paper_id = name if alone else f"{name}.{about or 'general'}"
        made[paper_id] = _paper(combination, paper_id, name, about, asks)
    return made


def _materials(combination: Combination) -> Iterator[tuple[str, Material]]:
    for use, item in combination.items.items():
        for material in item.materials.values():
            yield use, material


def _subject(combination: Combination, use: str, material: Material) -> str:
    """The service's subject that a paper is about; empty when nothing says so."""
    ways = (way.about for way in material.satisfied_by if way.about)
    named = material.per_row or next(ways, "")
    return combination.service.uses[use].subjects.get(named, "") if named else ""


def _paper(
    combination: Combination,
    paper_id: str,
    name: str,
    about: str,
    asks: list[tuple[str, Material]],
) -> PlanMaterial:
    known = combination.library.dictionary.materials.get(name)
    title = known.title if known else asks[0][1].title
    per_row = any(material.per_row for _, material in asks)
    many = about and combination.service.subjects[about].many
    row_of = about if per_row and many else ""
    whens = tuple(condition(one.when)[0] for _, one in asks)
    return PlanMaterial(paper_id, name, title, tuple(asks), whens, about, row_of)
