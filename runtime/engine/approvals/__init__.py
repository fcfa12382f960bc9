"""Approvals: what becomes of an application after it was sent.

    state, events, deliveries = begin(process, active, facts, now)
    state, events, deliveries = transition(process, state, command, facts, now)
    state == fold(events)                       # of its whole history

The rules are numbered as in `docs/approvals.md`; tests name them.
"""

from runtime.engine.approvals.deliveries import Delivery
from runtime.engine.approvals.events import Event, apply, fold
from runtime.engine.approvals.facts import PLATFORM, By, Facts, Owed
from runtime.engine.approvals.state import State
from runtime.engine.approvals.transition import begin, transition
from runtime.engine.approvals.turn import NotAllowed

__all__ = [
    "PLATFORM",
    "By",
    "Delivery",
    "Event",
    "Facts",
    "NotAllowed",
    "Owed",
    "State",
    "apply",
    "begin",
    "fold",
    "transition",
]
