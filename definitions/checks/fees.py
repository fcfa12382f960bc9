"""Do the charges of an item make sense?"""

from __future__ import annotations

from definitions.checks.registry import Findings, check
from definitions.model import Item, Library


@check("item", "definition.unknown_subject")
def payers_are_subjects(item: Item, library: Library) -> Findings:
    """Whoever pays is a subject of the item."""
    for name, fee in item.fees.items():
        if fee.payer is not None and fee.payer not in item.subjects:
            yield f"/fees/{name}/payer", {"subject": fee.payer}


@check("item", "definition.fee_without_amount")
def an_amount_comes_from_somewhere(item: Item, library: Library) -> Findings:
    """A charge says its amount, or which connector knows it."""
    for name, fee in item.fees.items():
        if fee.amount is None and fee.source is None:
            yield f"/fees/{name}", {"fee": fee.title}


@check("item", "definition.fee_without_basis", level="warning")
def charges_have_a_basis(item: Item, library: Library) -> Findings:
    """Nobody is charged without a rule that says so."""
    for name, fee in item.fees.items():
        if fee.basis is None:
            yield f"/fees/{name}", {"fee": fee.title}


@check("item", "definition.unknown_fee")
def payment_steps_charge_fees(item: Item, library: Library) -> Findings:
    """A payment step's charges are fees of the item."""
    for name, step in item.steps.items():
        for at, fee in enumerate(step.settings.get("charges", ())):
            if fee not in item.fees:
                yield f"/process/steps/{name}/charges/{at}", {"fee": fee}
