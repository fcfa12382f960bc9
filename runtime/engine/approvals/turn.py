"""One command under way: the state as it becomes, and what has happened so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from definitions.plan.process import PlanStep, Process
from definitions.problems import Problem
from runtime.engine.approvals.events import Event, apply
from runtime.engine.approvals.facts import Facts
from runtime.engine.approvals.state import ItemState, State, StepState


class NotAllowed(Exception):
    """A command that the rules don't allow; `problem` says why. Nothing has happened."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(f"approval.{code}", params=params)


@dataclass(slots=True)
class Turn:
    """The process, where it stands, and the events that this command has brought about."""

    process: Process
    state: State
    facts: Facts
    now: datetime
    events: list[Event] = field(default_factory=list)
    bills: dict[str, str] = field(default_factory=dict)
    """The bill that this command has made for a joint step: its parts share it."""

    def emit(self, kind: str, **data: Any) -> None:
        """Something happens: it is noted, and the state is what comes of it."""
        event = Event(kind, data, self.now)
        self.state = apply(self.state, event)
        self.events.append(event)

    def plan(self, step: str) -> PlanStep:
        """A step as it is defined."""
        return self.process.steps[step]

    def step(self, step: str) -> StepState:
        """Where a step stands now."""
        return self.state.steps[step]

    def item(self, use: str) -> ItemState:
        """Where an item stands now."""
        return self.state.items[use]

    def steps_of(self, use: str) -> list[str]:
        """The steps of an item, each after those above it."""
        return [one for one in self.process.items[use] if one in self.state.steps]

    def admin(self, use: str) -> list[list[str]]:
        """The office to which a person's help is left: the admin of the item's unit."""
        return [[self.facts.units[use], "admin"]]

    def view(self, use: str) -> StepView:
        """An item's answers, and what its steps have come to, for rules to read."""
        return StepView(self.facts.views.get(use, {}), use, self.state)


class StepView:
    """What a step's rules read: own names, `steps.<step>.outcome`, `steps.<step>.form.<field>`."""

    __slots__ = ("_answers", "_more", "_state", "_use")

    def __init__(
        self,
        answers: Mapping[str, Any],
        use: str,
        state: State,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        self._answers, self._use, self._state = answers, use, state
        self._more = more or {}

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name; `default` if there is none."""
        if name in self._more:
            return self._more[name]
        if not name.startswith("steps."):
            return self._answers.get(name, default)
        _, step, what, *field = name.split(".")
        state = self._state.steps.get(f"{self._use}.{step}")
        if state is None or state.standing not in ("done", "skipped"):
            return default
        return state.outcome if what == "outcome" else state.form.get(".".join(field), default)

    def with_answer(self, data: Mapping[str, Any]) -> StepView:
        """The same with what a system answered, as `answer.<name>`."""
        more = {f"answer.{name}": value for name, value in data.items()}
        return StepView(self._answers, self._use, self._state, more)
