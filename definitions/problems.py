"""A mistake of a user or an author, as data; its sentence is written later, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what a sentence about it needs to know.

    `where` is a JSON Pointer (RFC 6901) into what was judged: `/applicant.party.name` or
    `/sellers/r1/party.name` in answers; `items/food.json#/form/rules/sum` in definitions.
    """

    code: str
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    level: Level = "error"

    def under(self, prefix: str) -> Problem:
        """The same problem, seen from one level further out."""
        return Problem(self.code, prefix + self.where, self.params, self.level)


def escaped(step: str) -> str:
    """One step of a JSON Pointer (RFC 6901), with `~` and `/` in it written as ~0 and ~1."""
    return step.replace("~", "~0").replace("/", "~1")


def errors(problems: list[Problem]) -> list[Problem]:
    """Only those that stop something."""
    return [problem for problem in problems if problem.level == "error"]
