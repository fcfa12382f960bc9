"""E-licences: their types, one as a source returns it, and where a value is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.model.basics import Text
from definitions.model.forms import Subject
from definitions.model.items import Span


@dataclass(frozen=True, slots=True)
class LicenseField:
    """A printed field of a licence: what it means, and how its raw text becomes a value."""

    id: str
    label: str
    element: str
    about: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LicenseType:
    """A type of e-license: whom and what it speaks about, who issues it, how long it is fresh."""

    id: str
    title: Text
    issuer: str
    subjects: Mapping[str, Subject]
    fields: Mapping[str, LicenseField]
    type_code: str = ""
    fresh_for: Span | None = None


@dataclass(frozen=True, slots=True)
class License:
    """One e-license as a source returned it: printed labels and raw text, never yet trusted."""

    type: str
    number: str
    holder: str
    data: Mapping[str, Any]
    identifier: str = ""
    holder_name: str = ""
    issuer: str = ""
    issued_on: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    status: Literal["valid", "expired", "revoked", "suspended"] = "valid"
    revoked_reason: str = ""
    source: str = ""
    trust: Literal["A", "B", "C", "D"] = "A"
    signature: Literal["valid", "none", "invalid"] = "none"
    fetched_at: str | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value is from, shown to whoever fills and whoever decides."""

    origin: Literal["authority", "own_document", "typed", "staff", "derived", "account"]
    source: str = ""
    license_type: str = ""
    license_number: str = ""
    license_field: str = ""
    request_id: str = ""
    issued_on: str | None = None
    fetched_at: str | None = None
    fresh_until: str | None = None
    signature: Literal["valid", "none", "invalid"] = "none"
    trust: Literal["A", "B", "C", "D"] = "D"
    edited_by: str | None = None
    edited_at: str | None = None
    original: Any = None
