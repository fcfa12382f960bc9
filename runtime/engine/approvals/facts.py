"""What a transition is told about the world: answers, who works where, which days are worked.

All of it is data that the caller has read before. Nothing here asks anybody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from definitions.calendars import WorkCalendar
from definitions.plan.run import View

Holders = Callable[[str, str], Sequence[str]]
"""Who holds a role in a unit, by their ids."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The world at one moment, by use where it differs by item.

    `views` are the items' views of the answers, `digests` their hashes; `units` who handles an
    item; `delegated` by unit and step to which units it is handed on; `parents` the units above
    a unit; `parties` by `<use>.<subject>` who has to sign for it, and `signed` in the same way what
    they have signed before the form was sent; `owed` by use the papers that are still to follow:
    until when, or before which step.
    """

    views: Mapping[str, View]
    units: Mapping[str, str]
    holders: Holders
    calendar: WorkCalendar
    digests: Mapping[str, str] = field(default_factory=dict)
    delegated: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    signed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    owed: Mapping[str, Sequence[Owed]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owed:
    """容缺: a paper that may follow, until a day or until a step opens."""

    paper: str
    until: date | None = None
    by_step: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives a command.

    `holds` are the roles by unit that somebody of staff holds, those of whom they stand in for
    included; an applicant holds none.
    """

    person: str
    name: str = ""
    holds: frozenset[tuple[str, str]] = frozenset()
    applicant: bool = False

    @property
    def record(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"person": self.person, "name": self.name}


PLATFORM = By("", "platform")
"""The platform itself: the clock, answers of systems outside."""
