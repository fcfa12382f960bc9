"""Charges: what each item costs with these answers, and what only a connector can tell."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.model import Text
from definitions.plan import Plan, PlanFee
from definitions.plan.nodes import rounded
from runtime.engine.form import FormState


@dataclass(frozen=True, slots=True)
class Charge:
    """One line: whole fen, or None while it isn't known.

    `source` names the connector that will quote it; without one, an answer is missing.
    """

    use: str
    fee: str
    title: Text
    amount: int | None
    payer: str = ""
    source: str = ""
    basis: Text | None = None

    @property
    def id(self) -> str:
        """Its name in the application: `<use>.<fee>`."""
        return f"{self.use}.{self.fee}"


def charges(plan: Plan, state: FormState) -> list[Charge]:
    """The charges of the active items that are due with these answers."""
    found = []
    for use in state.active:
        view = state.views[use]
        for compiled in plan.items[use].fees:
            if compiled.when is None or compiled.when(view):
                found.append(_charge(plan, use, compiled, state))
    return found


def _charge(plan: Plan, use: str, compiled: PlanFee, state: FormState) -> Charge:
    fee = compiled.fee
    amount = compiled.amount(state.views[use]) if compiled.amount else None
    return Charge(
        use,
        fee.id,
        fee.title,
        rounded(amount, 0),
        plan.service.uses[use].subjects.get(fee.payer or "", ""),
        fee.source or "",
        fee.basis,
    )


def total(found: list[Charge]) -> tuple[int, bool]:
    """The sum of what is known, in fen, and whether that is all of it."""
    known = [charge.amount for charge in found if charge.amount is not None]
    return sum(known), len(known) == len(found)
