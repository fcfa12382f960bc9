"""A form as a program: blocks of nodes that run over answers, whole or only what a change needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from definitions.combine.identity import SERVICE, SITUATION
from definitions.plan.nodes import Leaf, Name, Node, steps, take
from definitions.plan.run import Run, View
from definitions.plan.sources import NO, Either, Source
from definitions.plan.standing import Block, Standing
from definitions.rules import CALENDAR, TODAY


class ServiceView(dict[str, Any]):
    """All views, by `<use>.<field>`: what a service's own rules read."""

    __slots__ = ("_views",)

    def __init__(self, views: Mapping[str, View], context: View) -> None:
        super().__init__(context)
        self._views = views

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field in its item's view; `default` if the item isn't active."""
        use, _, path = name.partition(".")
        view = self._views.get(use)
        return super().get(name, default) if view is None else view.get(path, default)


STANDING_KEPT = 64
"""Situations whose standing a program remembers; the common ones are few."""


class Program:
    """Everything a form does with answers. Immutable, but for what it remembers about itself."""

    def __init__(self, blocks: Sequence[Block], calendar: Any = None) -> None:
        self.blocks = tuple(blocks)
        asked = next((block for block in blocks if block.use == SITUATION), Block(SITUATION, ()))
        self._asked = Standing((asked,), frozenset(), {})
        self._service = [steps(block.nodes) for block in blocks if block.use == SERVICE]
        self._items = [block for block in blocks if block.use not in (SITUATION, SERVICE)]
        self._always = frozenset(block.use for block in self._items if block.when is None)
        self._sometimes = [(block.use, block.when) for block in self._items if block.when]
        self._options = _options(blocks)
        self._standing = lru_cache(maxsize=STANDING_KEPT)(self._stand)
        self._calendar = calendar
        self._parts: dict[str, Part] = {}
        self._graph: Graph | None = None

    def run(self, answers: Mapping[str, Any], today: date) -> Run:
        """Run all blocks: the situation, then the items that it makes active, then the service."""
        run = self._situation(answers, today)
        self._standing(run.active, self._choices(answers)).run(run)
        run.settle()
        for ruled in self._service:
            take(ruled, run, ServiceView(run.views, run.context))
        return run

    def active(self, answers: Mapping[str, Any], today: date) -> frozenset[str]:
        """The items that the situation makes active."""
        return self._situation(answers, today).active

    def _situation(self, answers: Mapping[str, Any], today: date) -> Run:
        run = Run(answers, {TODAY: today.isoformat(), CALENDAR: self._calendar})
        self._asked.run(run)
        situation = run.views[SITUATION]
        some = [use for use, when in self._sometimes if when(situation)]
        run.active = self._always.union(some) if some else self._always
        return run

    def _choices(self, answers: Mapping[str, Any]) -> tuple[str | None, ...]:
        """For each control that tells who a subject is: who, or None if that is no option."""
        get = answers.get
        return tuple(
            [
                NO if (answer := get(control)) is None else answer if answer in known else None
                for control, known in self._options.items()
            ]
        )

    def _stand(self, active: frozenset[str], choices: tuple[str | None, ...]) -> Standing:
        blocks = (block for block in self._items if block.use in active)
        return Standing(blocks, active, dict(zip(self._options, choices, strict=True)))

    def part(self, changed: Iterable[str]) -> Part:
        """The part of the program that a change of these questions can make a difference to."""
        names = frozenset(changed)
        if self._graph is None:
            self._graph = Graph(self.blocks)
        if len(names) != 1:
            return self._made(names)
        [name] = names
        found = self._parts.get(name)
        if found is None and name in self._graph.known:
            found = self._parts[name] = self._made(names)
        return found or self._made(names)

    def _made(self, changed: frozenset[str]) -> Part:
        graph = self._graph or Graph(self.blocks)
        touched, nodes = graph.reach(changed)
        blocks = [block.only(nodes[block.use]) for block in self.blocks if block.use in nodes]
        return Part(Program(blocks, self._calendar), touched, bool(changed & graph.situation))


def _options(blocks: Iterable[Block]) -> dict[str, list[str]]:
    """The controls that tell who a subject is, and what may be answered to them.

    A list, since what was answered may be anything: even what can't be looked up in a set.
    """
    found: dict[str, list[str]] = {}
    sources: list[Source] = [
        node.source for block in blocks for node in block.nodes if isinstance(node, Leaf)
    ]
    while sources:
        source = sources.pop()
        if isinstance(source, Either):
            known = found.setdefault(source.control, [NO])
            known += [name for name in source.others if name not in known]
            sources += (source.own, *source.others.values())
    return found


class Part:
    """A smaller program, and the questions whose state it settles.

    `situation` says that active items may change too.
    """

    __slots__ = ("program", "questions", "situation")

    def __init__(self, program: Program, questions: frozenset[str], situation: bool) -> None:
        self.program = program
        self.questions = questions
        self.situation = situation


Place = tuple[str, Node]


class Graph:
    """Which nodes a change reaches, and what those need to run."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = {block.use: block for block in blocks}
        self._named: dict[Name, Place] = {}
        self._looking: dict[str, list[Place]] = {}
        self._showing: dict[str, list[Place]] = {}
        self._reading: dict[Name, list[Place]] = {}
        self._waiting: dict[str, list[Place]] = {}
        for block in blocks:
            for node in block.nodes:
                self._index((block.use, node))
        self.known = frozenset(self._looking)
        situation = self._blocks.get(SITUATION)
        asked = (node.questions for node in situation.nodes) if situation else ()
        self.situation: frozenset[str] = frozenset().union(*asked)

    def _index(self, place: Place) -> None:
        use, node = place
        self._named[use, node.name] = place
        for question in node.answers:
            self._looking.setdefault(question, []).append(place)
        for question in node.questions:
            self._showing.setdefault(question, []).append(place)
        for name in node.reads:
            self._reading.setdefault(name, []).append(place)
        for earlier in node.waits_for:
            self._waiting.setdefault(earlier, []).append(place)

    def reach(self, changed: frozenset[str]) -> tuple[frozenset[str], dict[str, list[Node]]]:
        """The questions whose state may differ, and by block every node that decides on them."""
        touched, reached = self._spread(changed)
        wanted = {
            id(place[1]): place for question in touched for place in self._showing.get(question, ())
        }
        wanted.update({id(place[1]): place for place in reached})
        nodes: dict[str, list[Node]] = {}
        for use, node in self._with_inputs(wanted):
            nodes.setdefault(use, []).append(node)
            for earlier in node.waits_for:
                nodes.setdefault(earlier, [])
        self._decide_active(nodes)
        return touched, nodes

    def _spread(self, changed: frozenset[str]) -> tuple[frozenset[str], list[Place]]:
        """Follow a change through values, conditions and items becoming active."""
        touched = set(changed)
        queue: list[Place] = []
        for question in changed:
            for place in self._looking.get(question, ()):
                queue.append(place)
                if question in place[1].controls:
                    touched |= place[1].questions
        reached: dict[int, Place] = {}
        while queue:
            place = queue.pop()
            if id(place[1]) in reached:
                continue
            reached[id(place[1])] = place
            for other in self._following(place):
                touched |= other[1].questions
                queue.append(other)
        return frozenset(touched), list(reached.values())

    def _following(self, place: Place) -> Iterable[Place]:
        name = (place[0], place[1].name)
        yield from self._reading.get(name, ())
        if place[0] == SITUATION:
            for block in self._blocks.values():
                if name in block.reads:
                    yield from ((block.use, node) for node in block.nodes)
                    yield from self._waiting.get(block.use, ())

    def _with_inputs(self, wanted: dict[int, Place]) -> list[Place]:
        """These nodes and all whose values they need, through others too."""
        queue = list(wanted.values())
        while queue:
            _, node = queue.pop()
            for name in node.reads:
                place = self._named.get(name)
                if place is not None and id(place[1]) not in wanted:
                    wanted[id(place[1])] = place
                    queue.append(place)
        return list(wanted.values())

    def _decide_active(self, nodes: dict[str, list[Node]]) -> None:
        """Add what the situation needs to say which of these items are active."""
        needed = {
            id(place[1]): place
            for use in nodes
            if use in self._blocks
            for name in self._blocks[use].reads
            if (place := self._named.get(name)) is not None
        }
        have = {id(node) for node in nodes.get(SITUATION, ())}
        for use, node in self._with_inputs(needed):
            if id(node) not in have:
                nodes.setdefault(use, []).append(node)
