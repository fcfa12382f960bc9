"""An item (事项): papers, charges, limits, steps and what it ends in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.model.basics import Expression, Text
from definitions.model.forms import Form, Subject


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: `n` working or calendar days."""

    n: float
    unit: Literal["working", "calendar"]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """One way to satisfy a material; exactly one of the first four says how."""

    license: str | None = None
    data: str | None = None
    commitment: str | None = None
    upload: bool = False
    about: str | None = None
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Deferral:
    """容缺: the paper may follow, within a span or by the time a step opens."""

    within: Span | None = None
    by_step: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A paper that an item asks for."""

    id: str
    material: str
    title: Text
    necessity: Literal["required", "optional"] = "required"
    when: Expression = None
    source: Literal["applicant", "issued", "other"] = "applicant"
    copies: int = 1
    accept: tuple[str, ...] = ("pdf", "jpg", "png")
    max_files: int = 5
    help: Text | None = None
    satisfied_by: tuple[Satisfaction, ...] = ()
    may_follow: Deferral | None = None
    per_row: str | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """告知承诺: the text that a person commits to, in a version that the answer keeps."""

    id: str
    version: str
    title: Text
    text: Text
    check: Text | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """A charge: `amount` gives whole fen, or `source` names the connector that knows it."""

    id: str
    title: Text
    amount: Expression = None
    when: Expression = None
    basis: Text | None = None
    payer: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit that holds when its condition does (or always)."""

    within: Span
    when: Expression = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process; `settings` are those of its kind, as written.

    `form` is what is recorded in it.
    """

    id: str
    kind: Literal["review", "task", "sign", "connector", "payment", "notice", "issue"]
    title: Text
    after: tuple[str, ...] = ()
    when: Expression = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class ResultField:
    """A datum of a result and what it means."""

    id: str
    element: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What an item ends in. `subjects` binds the licence's subjects to the item's."""

    title: Text
    kind: Literal["license", "letter", "record"]
    license: str | None = None
    subjects: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, ResultField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One department's service (事项)."""

    id: str
    title: Text
    department: str
    subjects: Mapping[str, Subject]
    form: Form
    summary: Text | None = None
    guide: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    fees: Mapping[str, Fee] = field(default_factory=dict)
    clocks: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    result: Result | None = None
