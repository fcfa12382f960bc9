"""What runs after a form was sent: the steps of all items of a service as one graph, compiled.

A step's id is `<use>.<step>`. Its edges are those of its own item, and those that the service's
`order` adds between steps of different items. Joint steps are no nodes: they tie steps of several
items together, which open at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from definitions.combine.model import Combination
from definitions.model import Fee, Form, Step
from definitions.plan.conditions import condition
from definitions.plan.nodes import Condition
from definitions.rules import compile_rule

LOOKING = frozenset({"review", "task", "sign", "issue"})
"""Kinds of step in which somebody looks at the item's form, but for what is hidden from them."""

AGREED = (
    "within", "lapse", "stops_clock", "assignees", "actions", "rule", "form", "appointment",
    "opinion", "text",
)  # fmt: skip
"""What a joint step says for all its parts; what it doesn't say, each part says for itself."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step in its place in the service.

    `settings` are the joint step's over its own. `above` and `below` follow the edges all the way,
    through other items too. `when` reads the item's answers and what steps above came to; `reads`
    are the own names of the form's fields that a change of would make it run anew. `form` is what
    is recorded in it.
    """

    id: str
    use: str
    step: Step
    settings: Mapping[str, Any]
    after: tuple[str, ...]
    above: frozenset[str]
    below: frozenset[str]
    when: Condition | None
    reads: frozenset[str]
    joint: str = ""
    form: Form | None = None

    @property
    def kind(self) -> str:
        """What happens in it: review, task, sign, connector, payment, notice or issue."""
        return self.step.kind

    @property
    def follow_up(self) -> bool:
        """Whether it runs after the item's result."""
        return bool(self.settings.get("follow_up"))

    @property
    def decides(self) -> bool:
        """Whether the item's clocks end when it is done."""
        return bool(self.settings.get("decides"))

    @property
    def final(self) -> bool:
        """Whether its effect on the outside can't be undone."""
        return bool(self.settings.get("final"))

    @property
    def has_effect(self) -> bool:
        """Whether it changes something outside: an operation that isn't just asked, a result."""
        asked = self.kind == "connector" and not self.settings.get("undo") and not self.final
        return self.kind in ("connector", "issue") and not asked


@dataclass(frozen=True, slots=True)
class Process:
    """Every step of a service, each after all that are above it. Immutable; safe to share.

    `items` are the steps by use, in that order; `after` by use the uses that it waits for;
    `joint` the parts of each joint step. `ends_suffice` are the uses that only need those before
    them to have ended, with or without a result. `shared` are by use and own name the fields of
    all uses that are the same question.
    """

    steps: Mapping[str, PlanStep]
    items: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    joint: Mapping[str, tuple[str, ...]]
    fees: Mapping[str, Mapping[str, Fee]]
    ends_suffice: frozenset[str] = frozenset()
    shared: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def parts(self, step: str) -> tuple[str, ...]:
        """The steps that open together with this one, itself among them."""
        joint = self.steps[step].joint
        return self.joint[joint] if joint else (step,)


def compile_process(combination: Combination) -> Process:
    """The process of a service whose items can be one form.

    Raises graphlib.CycleError where steps wait for each other: the checks have refused that.
    """
    edges = _edges(combination)
    above, below = _closure(edges), _closure(_turned(edges))
    order = [one for one in TopologicalSorter(edges).static_order() if one in edges]
    joint = {
        name: tuple(part for part in step.settings.get("for", ()) if part in edges)
        for name, step in combination.service.joint.items()
    }
    part_of = {part: name for name, parts in joint.items() for part in parts}
    steps = {
        id: _step(combination, id, edges[id], above[id], below[id], part_of.get(id, ""))
        for id in order
    }
    uses = combination.service.uses
    return Process(
        steps=steps,
        items={use: tuple(id for id in order if steps[id].use == use) for use in combination.items},
        after={use: uses[use].after for use in combination.items},
        joint=joint,
        fees={use: item.fees for use, item in combination.items.items()},
        ends_suffice=frozenset(use for use in combination.items if uses[use].needs == "ended"),
        shared={
            one: question.fields
            for question in combination.questions.values()
            for one in question.fields
            if len(question.fields) > 1
        },
    )


def _edges(combination: Combination) -> dict[str, tuple[str, ...]]:
    """By step, those that it waits for."""
    order = combination.service.order
    edges = {}
    for use, item in combination.items.items():
        for name, step in item.steps.items():
            id = f"{use}.{name}"
            own = (f"{use}.{one}" for one in step.after)
            edges[id] = tuple(dict.fromkeys((*own, *order.get(id, ()))))
    return {id: tuple(one for one in after if one in edges) for id, after in edges.items()}


def _turned(edges: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {id: tuple(one for one, after in edges.items() if id in after) for id in edges}


def _closure(edges: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """All that can be reached from each, following edges."""
    found: dict[str, frozenset[str]] = {}
    for id in TopologicalSorter(edges).static_order():
        near = frozenset(edges.get(id, ()))
        found[id] = near.union(*(found[one] for one in near))
    return found


def _step(
    combination: Combination,
    id: str,
    after: tuple[str, ...],
    above: frozenset[str],
    below: frozenset[str],
    joint: str,
) -> PlanStep:
    use, _, name = id.partition(".")
    item = combination.items[use]
    step = item.steps[name]
    together = combination.service.joint.get(joint)
    agreed = together.settings if together else {}
    settings = {**step.settings, **{key: agreed[key] for key in AGREED if key in agreed}}
    when, read = condition(step.when)
    return PlanStep(
        id=id,
        use=use,
        step=step,
        settings=settings,
        after=after,
        above=above,
        below=below,
        when=when,
        reads=_reads(step, settings, read, item.fees, frozenset(item.form.fields)),
        joint=joint,
        form=together.form if together and together.form else step.form,
    )


def _reads(
    step: Step,
    settings: Mapping[str, Any],
    condition_reads: frozenset[str],
    fees: Mapping[str, Fee],
    fields: frozenset[str],
) -> frozenset[str]:
    """The fields that a change of makes the step run anew, if it has run."""
    read = set(condition_reads)
    if step.kind in LOOKING:
        rights = settings.get("fields", {})
        read |= {name for name in fields if rights.get(name) != "hidden"}
    expressions = [*settings.get("input", {}).values(), *settings.get("output", {}).values()]
    expressions += [settings["refuse_when"]] if "refuse_when" in settings else []
    if step.kind == "payment":
        named = settings.get("charges") or tuple(fees)
        expressions += [one for fee in named if fee in fees for one in _of_fee(fees[fee])]
    for expression in expressions:
        read |= compile_rule(expression).reads
    return frozenset(read) & fields


def _of_fee(fee: Fee) -> list[Any]:
    return [one for one in (fee.amount, fee.when) if one is not None]
