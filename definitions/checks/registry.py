"""The rules that a library is held to: each one small function, registered with its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from definitions.model import Library
from definitions.problems import Level, Problem

Target = Literal[
    "library", "elements", "license", "organisation", "item", "service", "policy", "calendar",
    "variant",
]  # fmt: skip
Finding = tuple[str, Mapping[str, Any]] | Problem
"""Where in the definition (a JSON Pointer), and what the sentence needs to know.

A rule that passes on what another judge found yields that judge's problems, with their codes.
"""

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: the code of its problem, what it looks at, and the function that looks."""

    code: str
    target: Target
    run: Callable[[Any, Library], Findings]
    level: Level = "error"


CHECKS: list[Check] = []

Judge = Callable[[Any, Library], Findings]


def check(target: Target, code: str = "", level: Level = "error") -> Callable[[Judge], Judge]:
    """Register a rule: it is given one definition and the library, and yields what it finds.

    Without a code it passes on problems of another judge. A rule about `library` yields places as
    `<file>#<pointer>`, since it sees them all.
    """

    def register(judge: Judge) -> Judge:
        CHECKS.append(Check(code, target, judge, level))
        return judge

    return register


def problem(rule: Check, file: str, finding: Finding) -> Problem:
    """The problem that a finding of a rule is."""
    if isinstance(finding, Problem):
        return finding.under(f"{file}#")
    where, params = finding
    return Problem(rule.code, f"{file}#{where}" if file else where, params, rule.level)
