"""Who does a step: found when it opens, by the ways that the step names, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.plan.process import PlanStep
from runtime.engine.approvals.deciding import APPLICANT, signers_of
from runtime.engine.approvals.turn import Turn

Found = tuple[list[list[str]], list[str]]
"""Offices (unit and role) and persons."""


def assigned(turn: Turn, plan: PlanStep) -> dict[str, Any]:
    """Offices, persons and signers of a step that opens, as its event keeps them.

    Where nobody is found the admin of the item's unit is asked, visibly (`fallback`).
    """
    if plan.kind == "sign":
        parties = turn.facts.parties.get(f"{plan.use}.{plan.settings['party']}", ())
        return {"persons": list(parties)} if parties else _fallback(turn, plan)
    if plan.kind == "payment":
        return {"persons": [APPLICANT]}
    if plan.kind not in ("review", "task"):
        return {}
    ways = plan.settings.get("assignees") or [{"role": "officer"}]
    for way in ways if isinstance(ways, list) else [ways]:
        offices, persons = _found(turn, plan, way)
        if offices or persons:
            return _with_signers(turn, plan, offices, persons)
    return _fallback(turn, plan)


def _fallback(turn: Turn, plan: PlanStep) -> dict[str, Any]:
    return {"offices": turn.admin(plan.use), "fallback": True}


def _found(turn: Turn, plan: PlanStep, way: Mapping[str, Any]) -> Found:
    """Who is found one way; a way that finds nobody comes out empty."""
    if way.get("applicant"):
        return [], [APPLICANT]
    if "did" in way:
        return [], [vote.person for vote in turn.step(f"{plan.use}.{way['did']}").votes]
    role = way.get("role", "officer")
    return [[unit, role] for unit in _units(turn, plan, way) if turn.facts.holders(unit, role)], []


def _units(turn: Turn, plan: PlanStep, way: Mapping[str, Any]) -> list[str]:
    """The unit that a way names, and those that it hands this step on to."""
    unit = way.get("organisation") or turn.facts.units[plan.use]
    if "form" in way:
        step, _, field = way["form"].partition(".")
        unit = turn.step(f"{plan.use}.{step}").form.get(field)
    if not unit:
        return []
    return [unit, *turn.facts.delegated.get((unit, plan.id), ())]


def _with_signers(
    turn: Turn, plan: PlanStep, offices: list[list[str]], persons: list[str]
) -> dict[str, Any]:
    rule = plan.settings.get("rule")
    found: dict[str, Any] = {"offices": offices, "persons": persons}
    if rule:
        named = dict.fromkeys(persons)
        for unit, role in offices:
            named |= dict.fromkeys(turn.facts.holders(unit, role))
        found["signers"] = [
            {"person": one.person, "after": list(one.after)} for one in signers_of(rule, [*named])
        ]
    return found
