"""Papers that may follow (容缺受理), after sending: what is owed, until when, and handing it in.

What was promised stands in the signature, what has come of it in the history, an event for each
file. So everything here is read from events, and what was signed stays as it was signed.

Whoever acts for the application may hand in as long as it runs, after the deadline too: that it
came late is in the history, and nothing follows from that here. Until the deadline a file can be
taken back and another handed in for it; after it, what came stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from definitions.model import Text
from definitions.problems import Problem
from runtime.installation import Installation
from runtime.journey.draft import Draft
from runtime.journey.papers import Following, HandIn, hand_ins
from runtime.store import Actor, Limits, NotFound, StoredFile, Upload
from runtime.store.events import Event

TELLING = ("submitted", "handed_in", "taken_back")
"""The kinds of event that say what is owed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A paper that was put off with the signature; `files` are the ids of those that came since."""

    paper: str
    due: tuple[Following, ...]
    files: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether something was handed in."""
        return bool(self.files)

    @property
    def day(self) -> date | None:
        """The last day by which the first item wants it; None if all wait for a step."""
        return min((one.day for one in self.due if one.day), default=None)

    def is_over(self, today: date) -> bool:
        """Whether that day has passed."""
        return self.day is not None and self.day < today


@dataclass(frozen=True, slots=True)
class Owing:
    """How many papers an application still owes; `day` is the last day of the first of them.

    `step` is the title of the step that a single paper is wanted before, if nothing names a day.
    """

    count: int
    day: date | None
    step: Text | None
    late: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise with its paper as it was asked for when the application was sent.

    The files of `hand_in` are those that came since.
    """

    promise: Promise
    hand_in: HandIn


def signature_of(events: Iterable[Event]) -> Mapping[str, Any]:
    """What was signed and kept: the papers and how each was satisfied, the texts."""
    sent = [one.data for one in events if one.kind == "submitted"]
    return sent[-1].get("signature", {}) if sent else {}


def promises(events: Collection[Event]) -> tuple[Promise, ...]:
    """Every paper that was put off, in the order in which they were signed."""
    files: dict[str, list[str]] = {}
    for one in events:
        if one.kind == "handed_in":
            files.setdefault(one.data["paper"], []).append(one.data["file"]["id"])
        elif one.kind == "taken_back":
            files[one.data["paper"]].remove(one.data["file"]["id"])
    return tuple(
        Promise(paper, tuple(map(_following, record["due"])), tuple(files.get(paper, ())))
        for paper, record in signature_of(events).get("papers", {}).items()
        if record["state"] == "may_follow"
    )


def owing(made: Iterable[Promise], today: date) -> Owing | None:
    """What is still owed; None for nothing."""
    owed = [one for one in made if not one.kept]
    if not owed:
        return None
    day = min((one.day for one in owed if one.day), default=None)
    wanted = [due.step for one in owed for due in one.due]
    step = wanted[0] if len(wanted) == 1 and day is None else None
    return Owing(len(owed), day, step, any(one.is_over(today) for one in owed))


def owing_of(
    installation: Installation, actor: Actor, applications: Collection[str], today: date
) -> dict[str, Owing]:
    """What each of a person's own sent applications still owes; those that owe nothing aren't in.

    Raises:
        NotFound: the actor is no applicant.
    """
    told = installation.store.events.of_own(actor, applications, *TELLING)
    owed = {id: owing(promises(events), today) for id, events in told.items()}
    return {id: one for id, one in owed.items() if one is not None}


def promised(draft: Draft, events: Collection[Event]) -> tuple[Promised, ...]:
    """The promises of a sent application, each with its paper."""
    made = {one.paper: one for one in promises(events)}
    sent_at = draft.application.submitted_at
    if not made or sent_at is None:
        return ()
    as_sent = replace(draft, now=sent_at)
    return tuple(
        Promised(made[one.paper.id], _with_files(one, made[one.paper.id]))
        for one in hand_ins(as_sent)
        if one.paper.id in made
    )


def hand_in(draft: Draft, paper: str, upload: Upload) -> StoredFile | Problem:
    """The file, handed in for a promised paper; or why it can't be taken.

    Raises:
        NotFound: no such paper was promised.
        Refused: the application was withdrawn.
    """
    found = _promised(draft, paper)
    limits = Limits(accept=found.hand_in.accept, max_files=found.hand_in.max_files)
    return draft.installation.store.files.add(
        draft.actor, draft.application, upload, limits, draft.now
    )


def take_back(draft: Draft, paper: str, file: str) -> Problem | None:
    """Take back a file that came for a promised paper; or why it stays. Twice changes nothing.

    Raises:
        NotFound: no such paper was promised.
        Refused: the application was withdrawn.
    """
    promise = _promised(draft, paper).promise
    if promise.is_over(draft.today):
        return Problem("application.paper_stays", f"/papers/{paper}")
    if file in promise.files:
        with suppress(NotFound):
            draft.installation.store.files.take_back(
                draft.actor, draft.application, file, draft.now
            )
    return None


def _promised(draft: Draft, paper: str) -> Promised:
    events = draft.installation.store.events.of(draft.actor, draft.application)
    found = next((one for one in promised(draft, events) if one.promise.paper == paper), None)
    if found is None:
        raise NotFound
    return found


def _with_files(one: HandIn, promise: Promise) -> HandIn:
    return replace(one, files=tuple(file for file in one.files if file.id in promise.files))


def _following(due: Mapping[str, Any]) -> Following:
    day = date.fromisoformat(due["day"]) if due["day"] else None
    return Following(due["use"], day, due["step"])
