"""A random application from its beginning: after every command all must be as the rules say."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from definitions.model import Span
from runtime.engine.approvals import (
    PLATFORM,
    Event,
    NotAllowed,
    State,
    apply,
    begin,
    fold,
    transition,
)
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.clocks import clock
from tests.approvals.generated import ASKS, World, world
from tests.approvals.model import Model, before, china, is_outside, later, ran_anew
from tests.approvals.outsiders import Outsiders, demand
from tests.approvals.players import Crowd, agreeable

Give = Callable[[World, said.Command], State]
MANY_PROCESSES = 1000
_SYSTEMS = (said.Answer, said.Undone, said.Settle)


class Walk:
    """One application on its way, with the model and the outside beside it."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.world: World = world(seed % MANY_PROCESSES)
        self.outside = Outsiders()
        self.crowd = Crowd(self.rng, self.outside)
        self.model = Model(self.world)
        self.history: list[Event] = []
        facts = self.world.facts()
        state, events, out = begin(self.world.process, self.world.active, facts, self.world.now)
        self.state = fold(events[:1])
        self.history.append(events[0])
        self._take(state, events[1:])
        self.outside.hear(out)
        self.model.rest(self.state, self.world, self.outside)

    def walk(self, commands: int) -> None:
        """So many commands, then to the end. Raises Broken where a rule doesn't hold."""
        late = 4
        for _ in range(commands):
            late -= bool(self.state.closed_at)
            if late:
                self.step()
        self.to_the_end()
        assert fold(_through_json(self.history)) == self.state

    def step(self) -> None:
        """One command."""
        new, command = self.crowd.move(self.world, self.state)
        self.give(new, command)

    def give(self, new: World, command: said.Command) -> bool:
        """Give a command; whether it was allowed. What it brings is judged."""
        written = repr(self.state) if self.rng.random() < 0.2 else None
        known = before(self.model, self.world)
        try:
            state, events, out = transition(new.process, self.state, command, new.facts(), new.now)
        except NotAllowed:
            demand(written is None or written == repr(self.state), "refused", "changed", command)
            self.world = replace(self.world, now=new.now)
            self.model.rest(self.state, self.world, self.outside)
            return False
        if written is not None:
            demand(written == repr(self.state), "pure", "the state given is changed", command)
            again = transition(new.process, self.state, command, new.facts(), new.now)
            demand(again == (state, events, out), "pure", "twice the same is not the same", command)
        self._late(command, state, events)
        self._time(command, events)
        late = any(one.kind == "late" for one in events)
        self.world = replace(self.world, now=new.now) if late else new
        if isinstance(command, said.Settle):
            self.outside.settle(command, changes=self._changes(command.step))
        self._take(state, events)
        ran_anew(self.model, known, events)
        self.outside.hear(out)
        self.model.rest(self.state, self.world, self.outside)
        self._clocks()
        if isinstance(command, said.Tick):
            self._overdue({one.data["step"] for one in events if one.kind == "step_woken"})
        return True

    def _late(self, command: said.Command, state: State, events: Sequence[Event]) -> None:
        """What comes for another run decides nothing (rule 3)."""
        if not isinstance(command, said.OnStep):
            return
        step = self.state.steps[command.step]
        other = step.run != command.run
        if other or (step.standing != "open" and not isinstance(command, _SYSTEMS)):
            demand([one.kind for one in events] == ["late"], "3", command, events)
            demand(state == self.state, "3", "late and yet it changed something", command)

    def _changes(self, step: str) -> bool:
        """Whether a step does anything outside that can be seen there."""
        return not self.world.spec.steps[step].get("operation", "").startswith(ASKS)

    def _time(self, command: said.Command, events: Sequence[Event]) -> None:
        """Time approves nothing: only notices are over, and bills with nothing on (rule 18)."""
        if not isinstance(command, said.Tick):
            return
        outcomes = {one.data["outcome"] for one in events if one.kind == "step_done"}
        demand(outcomes <= {"over", "nothing_due"}, "18", "done by time", outcomes)
        for event in events:
            if event.kind == "step_skipped" and event.data["why"] == "lapse":
                self._lapses(event.data["step"], "skip")
            if event.kind == "item_ended" and event.data["ending"] == "lapsed":
                step = event.data["reason"].get("step")
                demand(step is None or self._lapses(step, "end"), "18", event)

    def _lapses(self, id: str, how: str) -> bool:
        """Whether who is waited for is outside, and this follows when they let the time pass."""
        step = self.world.spec.steps[id]
        demand(is_outside(step) and step["lapse"] == how, "18", "lapses", id, how)
        return True

    def _overdue(self, woken: set[str]) -> None:
        """After the clock has ticked nothing waits that should have lapsed (rule 18)."""
        today = china(self.world.now)
        for id, known in self.state.steps.items():
            step = self.world.spec.steps[id]
            opened = known.opened_at
            if known.standing != "open" or opened in (None, self.world.now) or id in woken:
                continue
            if step["kind"] == "notice":
                last = later(china(opened), step["days"])
                demand(today <= last, "18", "a notice runs on", id)
            elif is_outside(step) and step["lapse"] != "remind":
                item = self.state.items[id.partition(".")[0]]
                since = {"submitted": self.state.submitted_at, "accepted": item.accepted_at}
                bill = self.state.bills.get(known.bill)
                whence = "" if bill and bill.quoted_again else step["within"].get("from", "")
                start = since.get(whence) or opened
                start = max(start, item.started_at or start)
                demand(today <= later(china(start), step["within"]), "18", "never lapses", id)

    def _clocks(self) -> None:
        """No clock runs while its item is paused (rule 19)."""
        calendar = self.world.facts().calendar
        for use, item in self.state.items.items():
            if item.paused and not item.ending:
                found = [self._left(item, calendar, self.world.now, days) for days in (0, 9)]
                demand(found[0] is None or found[1] >= found[0], "19", "runs while paused", use)

    def _left(self, item: Any, calendar: Any, now: datetime, days: int) -> Any:
        found = clock("legal", Span(20, "working"), item, calendar, now + timedelta(days=days))
        return found and found.left

    def _take(self, state: State, events: Sequence[Event]) -> None:
        shadow = self.state
        for event in events:
            self.model.see(event, self.world, self.outside)
            shadow = apply(shadow, _through_json([event])[0])
        demand(shadow == state, "fold", "the events don't come to the state")
        self.history += events
        self.state = state

    def to_the_end(self) -> None:
        """Somebody who always says yes comes to the end, and all that happens is judged."""

        def give(world: World, command: said.Command) -> State:
            demand(self.give(world, command), "finishes", "a yes is refused", command)
            return self.state

        self._agree(self.state, self.outside, give)
        held = self.outside.held
        lines = {
            (bill.id, line.id): line.amount
            for bill in self.state.bills.values()
            for line in bill.lines
            if line.standing == "paid"
        }
        demand(held == lines, "16", "money is left with nobody", held, lines)

    def finish(self) -> None:
        """The same apart: this walk stays where it is. Only whether it ends is judged."""
        outside, known = self.outside.copy(), [self.state]

        def give(world: World, command: said.Command) -> State:
            facts = world.facts()
            try:
                state, _, out = transition(world.process, known[0], command, facts, world.now)
            except NotAllowed as no:
                demand(False, "finishes", "a yes is refused", command, no.problem)
            if isinstance(command, said.Settle):
                outside.settle(command, changes=self._changes(command.step))
            outside.hear(out)
            known[0] = state
            return state

        self._agree(self.state, outside, give)

    def _agree(self, state: State, outside: Outsiders, give: Give, limit: int = 400) -> None:
        world = replace(self.world, owed={})
        for _ in range(limit):
            if state.closed_at and not (outside.asked or outside.saying):
                return
            move = next(agreeable(world, state, outside), None)
            if move is None:
                world = replace(world, now=world.now + timedelta(days=1))
            state = give(world, move or said.Tick(PLATFORM))
        left = {
            id: (one.standing, one.effect, one.failed)
            for id, one in state.steps.items()
            if one.standing in ("open", "frozen", "waiting") or one.effect
        }
        endings = {use: one.ending for use, one in state.items.items()}
        demand(False, "finishes", "not", endings, left)


def _through_json(events: Sequence[Event]) -> list[Event]:
    plain = json.loads(json.dumps([[one.kind, one.data, one.at.isoformat()] for one in events]))
    return [Event(kind, data, datetime.fromisoformat(at)) for kind, data, at in plain]
