"""Everything that was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model.dictionary import Dictionary
from definitions.model.items import Item
from definitions.model.licenses import LicenseType
from definitions.model.services import Service
from definitions.model.surroundings import Calendar, Organisation, Policy, Variant
from definitions.problems import Problem


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was read. `sources` keeps each definition as written, by "kind/id"."""

    dictionary: Dictionary = field(default_factory=Dictionary)
    licenses: Mapping[str, LicenseType] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    calendars: Mapping[int, Calendar] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
