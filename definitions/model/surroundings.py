"""What stands around services: organisations, calendars, benefits, a district's changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.model.basics import Expression, Text
from definitions.model.forms import Field, Subject


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation: a city, a district, a department, a park, a utility."""

    id: str
    title: Text
    type: str
    parent: str | None = None
    of: str | None = None
    division: str = ""
    code: str = ""
    contact: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who may act for whom, in which items or steps."""

    id: str
    source: str
    target: str
    items: tuple[str, ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tree of units, the roles people hold in them and what is delegated."""

    id: str
    title: Text
    units: Mapping[str, Unit]
    roles: Mapping[str, Text] = field(default_factory=dict)
    delegations: Mapping[str, Delegation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off and the make-up working days of one year."""

    id: str
    title: Text
    year: int
    status: Literal["announced", "provisional"]
    holidays: Mapping[str, str]
    workdays: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """A benefit: each condition is yes, no or unknown; `amount` gives whole fen."""

    id: str
    title: Text
    department: str
    subjects: Mapping[str, Subject]
    fields: Mapping[str, Field]
    conditions: Mapping[str, tuple[Text, Expression]]
    amount: Expression = None
    payment: Text | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A district's changes to one city definition, as a JSON Merge Patch (RFC 7396)."""

    id: str
    title: Text
    of: str
    district: str
    patch: Mapping[str, Any]
