"""Do types of licence speak about whom they say?"""

from __future__ import annotations

from definitions.checks.known import units
from definitions.checks.registry import Findings, check
from definitions.model import Library, LicenseType


@check("license", "definition.unknown_subject")
def fields_are_about_the_licence_s_subjects(kind: LicenseType, library: Library) -> Findings:
    """A printed field is about the holder, the thing, or somebody related to them."""
    for name, field in kind.fields.items():
        for subject in field.about:
            if subject not in kind.subjects:
                yield f"/fields/{name}/about", {"subject": subject}


@check("license", "definition.no_holder")
def a_licence_has_a_holder(kind: LicenseType, library: Library) -> Findings:
    """Every licence is somebody's."""
    if "holder" not in kind.subjects:
        yield "/subjects", {}


@check("license", "definition.label_twice")
def labels_are_printed_once(kind: LicenseType, library: Library) -> Findings:
    """Raw text comes by label; two fields of one label would read the same text."""
    seen: dict[tuple[str, str], str] = {}
    for name, field in kind.fields.items():
        other = seen.setdefault((field.label, field.element), name)
        if other != name:
            yield f"/fields/{name}/label", {"label": field.label, "other": other}


@check("license", "definition.unknown_option")
def values_are_codes(kind: LicenseType, library: Library) -> Findings:
    """Raw text becomes a code that the element has."""
    for name, field in kind.fields.items():
        element = library.dictionary.elements.get(field.element)
        if element is None or not element.options:
            continue
        for raw, value in field.values.items():
            codes = value if isinstance(value, list) else [value]
            for code in (one for one in codes if one not in list(element.options)):
                yield f"/fields/{name}/values", {"raw": raw, "code": code}


@check("license", "definition.unknown_unit")
def issuers_are_units(kind: LicenseType, library: Library) -> Findings:
    """A licence is issued by a unit of the organisation."""
    if library.organisations and kind.issuer not in units(library):
        yield "/issuer", {"unit": kind.issuer}
