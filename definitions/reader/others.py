"""Licences, organisations, calendars, policies and variants."""

from __future__ import annotations

from definitions.model import (
    Calendar,
    Delegation,
    LicenseField,
    LicenseType,
    Organisation,
    Policy,
    Unit,
    Variant,
)
from definitions.reader.fields import fields
from definitions.reader.items import span
from definitions.reader.scope import Raw, Scope, names, subjects


def license_type(raw: Raw, scope: Scope) -> LicenseType:
    """A type of e-license; what is wrong with it is told to `scope`."""
    return LicenseType(
        id=raw["id"],
        title=raw["title"],
        issuer=raw["issuer"],
        subjects=subjects(raw["subjects"], scope),
        fields={name: _license_field(name, one, scope) for name, one in raw["fields"].items()},
        type_code=raw.get("type_code", ""),
        fresh_for=span(raw.get("fresh_for")),
    )


def _license_field(name: str, raw: Raw, scope: Scope) -> LicenseField:
    element = raw["$ref"].removeprefix("element:")
    if element not in scope.dictionary.elements:
        scope.report("definition.unknown_element", f"/fields/{name}/$ref", element=element)
    return LicenseField(name, raw["label"], element, names(raw["about"]), raw.get("values", {}))


def organisation(raw: Raw, scope: Scope) -> Organisation:
    """A tree of units."""
    return Organisation(
        id=raw["id"],
        title=raw["title"],
        units={name: _unit(name, one) for name, one in raw["units"].items()},
        roles=raw.get("roles", {}),
        delegations={
            name: _delegation(name, one) for name, one in raw.get("delegations", {}).items()
        },
    )


def _unit(name: str, raw: Raw) -> Unit:
    return Unit(
        id=name,
        title=raw["title"],
        type=raw["type"],
        parent=raw.get("parent"),
        of=raw.get("of"),
        division=raw.get("division", ""),
        code=raw.get("code", ""),
        contact=raw.get("contact", {}),
    )


def _delegation(name: str, raw: Raw) -> Delegation:
    steps = tuple(raw.get("steps", ()))
    return Delegation(name, raw["from"], raw["to"], tuple(raw["items"]), steps)


def calendar(raw: Raw, scope: Scope) -> Calendar:
    """The days off and make-up working days of a year."""
    return Calendar(
        id=raw["id"],
        title=raw["title"],
        year=raw["year"],
        status=raw["status"],
        holidays=raw["holidays"],
        workdays=raw["workdays"],
    )


def policy(raw: Raw, scope: Scope) -> Policy:
    """A benefit; what is wrong with it is told to `scope`."""
    return Policy(
        id=raw["id"],
        title=raw["title"],
        department=raw["department"],
        subjects=subjects(raw["subjects"], scope),
        fields=fields(raw["fields"], (), scope, "/fields"),
        conditions={name: (one["title"], one["when"]) for name, one in raw["conditions"].items()},
        amount=raw.get("amount"),
        payment=raw.get("payment"),
        valid_from=raw.get("valid_from"),
        valid_to=raw.get("valid_to"),
    )


def variant(raw: Raw, scope: Scope) -> Variant:
    """A district's changes."""
    return Variant(raw["id"], raw["title"], raw["of"], raw["district"], raw["patch"])
