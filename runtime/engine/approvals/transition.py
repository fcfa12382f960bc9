"""One command on an application: what happens, what it comes to, what has to go out.

Pure: the same process, state, command, facts and moment give the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from definitions.plan.process import Process
from runtime.engine.approvals import applicants, officers, outside
from runtime.engine.approvals.commands import (
    Answer,
    Command,
    OnStep,
    Settle,
    Tick,
    Undone,
)
from runtime.engine.approvals.deliveries import Delivery, deliveries
from runtime.engine.approvals.events import Event, begun, fold
from runtime.engine.approvals.facts import Facts
from runtime.engine.approvals.opening import advance
from runtime.engine.approvals.state import State
from runtime.engine.approvals.ticking import tick
from runtime.engine.approvals.turn import NotAllowed, Turn

Result = tuple[State, tuple[Event, ...], tuple[Delivery, ...]]

HANDLERS: Mapping[type, Callable[[Turn, Any], None]] = {
    **officers.HANDLERS,
    **applicants.HANDLERS,
    **outside.HANDLERS,
    Tick: tick,
}
_SEES_RUNS = (Answer, Undone, Settle)
"""Commands that look after late runs themselves."""


def begin(process: Process, active: Collection[str], facts: Facts, now: datetime) -> Result:
    """An application was sent: its first events, up to where somebody has to act."""
    uses = [use for use in process.items if use in active]
    steps = [id for use in uses for id in process.items[use]]
    first = begun(uses, steps, now)
    turn = Turn(process, fold([first]), facts, now, [first])
    advance(turn)
    return _result(turn)


def transition(
    process: Process, state: State, command: Command, facts: Facts, now: datetime
) -> Result:
    """The state after a command, the events that say what happened, and what must go out.

    A command about a run that is over decides nothing, and is noted (rule 3).

    Raises:
        NotAllowed: the rules don't allow it; nothing has happened.
    """
    turn = Turn(process, state, facts, now)
    if isinstance(command, OnStep):
        if command.step not in state.steps:
            raise NotAllowed("no_step", step=command.step)
        if not isinstance(command, _SEES_RUNS) and _is_late(state, command):
            what = type(command).__name__.lower()
            turn.emit("late", step=command.step, run=command.run, what=what, **command.by.record)
            return _result(turn)
    HANDLERS[type(command)](turn, command)
    advance(turn)
    return _result(turn)


def _is_late(state: State, command: OnStep) -> bool:
    step = state.steps[command.step]
    return step.run != command.run or step.standing != "open"


def _result(turn: Turn) -> Result:
    found = {one.key: one for event in turn.events for one in deliveries(turn.process, event)}
    return turn.state, tuple(turn.events), tuple(found.values())
