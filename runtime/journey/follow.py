"""Following an application after it was sent: what each department has, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from runtime.journey.draft import CHINA, Draft
from runtime.journey.offices import Stop, schedule
from runtime.journey.owed import Promised, promised, signature_of
from runtime.store import Application
from runtime.store.events import Event
from runtime.store.submissions import Submission


@dataclass(frozen=True, slots=True)
class Followed:
    """A sent application: its way through the offices, what they were sent, what happened.

    `signature` is what was signed and kept: the papers and how each was satisfied, the texts.
    `promised` are the papers that were put off, with what has come of each.
    """

    draft: Draft
    stops: tuple[Stop, ...]
    slices: tuple[Submission, ...]
    events: tuple[Event, ...]
    signature: Mapping[str, Any]
    promised: tuple[Promised, ...]

    @property
    def day(self) -> date:
        """The day of submission, in China."""
        return submitted_on(self.draft.application)


def follow(draft: Draft) -> Followed:
    """Everything about a sent application that its applicant may see."""
    store, actor, held = draft.installation.store, draft.actor, draft.application
    events = tuple(store.events.of(actor, held))
    stops = tuple(schedule(draft, submitted_on(held)))
    order = {stop.use: number for number, stop in enumerate(stops)}
    slices = store.submissions.of(actor, held)
    return Followed(
        draft,
        stops,
        tuple(sorted(slices, key=lambda one: order.get(one.use, len(order)))),
        events,
        signature_of(events),
        promised(draft, events),
    )


def submitted_on(application: Application) -> date:
    """The day of submission, in China.

    Raises:
        ValueError: it hasn't been submitted.
    """
    if application.submitted_at is None:
        raise ValueError("not submitted")
    return application.submitted_at.astimezone(CHINA).date()


def withdraw(draft: Draft, reason: str) -> Application:
    """The application, withdrawn as a whole; twice changes nothing.

    Raises:
        Conflict: something has happened to it since it was loaded.
        Refused: it is still a draft.
    """
    return draft.installation.store.submissions.withdraw(
        draft.actor, draft.application, reason, draft.now
    )
