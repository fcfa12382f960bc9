"""What a situation leads to, before anything is filled in: items, papers, charges and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.model import Fee, Material, Span, Text
from definitions.plan import Plan, PlanMaterial
from definitions.plan.run import View
from runtime.engine.form import evaluate
from runtime.engine.schedule import limit, waves, working_days


@dataclass(frozen=True, slots=True)
class ItemOutline:
    """One item: who does it, how long they promise and may take, what it costs and ends in.

    `wave` counts from 1: an item waits for those of earlier waves.
    """

    use: str
    title: Text
    department: str
    wave: int
    promised: Span | None
    legal: Span | None
    fees: tuple[Fee, ...]
    result: Text | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A service in one situation. `days` are working days along the longest chain of items.

    `papers` may have to be handed in, as far as the answers tell; `spared` are those that an
    e-license or data stands for.
    """

    items: tuple[ItemOutline, ...]
    papers: tuple[PlanMaterial, ...]
    spared: tuple[PlanMaterial, ...]
    days: float


def outline(plan: Plan, answers: Mapping[str, Any], today: date) -> Outline:
    """What the situation in `answers` leads to; unanswered questions activate nothing."""
    state = evaluate(plan, answers, today)
    order = waves(plan, state.active)
    items = [
        _item(plan, use, number, state.views.get(use, {}))
        for number, wave in enumerate(order, start=1)
        for use in wave
    ]
    papers, spared = papers_of(plan, {use: state.views.get(use, {}) for use in state.active})
    return Outline(tuple(items), papers, spared, working_days(plan, state.active, state.views))


Papers = tuple[PlanMaterial, ...]


def papers_of(plan: Plan, views: Mapping[str, View]) -> tuple[Papers, Papers]:
    """What these items may ask for on paper, and what e-licenses or data stand for instead.

    `views` are the answers that each item knows so far: a paper that they rule out isn't named.
    """
    asked = [one for one in plan.materials.values() if _asked(one, views)]
    spared = tuple(one for one in asked if _spared(one))
    return tuple(one for one in asked if one not in spared), spared


def _item(plan: Plan, use: str, wave: int, view: Mapping[str, Any]) -> ItemOutline:
    item = plan.items[use].item
    return ItemOutline(
        use=use,
        title=item.title,
        department=item.department,
        wave=wave,
        promised=limit(plan.items[use], "promised", view),
        legal=limit(plan.items[use], "legal", view),
        fees=tuple(item.fees.values()),
        result=item.result.title if item.result else None,
    )


def _asked(paper: PlanMaterial, views: Mapping[str, View]) -> bool:
    return any(
        use in views and not (excluded and excluded(views[use]))
        for (use, _), excluded in zip(paper.asks, paper.exclusions, strict=True)
    )


def _spared(paper: PlanMaterial) -> bool:
    """Whether every item that asks for the paper takes an e-license or data instead."""
    return all(_takes_data(material) for _, material in paper.asks)


def _takes_data(material: Material) -> bool:
    return any(way.license or way.data for way in material.satisfied_by)
