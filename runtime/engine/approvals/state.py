"""Where an application stands after it was sent: every item and step, as its history says.

Plain, frozen values. Times are UTC. Ids: a step is `<use>.<step>`, a run its number of opening, a
line of a bill `<use>.<fee>`, a person the id of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

Standing = Literal["waiting", "open", "frozen", "done", "skipped", "closed"]
"""`closed` steps never open again: their item has ended."""

Effect = Literal["", "sent", "in_force", "unwanted", "undoing", "undone", "stuck"]
"""What a step has done outside. `sent`: no answer yet; `unwanted`: the same, and to be undone as
soon as there is one; `stuck`: it should be undone and can't be, which is for a person to settle."""

Ending = Literal[
    "issued", "rejected", "not_accepted", "withdrawn", "lapsed", "not_completed", "not_started"
]
LOOSE: frozenset[Effect] = frozenset({"unwanted", "undoing", "stuck"})
"""Effects that have to be gone before their step can open again, or the application close."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One of several who decide a step, and those whose word must come first."""

    person: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said."""

    person: str
    yes: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepState:
    """One step. `outcome` is what its latest run came to, `form` what was recorded in it.

    Who may act: the persons, or whoever holds a role in a unit (`offices`); with `signers`, only
    those. `fallback` says that nobody was found and the admin stands in. `delegated` tells by
    person to whom they handed it. `earlier` are the votes of the run before, which can be
    confirmed.
    """

    standing: Standing = "waiting"
    run: int = 0
    outcome: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    opened_at: datetime | None = None
    done_at: datetime | None = None
    offices: tuple[tuple[str, str], ...] = ()
    persons: tuple[str, ...] = ()
    fallback: bool = False
    signers: tuple[Signer, ...] = ()
    votes: tuple[Vote, ...] = ()
    earlier: tuple[Vote, ...] = ()
    delegated: Mapping[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    signed: Mapping[str, str] = field(default_factory=dict)
    effect: Effect = ""
    failed: str = ""
    bill: str = ""
    objections: int = 0
    appointment: Mapping[str, Any] = field(default_factory=dict)
    reminded_on: date | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which an item's clocks stand still; `end` is None while it lasts."""

    id: str
    reason: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Supplement:
    """补正: what an item still needs, told once and complete.

    `asked` are the steps that have asked, `fields` and `papers` what for. It is being written
    until `sent_at`, and waits for the applicant until `answered_at`.
    """

    asked: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether the applicant's answer is awaited."""
        return self.sent_at is not None and self.answered_at is None


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item. `ending` is empty until it has ended; `revoked` if its result was taken back.

    `supplements` is how many were sent, `allowed_again` the fields that one may ask for although
    one was sent before.
    """

    started_at: datetime | None = None
    accepted_at: datetime | None = None
    clock_started_at: datetime | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | Literal[""] = ""
    reason: Mapping[str, Any] = field(default_factory=dict)
    revoked: bool = False
    pauses: tuple[Pause, ...] = ()
    supplement: Supplement | None = None
    supplements: int = 0
    allowed_again: frozenset[str] = frozenset()
    digest: str = ""
    disputes: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether it has started and not ended."""
        return self.started_at is not None and not self.ending

    @property
    def supplement_pause(self) -> str:
        """The id of the pause that the latest supplement has made."""
        return f"supplement:{self.supplements}"

    @property
    def paused(self) -> bool:
        """Whether any pause is open."""
        return any(one.end is None for one in self.pauses)


@dataclass(frozen=True, slots=True)
class Line:
    """One charge of a bill, in fen. `kept` lines are not refunded when their item ends."""

    id: str
    step: str
    payer: str
    amount: int
    kept: bool = False
    standing: Literal["due", "paid", "refunding", "refunded", "dropped"] = "due"


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill of the charges of steps that opened together."""

    id: str
    lines: tuple[Line, ...]
    made_at: datetime
    quoted_again: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The whole. Only active items and their steps are in it."""

    submitted_at: datetime
    items: Mapping[str, ItemState]
    steps: Mapping[str, StepState]
    bills: Mapping[str, Bill] = field(default_factory=dict)
    closed_at: datetime | None = None

    def with_step(self, id: str, **changes: Any) -> State:
        """The same with one step changed."""
        return replace(self, steps={**self.steps, id: replace(self.steps[id], **changes)})

    def with_item(self, use: str, **changes: Any) -> State:
        """The same with one item changed."""
        return replace(self, items={**self.items, use: replace(self.items[use], **changes)})

    def with_bill(self, bill: Bill) -> State:
        """The same with a bill added or changed."""
        return replace(self, bills={**self.bills, bill.id: bill})
