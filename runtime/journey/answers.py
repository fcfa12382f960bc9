"""From what was typed to answers: read by field type, and nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.plan import Plan
from definitions.problems import Problem
from runtime.engine.picking import with_rows


class Posted(Protocol):
    """A form as it was posted: several texts may come under one name."""

    def getlist(self, name: str) -> Sequence[str]:
        """Every text of one name."""

    def __contains__(self, name: object) -> bool:
        """Whether the name was posted at all."""

    def __iter__(self) -> Iterator[str]:
        """Every name once."""


@dataclass(slots=True)
class Reading:
    """What a post says, by control. None in `answers` takes an answer away.

    `unread` keeps what was typed and could not be read, and `problems` say why.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, Sequence[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def given(self) -> Mapping[str, Any]:
        """The answers that there are."""
        return {name: value for name, value in self.answers.items() if value is not None}


def read(
    plan: Plan,
    controls: Iterable[str],
    posted: Posted,
    answers: Mapping[str, Any] = MappingProxyType({}),
) -> Reading:
    """Each of these controls that was posted, as the value its field type makes of it.

    `answers` are those before: a row of them may be picked.
    """
    reading = Reading()
    for control in controls:
        if control not in posted:
            continue
        typed = posted.getlist(control)
        question = with_rows(plan.question(control), answers)
        try:
            reading.answers[control] = REGISTRY[question.type].parse(typed, question.field)
        except Unreadable as error:
            reading.unread[control] = typed
            reading.problems.append(error.problem.under(f"/{control}"))
    return reading
