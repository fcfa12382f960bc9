"""A service (一件事): items on one form, in an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.model.basics import Expression, Text
from definitions.model.forms import Form, RuleDefinition, Section, Subject
from definitions.model.items import Limit, Step


@dataclass(frozen=True, slots=True)
class Use:
    """An item inside a service: when it is active, what it waits for, who is who.

    `needs` says what it needs of those that it comes `after`: a result, or just their end.
    """

    id: str
    item: str
    when: Expression = None
    after: tuple[str, ...] = ()
    subjects: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    both: bool = False
    needs: Literal["issued", "ended"] = "issued"


@dataclass(frozen=True, slots=True)
class Service:
    """一件事: several items on one form, in an order."""

    id: str
    title: Text
    lead: str
    subjects: Mapping[str, Subject]
    applicant: tuple[str, ...]
    uses: Mapping[str, Use]
    situation: Form
    summary: Text | None = None
    code: str = ""
    audience: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()
    rules: Mapping[str, RuleDefinition] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joint: Mapping[str, Step] = field(default_factory=dict)
    clocks: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    faq: tuple[Mapping[str, Text], ...] = ()
    cases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
