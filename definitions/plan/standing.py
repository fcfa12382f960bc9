"""What is settled before a value is looked at, once the active items and subjects are known.

A field without conditions always stands at the same question, whatever else is answered; a field
that waits for another item, too, as soon as it is known whether that item is active; and so does
a field of a subject that may be another one, as soon as it is known which. What items ask
alike is then judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from definitions.plan.nodes import (
    Condition,
    Judged,
    Leaf,
    Name,
    Node,
    Step,
    Together,
    judge,
    steps,
    take,
)
from definitions.plan.run import Run
from definitions.plan.sources import NO, Direct, Either

Choices = Mapping[str, str | None]
"""By `may_be` control, who the subject is; None where the answer isn't one of the options."""

Placed = tuple[str, str]
"""An own name and its question, when another item's field already judges it the same way."""


@dataclass(frozen=True, slots=True)
class Block:
    """The nodes of one item, of the situation, or of the service's own rules, in working order.

    `when` says over the situation's view whether the item is active; `reads` what that looks at.
    """

    use: str
    nodes: tuple[Node, ...]
    when: Condition | None = None
    reads: frozenset[Name] = frozenset()

    def only(self, nodes: Iterable[Node]) -> Block:
        """The same block with only some of its nodes."""
        wanted = set(map(id, nodes))
        return replace(self, nodes=tuple(node for node in self.nodes if id(node) in wanted))


@dataclass(frozen=True, slots=True)
class _Settled:
    """One block for one set of active items and choices."""

    use: str
    judged: tuple[Judged, ...]
    placed: tuple[Placed, ...]
    ruled: tuple[Step, ...]


class Standing:
    """Some blocks for one set of active items and choices. Immutable; shared between runs."""

    __slots__ = ("_blocks", "_later", "_required", "_shown")

    def __init__(self, blocks: Iterable[Block], active: frozenset[str], choices: Choices) -> None:
        self._shown: set[str] = set()
        self._later: set[str] = set()
        self._required: set[str] = set()
        self._blocks: list[_Settled] = []
        known: set[tuple[str, int]] = set()
        for block in blocks:
            places = [(node, self._settle(node, active, choices)) for node in block.nodes]
            leaves = [(node, place) for node, place in places if place and isinstance(node, Leaf)]
            ruled = _together(node for node, place in places if place is None)
            judged, placed = _shared(leaves, known)
            self._blocks.append(_Settled(block.use, judged, placed, steps(ruled)))

    def _settle(self, node: Node, active: frozenset[str], choices: Choices) -> str | None:
        """Where its value stands; empty if nobody will answer it; None if only a run can tell."""
        if not isinstance(node, Leaf) or node.show or node.require:
            return None
        if not active.isdisjoint(node.waits_for):
            self._later.add(node.source.question)
            return ""
        source, controls = node.source, []
        while isinstance(source, Either):
            choice = choices.get(source.control)
            if choice is None or (choice != NO and choice not in source.others):
                return None
            controls.append(source.control)
            source = source.own if choice == NO else source.others[choice]
        if not isinstance(source, Direct):
            return None
        self._shown.update((*controls, source.question))
        if node.required:
            self._required.add(source.question)
        return source.question

    def run(self, run: Run) -> None:
        """Show and require what stands; fill the blocks' views and judge them, one by one.

        Nothing precedes what has no rules.
        """
        run.shown |= self._shown
        run.required |= self._required
        run.later |= self._later
        get = run.answers.get
        for block in self._blocks:
            view = run.views[block.use] = dict(run.context)
            judge(block.judged, self._required, run, view)
            for name, question in block.placed:
                value = get(question)
                if value is not None:
                    view[name] = value
            take(block.ruled, run, view)


def _shared(
    leaves: Iterable[tuple[Leaf, str]], known: set[tuple[str, int]]
) -> tuple[tuple[Judged, ...], tuple[Placed, ...]]:
    """Have each question judged once: fields that say the same share their check.

    `known` are the questions with their checks that earlier blocks judge.
    """
    judged, placed = [], []
    for leaf, question in leaves:
        key = question, id(leaf.check)
        if key in known:
            placed.append((leaf.name, question))
        else:
            known.add(key)
            judged.append((leaf.name, question, leaf.check))
    return tuple(judged), tuple(placed)


def _together(nodes: Iterable[Node]) -> list[Node]:
    """The nodes, with fields under one condition in the place of the first of them.

    They read the same, so that each finds there what it needs.
    """
    alike: dict[Condition, list[Leaf]] = {}
    places: list[Node | list[Leaf]] = []
    for node in nodes:
        if not isinstance(node, Leaf) or node.show is None or not node.direct:
            places.append(node)
            continue
        if node.show not in alike:
            places.append(alike.setdefault(node.show, []))
        alike[node.show].append(node)
    return [Together(place) if isinstance(place, list) else place for place in places]
