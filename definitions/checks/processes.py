"""Can a process run from its beginning to an end?"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.known import circles, exists, reached, units
from definitions.checks.registry import Findings, check
from definitions.checks.rules import read_by
from definitions.model import Item, Library, Step

WAITING = frozenset({"sign", "payment"})
"""Kinds of step that wait for somebody outside."""


def _edges(item: Item) -> dict[str, tuple[str, ...]]:
    return {name: step.after for name, step in item.steps.items()}


def above(item: Item, step: str) -> set[str]:
    """Every step that is done or skipped before this one opens."""
    return reached(step, _edges(item))


@check("item", "definition.unknown_step")
def steps_come_after_steps(item: Item, library: Library) -> Findings:
    """What a step waits for is a step of the same item."""
    for name, step in item.steps.items():
        for at, other in enumerate(step.after):
            if other not in item.steps:
                yield f"/process/steps/{name}/after/{at}", {"step": other}


@check("item", "definition.step_circle")
def steps_do_not_go_in_circles(item: Item, library: Library) -> Findings:
    """Steps that wait for each other never open."""
    for name, circle in circles(_edges(item)):
        yield f"/process/steps/{name}/after", {"steps": circle}


@check("item", "definition.step_unreachable")
def every_step_is_reached(item: Item, library: Library) -> Findings:
    """A step that waits for a circle, or for what isn't there, never opens."""
    edges = _edges(item)
    on_circle = {name for _, circle in circles(edges) for name in circle}
    for name in item.steps:
        if name not in on_circle and on_circle & reached(name, edges):
            yield f"/process/steps/{name}", {"step": name}


@check("item", "definition.step_reads_below")
def conditions_read_steps_above(item: Item, library: Library) -> Findings:
    """`when` reads what is settled when the step opens: outcomes of steps above it."""
    for name, step in item.steps.items():
        known = above(item, name)
        for read in sorted(read_by(step.when)):
            other = read.split(".")[1] if read.startswith("steps.") else None
            if other is not None and other not in known:
                yield f"/process/steps/{name}/when", {"step": name, "other": other}


@check("item", "definition.step_without_lapse")
def who_is_waited_for_has_a_time(item: Item, library: Library) -> Findings:
    """Whatever waits on someone outside has `within` and `lapse`."""
    for name, step in item.steps.items():
        missing = [key for key in ("within", "lapse") if key not in step.settings]
        if _waits(step) and missing:
            yield f"/process/steps/{name}", {"step": step.title, "missing": missing}


def _waits(step: Step) -> bool:
    ways = _ways(step)
    return step.kind in WAITING or (step.kind == "task" and any("applicant" in way for way in ways))


def _ways(step: Step) -> list[dict[str, object]]:
    assignees = step.settings.get("assignees", [])
    return assignees if isinstance(assignees, list) else [assignees]


@check("item", "definition.unknown_subject")
def parties_are_subjects(item: Item, library: Library) -> Findings:
    """Whoever signs is a subject of the item."""
    for name, step in item.steps.items():
        party = step.settings.get("party")
        if party is not None and party not in item.subjects:
            yield f"/process/steps/{name}/party", {"subject": party}


@check("item", "definition.unknown_unit")
def assignees_are_units(item: Item, library: Library) -> Findings:
    """A named organisation is a unit."""
    for where, way in _assignees(item):
        unit = way.get("organisation")
        if unit is not None and library.organisations and unit not in units(library):
            yield f"{where}/organisation", {"unit": unit}


@check("item", "definition.unknown_role")
def assignees_have_roles(item: Item, library: Library) -> Findings:
    """A role is one of the organisation's."""
    roles = {name for one in library.organisations.values() for name in one.roles}
    for where, way in _assignees(item):
        if "role" in way and roles and way["role"] not in roles:
            yield f"{where}/role", {"role": way["role"]}


@check("item", "definition.unknown_step")
def assignees_name_steps_above(item: Item, library: Library) -> Findings:
    """Who did step X is known only below X."""
    for name, step in item.steps.items():
        for way in _ways(step):
            other = str(way.get("did") or way.get("form") or "").partition(".")[0]
            if other and other not in above(item, name):
                yield f"/process/steps/{name}/assignees", {"step": other}


def _assignees(item: Item) -> Iterator[tuple[str, dict[str, object]]]:
    for name, step in item.steps.items():
        for way in _ways(step):
            yield f"/process/steps/{name}/assignees", way


@check("item", "definition.step_unknown_field")
def step_fields_are_fields(item: Item, library: Library) -> Findings:
    """What a step hides or lets write is a field of the item."""
    for name, step in item.steps.items():
        for field in step.settings.get("fields", {}):
            if field not in item.form.fields:
                yield f"/process/steps/{name}/fields/{field}", {"field": field}


@check("item", "definition.unknown_license")
def steps_issue_licenses(item: Item, library: Library) -> Findings:
    """What a step issues or revokes is a type of licence."""
    for name, step in item.steps.items():
        issued = step.settings.get("license")
        for license_name in [*([issued] if issued else []), *step.settings.get("revokes", ())]:
            if not exists(library, "license", license_name):
                yield f"/process/steps/{name}", {"license": license_name}


@check("item", "definition.undo_and_final")
def an_effect_is_undone_or_final(item: Item, library: Library) -> Findings:
    """A step says how its effect is undone or that it is final; not both."""
    for name, step in item.steps.items():
        if step.settings.get("undo") and step.settings.get("final"):
            yield f"/process/steps/{name}", {"step": step.title}
