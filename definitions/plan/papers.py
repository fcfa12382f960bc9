"""Materials combine: one paper that several items ask for is handed in once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from definitions.combine.model import Combination
from definitions.model import Material
from definitions.plan.conditions import condition, exclusion
from definitions.plan.model import PlanMaterial


@dataclass(frozen=True, slots=True)
class _Ask:
    """An item that asks for a paper; `one` is the subject whose row it means, empty for each."""

    use: str
    material: Material
    one: str = ""


Asked = dict[tuple[str, str], list[_Ask]]
"""Who asks for a paper, by its material and the subject that it is about."""


def papers(combination: Combination) -> dict[str, PlanMaterial]:
    """The papers of a service by id: the material, and the subject where it is about several.

    A paper that says of nobody whom it is about is the one that does, if there is only one.
    """
    asked: Asked = {}
    for use, material in _materials(combination):
        about = _subject(combination, use, material)
        asked.setdefault((material.material, about), []).append(_Ask(use, material))
    _join_ones(combination, asked)
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


def _join_ones(combination: Combination, asked: Asked) -> None:
    """A paper of one of the buyers is that buyer's paper, where each of them is asked for it."""
    for name, about in list(asked):
        many = combination.service.subjects[about].one_of if about else None
        each = asked.get((name, many or ""), [])
        if f"pick.{about}" in combination.questions and any(one.material.per_row for one in each):
            each += [replace(one, one=about) for one in asked.pop((name, about))]


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
    asks: list[_Ask],
) -> PlanMaterial:
    known = combination.library.dictionary.materials.get(name)
    title = known.title if known else asks[0].material.title
    per_row = any(one.material.per_row for one in asks)
    many = about and combination.service.subjects[about].many
    row_of = about if per_row and many else ""
    return PlanMaterial(
        id=paper_id,
        material=name,
        title=title,
        asks=tuple((one.use, one.material) for one in asks),
        whens=tuple(condition(one.material.when)[0] for one in asks),
        exclusions=tuple(exclusion(one.material.when) for one in asks),
        ones=tuple(one.one for one in asks),
        subject=about,
        row_of=row_of,
    )
