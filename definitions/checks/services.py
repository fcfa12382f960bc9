"""Is a service complete, and do its parts name each other rightly?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.checks.known import circles, units
from definitions.checks.registry import Findings, check
from definitions.model import Library, Service
from definitions.normalise import day_of


@check("service", "definition.unknown_unit")
def leads_are_units(service: Service, library: Library) -> Findings:
    """A combined service has a lead department (article 6)."""
    if library.organisations and service.lead not in units(library):
        yield "/lead", {"unit": service.lead}


@check("service", "definition.unknown_subject")
def applicants_are_subjects(service: Service, library: Library) -> Findings:
    """Whoever signs in is one of the service's subjects."""
    for at, name in enumerate(service.applicant):
        if name not in service.subjects:
            yield f"/applicant/{at}", {"subject": name}


@check("service", "definition.name_clash")
def uses_and_subjects_share_no_name(service: Service, library: Library) -> Findings:
    """Question ids begin with either; one name for both would make two questions one."""
    for name in service.uses:
        if name in service.subjects:
            yield f"/items/{name}", {"name": name}


@check("service", "definition.situation_shows_only")
def situation_rules_only_show(service: Service, library: Library) -> Findings:
    """A situation rule decides which questions come, nothing else."""
    for name, rule in service.situation.rules.items():
        if rule.require or rule.refuse or rule.set:
            yield f"/situation/rules/{name}", {"rule": name}


@check("service", "definition.situation_order")
def the_order_names_questions(service: Service, library: Library) -> Findings:
    """What is put in order is a situation question."""
    raw = library.sources[f"service/{service.id}"].get("situation", {})
    for at, name in enumerate(raw.get("order", ())):
        if name not in service.situation.fields:
            yield f"/situation/order/{at}", {"question": name}


@check("service", "definition.service_hides")
def services_neither_show_nor_calculate(service: Service, library: Library) -> Findings:
    """A service may refuse and require; what an item shows is the item's affair."""
    for name, rule in service.rules.items():
        if rule.show or rule.set:
            yield f"/rules/{name}", {"rule": name}


@check("service", "definition.rule_names_unknown_field")
def service_rules_require_fields(service: Service, library: Library) -> Findings:
    """What a service requires is <use>.<field> of one of its items."""
    for name, rule in service.rules.items():
        for at, required in enumerate(rule.require):
            use, _, field = required.partition(".")
            item = library.items.get(service.uses[use].item) if use in service.uses else None
            known = use in service.uses and (item is None or field in item.form.fields)
            if not known:
                yield f"/rules/{name}/require/{at}", {"field": required, "rule": name}


@check("service", "definition.unknown_step")
def order_and_joint_name_steps(service: Service, library: Library) -> Findings:
    """Order between items and joint steps name <use>.<step>."""
    for name, waits in service.order.items():
        for reference in (name, *waits):
            if not _step_exists(service, library, reference):
                yield f"/order/{name}", {"step": reference}
    for name, step in service.joint.items():
        for at, reference in enumerate(step.settings.get("for", ())):
            if not _step_exists(service, library, reference):
                yield f"/joint/{name}/for/{at}", {"step": reference}


def _step_exists(service: Service, library: Library, reference: str) -> bool:
    use, _, step = reference.partition(".")
    if use not in service.uses:
        return False
    item = library.items.get(service.uses[use].item)
    return item is None or step in item.steps


@check("service", "definition.step_circle")
def the_whole_has_no_circles(service: Service, library: Library) -> Findings:
    """Steps of all items together, with the order between them, come to an end."""
    edges: dict[str, list[str]] = {}
    for use in service.uses.values():
        item = library.items.get(use.item)
        if item is not None:
            for name, step in item.steps.items():
                edges[f"{use.id}.{name}"] = [f"{use.id}.{other}" for other in step.after]
    alone = {name for _, circle in circles(edges) for name in circle}
    for name, waits in service.order.items():
        edges.setdefault(name, []).extend(waits)
    for name, circle in circles(edges):
        if name not in alone:
            yield f"/order/{name}", {"steps": circle}


@check("service", "definition.no_cases", level="warning")
def services_have_cases(service: Service, library: Library) -> Findings:
    """A definition without a case is untested."""
    if not service.cases:
        yield "/cases", {"service": service.title}


@check("service", "definition.expected_item")
def cases_name_uses(service: Service, library: Library) -> Findings:
    """A case expects items that the service uses, and answers questions that it asks."""
    for name, case in service.cases.items():
        for at, use in enumerate(case["expect"].get("items", ())):
            if use not in service.uses:
                yield f"/cases/{name}/expect/items/{at}", {"use": use}


@check("service", "definition.situation_answer")
def cases_answer_situation_questions(service: Service, library: Library) -> Findings:
    """A case's situation holds answers to situation questions."""
    for name, case in service.cases.items():
        for question in case["given"].get("situation", {}):
            if question not in service.situation.fields:
                yield f"/cases/{name}/given/situation/{question}", {"question": question}


@check("service", "definition.no_such_day")
def cases_happen_on_days(service: Service, library: Library) -> Findings:
    """A case has a today, and its licences have dates, that the calendar has."""
    for name, case in service.cases.items():
        for where, day in _days(case["given"]):
            if day_of(day) is None:
                yield f"/cases/{name}/given{where}", {"date": day}


def _days(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "/today", given["today"]
    for at, license in enumerate(given.get("licenses", ())):
        for key in ("issued_on", "valid_from", "valid_to"):
            if key in license:
                yield f"/licenses/{at}/{key}", license[key]
