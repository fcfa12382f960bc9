"""What prefill gives: offers with their provenance, and all that keeps others from filling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model import License, Provenance


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, for which enterprise they act, and as which subject of the service.

    `role` is the relation in which they stand to that enterprise, if it is known.
    """

    id_number: str
    name: str = ""
    credit_code: str = ""
    subject: str = ""
    phone: str = ""
    enterprise_name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class LicenseRequest:
    """Licenses to ask a source for: whose, of which types, for which items (uses) and why."""

    subject: str
    holder: str
    types: tuple[str, ...]
    items: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A value and where it is from."""

    value: Any
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Unusable:
    """What a license says and why it can't be used, to be shown beside the empty box."""

    raw: Any
    provenance: Provenance
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A license that may be the one: the key of what it is about and words to tell it by.

    `printed` is the label under which it prints the key.
    """

    license: License
    key: str
    label: str
    printed: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A subject whose key is not known yet: the person picks one; its key answers `question`."""

    subject: str
    question: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class RowOffer:
    """A row that a license would add to a table, after a yes: values by column."""

    key: str
    values: Mapping[str, Offer]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the licenses give. Names are controls: a question id, or `<table>/<row>/<column>`.

    `values` fill; `proposals` are answers to situation questions, never set without a yes;
    `refused` are licenses that fill nothing, with a reason code.
    """

    values: Mapping[str, Offer] = field(default_factory=dict)
    proposals: Mapping[str, Offer] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[Offer, ...]] = field(default_factory=dict)
    unusable: Mapping[str, tuple[Unusable, ...]] = field(default_factory=dict)
    picks: tuple[Pick, ...] = ()
    rows: Mapping[str, tuple[RowOffer, ...]] = field(default_factory=dict)
    refused: tuple[tuple[License, str], ...] = ()
