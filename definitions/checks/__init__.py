"""What a reader can't see: whether definitions make sense, and fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.checks import (  # each registers its rules when imported
    dictionary,
    fees,
    forms,
    items,
    licenses,
    materials,
    organisations,
    others,
    processes,
    rules,
    schemas,
    services,
    subjects,
    uses,
)
from definitions.checks.combinations import combinations
from definitions.checks.registry import CHECKS, Check, problem
from definitions.model import Library
from definitions.problems import Problem

TOPICS = (
    dictionary,
    forms,
    fees,
    items,
    licenses,
    materials,
    organisations,
    others,
    processes,
    rules,
    schemas,
    services,
    subjects,
    uses,
)

__all__ = ["CHECKS", "TOPICS", "Check", "check"]


def check(library: Library) -> list[Problem]:
    """What makes no sense in a library; what the reader found is in `library.problems`."""
    found: list[Problem] = []
    for rule in CHECKS:
        for file, definition in _targets(rule, library):
            found += [problem(rule, file, finding) for finding in rule.run(definition, library)]
    found += combinations(library, [*library.problems, *found])
    return list({(one.code, one.where, str(one.params)): one for one in found}.values())


def _targets(rule: Check, library: Library) -> Iterator[tuple[str, Any]]:
    if rule.target == "library":
        yield "", library
        return
    for name, definition in _by_kind(library)[rule.target].items():
        key = f"{rule.target}/{name}"
        yield library.files.get(key, key), definition


def _by_kind(library: Library) -> Mapping[str, Mapping[str, Any]]:
    elements = {
        name.removeprefix("elements/"): raw
        for name, raw in library.sources.items()
        if name.startswith("elements/")
    }
    return {
        "elements": elements,
        "license": library.licenses,
        "organisation": library.organisations,
        "item": library.items,
        "service": library.services,
        "policy": library.policies,
        "variant": library.variants,
        "calendar": {one.id: one for one in library.calendars.values()},
    }
