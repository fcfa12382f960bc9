"""Is an item complete, and does its result fit?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definitions.checks.known import comparable, exists, units
from definitions.checks.registry import Findings, check
from definitions.formats import item_code_fault
from definitions.model import Item, Library


@check("item", "definition.unknown_unit")
def departments_are_units(item: Item, library: Library) -> Findings:
    """An item is decided by a unit of the organisation."""
    if library.organisations and item.department not in units(library):
        yield "/department", {"unit": item.department}


@check("item", "definition.no_guide_code")
def items_are_on_the_list(item: Item, library: Library) -> Findings:
    """No item outside the standard list (article 16): it has an implementation code."""
    if not item.guide.get("code"):
        yield "/guide", {"item": item.title}


@check("item", "definition.guide_code")
def codes_are_somebodys(item: Item, library: Library) -> Findings:
    """An implementation code begins with the social credit code of whoever wrote the list."""
    code = item.guide.get("code")
    if code and item_code_fault(code):
        yield "/guide/code", {"code": code}


@check("item", "definition.no_steps", level="warning")
def items_have_a_process(item: Item, library: Library) -> Findings:
    """Without a step nobody ever decides."""
    if not item.steps:
        yield "/process", {"item": item.title}


@check("item", "definition.no_promise", level="warning")
def items_promise_a_time(item: Item, library: Library) -> Findings:
    """People are told how long it takes."""
    if "promised" not in item.clocks:
        yield "/clocks", {"item": item.title}


@check("item", "definition.clock_without_end", level="warning")
def clocks_have_a_limit_that_always_holds(item: Item, library: Library) -> Findings:
    """The last limit has no condition, or there may be none."""
    for name, limits in item.clocks.items():
        if limits[-1].when is not None:
            yield f"/clocks/{name}", {"clock": name}


@check("item", "definition.unknown_license")
def results_issue_licenses(item: Item, library: Library) -> Findings:
    """What a result issues is a type of licence."""
    result = item.result
    if result is None:
        return
    if result.license and not exists(library, "license", result.license):
        yield "/result/license", {"license": result.license}


@check("item", "definition.result_without_license")
def license_results_say_which(item: Item, library: Library) -> Findings:
    """A result of the kind license names its type."""
    if item.result is not None and item.result.kind == "license" and not item.result.license:
        yield "/result", {"result": item.result.title}


@check("item", "definition.result_subject")
def results_bind_the_licence_s_subjects(item: Item, library: Library) -> Findings:
    """The holder and the thing are bound to subjects of the item, of agreeing kinds."""
    result = item.result
    issued = library.licenses.get(result.license or "") if result else None
    if result is None or issued is None:
        return
    for name, bound in result.subjects.items():
        ours, theirs = item.subjects.get(bound), issued.subjects.get(name)
        if ours is None or theirs is None or not comparable(library, ours.kind, theirs.kind):
            yield f"/result/subjects/{name}", {"subject": name, "other": bound}
    for name in ("holder", "thing"):
        if name in issued.subjects and name not in result.subjects:
            yield "/result/subjects", {"subject": name, "other": ""}


@check("item", "definition.unknown_subject")
def result_data_is_about_subjects(item: Item, library: Library) -> Findings:
    """What a result tells is about subjects of the item."""
    for name, datum in (item.result.data if item.result else {}).items():
        for subject in datum.about:
            if subject not in item.subjects:
                yield f"/result/data/{name}/about", {"subject": subject}


@check("item", "definition.unused_subject", level="warning")
def every_subject_is_asked_about(item: Item, library: Library) -> Findings:
    """A subject that no field, paper, fee, step, result or other subject names does nothing."""
    used = {name for names in _subjects_named(item) for name in names if name}
    for name in item.subjects:
        if name not in used and name != "applicant":
            yield f"/subjects/{name}", {"subject": name}


def _subjects_named(item: Item) -> Iterator[Iterable[str | None]]:
    for field in item.form.fields.values():
        yield field.about
        yield from (column.about for column in field.columns.values())
    for subject in item.subjects.values():
        yield subject.of, subject.held_by, subject.one_of, subject.same_place, *subject.may_be
    for material in item.materials.values():
        yield material.per_row, *(way.about for way in material.satisfied_by)
    yield (fee.payer for fee in item.fees.values())
    yield (step.settings.get("party") for step in item.steps.values())
    if item.result is not None:
        yield item.result.subjects.values()
        yield from (datum.about for datum in item.result.data.values())
