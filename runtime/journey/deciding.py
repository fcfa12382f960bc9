"""Which answers sources listen to: what they say about a form hangs on no others."""

from __future__ import annotations

from definitions.plan import Plan
from runtime.engine.meaning import key_element
from runtime.kept import Kept

_kept: Kept[str, tuple[str, ...]] = Kept(most=128)


def deciding(plan: Plan) -> tuple[str, ...]:
    """Questions whose answers may let sources say more, in the order of the plan.

    The keys of subjects, tables, and what is answered about the application and not in an item's
    form: the situation, which row is meant, who is whom.
    """
    return _kept.get(plan.id, lambda: _deciding(plan))


def _deciding(plan: Plan) -> tuple[str, ...]:
    keys = {f"{name}.{key_element(plan, name)}" for name in plan.service.subjects}
    return tuple(
        name
        for name, question in plan.questions.items()
        if name in keys or question.columns or question.role != "form"
    )
