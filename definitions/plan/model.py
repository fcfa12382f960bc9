"""What a release becomes before any request: the one form's questions, and what each item reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from definitions.combine.later import earlier
from definitions.combine.model import Combination, Later, PlanSection, Question, Reading
from definitions.model import Fee, Item, Library, Material, Service, Text, Use
from definitions.plan.compiler import alone
from definitions.plan.nodes import Condition
from definitions.plan.process import Process
from definitions.plan.program import Program
from definitions.plan.run import View
from definitions.problems import Problem


@dataclass(frozen=True, slots=True)
class PlanFee:
    """A charge, compiled: when it is due and what it comes to over the item's view (fen)."""

    fee: Fee
    when: Condition | None
    amount: Callable[[View], Any] | None


@dataclass(frozen=True)
class ItemPlan:
    """An item in its place in the service. `later` and `readings` are by own field name."""

    use: Use
    item: Item
    combination: Combination
    later: Mapping[str, tuple[Later, ...]]
    readings: Mapping[str, Reading]
    fees: tuple[PlanFee, ...] = ()

    @cached_property
    def alone(self) -> Program:
        """Runs the item's form by itself, its own names as questions; made when first needed."""
        return alone(self.combination, self.use.id)


@dataclass(frozen=True, slots=True)
class PlanMaterial:
    """One paper and every item that asks for it, and when. `row_of`: the table it is per row of.

    `ones` names for each ask the `one_of` subject whose row it is about; empty: every row.
    """

    id: str
    material: str
    title: Text
    asks: tuple[tuple[str, Material], ...]
    whens: tuple[Condition | None, ...]
    exclusions: tuple[Condition | None, ...]
    ones: tuple[str, ...]
    subject: str = ""
    row_of: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A release, ready to run; immutable and safe to share. `id` is the release's hash.

    `answerable` are the questions that take an answer, `told` the others; `aside` are those of the
    situation that no section lays out.
    """

    id: str
    library: Library
    service: Service
    combination: Combination
    questions: Mapping[str, Question]
    sections: tuple[PlanSection, ...]
    items: Mapping[str, ItemPlan]
    situation: tuple[str, ...]
    aside: tuple[str, ...]
    materials: Mapping[str, PlanMaterial]
    program: Program
    process: Process
    answerable: frozenset[str]
    told: frozenset[str]
    warnings: tuple[Problem, ...] = ()

    def earlier(self, use: str) -> frozenset[str]:
        """Every use that this one comes after, through others too."""
        return earlier(self.service, use)

    def question(self, control: str) -> Question:
        """The question behind a control's name: a question id, or `<table>/<row>/<column>`.

        Raises KeyError for a name that is not of this form.
        """
        table, _, rest = control.partition("/")
        if not rest:
            return self.questions[table]
        return self.questions[table].columns[rest.partition("/")[2]]
