"""Calendars, policies and variants."""

from __future__ import annotations

from definitions.checks.known import circles, exists, units
from definitions.checks.registry import Findings, check
from definitions.model import Calendar, Library, Policy, Variant
from definitions.normalise import day_of
from definitions.variant import patched


@check("calendar", "definition.not_a_date")
def dates_are_of_the_year(calendar: Calendar, library: Library) -> Findings:
    """Every day of a calendar is a day of its year."""
    for part in ("holidays", "workdays"):
        for day in getattr(calendar, part):
            known = day_of(day)
            if known is None or known.year != calendar.year:
                yield f"/{part}/{day}", {"date": day, "year": calendar.year}


@check("calendar", "definition.day_off_and_working")
def a_day_is_off_or_working(calendar: Calendar, library: Library) -> Findings:
    """No day is both."""
    for day in calendar.holidays:
        if day in calendar.workdays:
            yield f"/workdays/{day}", {"date": day}


@check("calendar", "definition.workday_in_week", level="warning")
def make_up_days_are_at_weekends(calendar: Calendar, library: Library) -> Findings:
    """A make-up working day that is a working day anyway says nothing."""
    for day in calendar.workdays:
        known = day_of(day)
        if known is not None and known.weekday() < 5:
            yield f"/workdays/{day}", {"date": day}


@check("policy", "definition.unknown_unit")
def policies_have_a_department(policy: Policy, library: Library) -> Findings:
    """A benefit is paid by a unit of the organisation."""
    if library.organisations and policy.department not in units(library):
        yield "/department", {"unit": policy.department}


@check("policy", "definition.no_such_day")
def policies_begin_and_end_on_days(policy: Policy, library: Library) -> Findings:
    """Nothing ends on 31 February."""
    for key in ("valid_from", "valid_to"):
        day = getattr(policy, key)
        if day is not None and day_of(day) is None:
            yield f"/{key}", {"date": day}


@check("policy", "definition.valid_never")
def policies_are_valid_for_a_time(policy: Policy, library: Library) -> Findings:
    """A benefit doesn't end before it begins."""
    if policy.valid_from and policy.valid_to and policy.valid_to < policy.valid_from:
        yield "/valid_to", {"from": policy.valid_from, "to": policy.valid_to}


@check("variant", "definition.variant_of_nothing")
def variants_change_something(variant: Variant, library: Library) -> Findings:
    """What a district changes is there."""
    if not exists(library, *variant.of.split("/", 1)):
        yield "/of", {"of": variant.of}


@check("variant", "definition.variant_clash")
def variants_still_fit(variant: Variant, library: Library) -> Findings:
    """The city's definition with the district's changes is still a whole definition."""
    base = library.sources.get(variant.of)
    if base is None or variant.of.startswith("variant/"):
        return
    for problem in patched(base, variant.patch)[1]:
        yield f"/patch{problem.where}", {"code": problem.code, **problem.params}


@check("library", "definition.variant_circle")
def variants_do_not_go_in_circles(library: Library, _: Library) -> Findings:
    """A variant of a variant ends at a definition."""
    edges = {f"variant/{name}": [one.of] for name, one in library.variants.items()}
    for name, circle in circles(edges):
        yield f"{library.files[name]}#/of", {"variants": circle}
