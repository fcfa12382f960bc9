"""Items: one department's service each, and what items and services have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.model import (
    Commitment,
    Deferral,
    Fee,
    Item,
    Limit,
    Material,
    Result,
    ResultField,
    Satisfaction,
    Span,
    Step,
)
from definitions.reader.fields import form
from definitions.reader.scope import Raw, Scope, names, subjects

_STEP_KEYS = frozenset({"kind", "title", "after", "when"})


def item(raw: Raw, scope: Scope) -> Item:
    """An item; what is wrong with it is told to `scope`."""
    return Item(
        id=raw["id"],
        title=raw["title"],
        department=raw["department"],
        subjects=subjects(raw["subjects"], scope),
        form=form(raw["form"], raw["title"], scope),
        summary=raw.get("summary"),
        guide=raw.get("guide", {}),
        materials=_materials(raw.get("materials", {}), scope),
        commitments={
            name: Commitment(name, one["version"], one["title"], one["text"], one.get("check"))
            for name, one in raw.get("commitments", {}).items()
        },
        fees={name: _fee(name, one) for name, one in raw.get("fees", {}).items()},
        clocks=clocks(raw.get("clocks", {})),
        steps=steps(raw.get("process", {}).get("steps", {}), scope, "/process/steps"),
        result=_result(raw.get("result"), scope),
    )


def span(raw: Raw | None) -> Span | None:
    """A length of time, or None."""
    return None if raw is None else Span(raw["n"], raw["unit"])


def clocks(raw: Raw) -> dict[str, tuple[Limit, ...]]:
    """Time limits by the clock's name; one alone is a list of one."""
    return {
        name: tuple(_limit(one) for one in (limits if isinstance(limits, list) else [limits]))
        for name, limits in raw.items()
    }


def _limit(raw: Raw) -> Limit:
    within = raw["within"]
    return Limit(Span(within["n"], within["unit"]), raw.get("when"))


def steps(raw: Raw, scope: Scope, where: str) -> dict[str, Step]:
    """Steps by id; what belongs to a step's kind stays as written, in `settings`."""
    return {name: _step(name, one, scope, f"{where}/{name}") for name, one in raw.items()}


def _step(name: str, raw: Raw, scope: Scope, where: str) -> Step:
    settings = {key: value for key, value in raw.items() if key not in _STEP_KEYS}
    recorded = form(raw["form"], raw["title"], scope, f"{where}/form") if "form" in raw else None
    after = tuple(raw.get("after", ()))
    return Step(name, raw["kind"], raw["title"], after, raw.get("when"), settings, recorded)


def _materials(raw: Raw, scope: Scope) -> dict[str, Material]:
    built = {name: _material(name, one, scope) for name, one in raw.items()}
    return {name: one for name, one in built.items() if one is not None}


def _material(name: str, raw: Raw, scope: Scope) -> Material | None:
    identity = raw["$ref"].removeprefix("material:")
    known = scope.dictionary.materials.get(identity)
    if known is None:
        where = f"/materials/{name}/$ref"
        scope.report("definition.unknown_material", where, material=identity)
        return None
    return Material(
        id=name,
        material=identity,
        title=raw.get("title", known.title),
        necessity=raw.get("necessity", "required"),
        when=raw.get("when"),
        source=raw.get("source", "applicant"),
        copies=raw.get("copies", 1),
        accept=tuple(raw.get("accept", ("pdf", "jpg", "png"))),
        max_files=raw.get("max_files", 5),
        help=raw.get("help", known.description),
        satisfied_by=tuple(Satisfaction(**one) for one in raw.get("satisfied_by", [_UPLOAD])),
        may_follow=_deferral(raw.get("may_follow")),
        per_row=raw.get("per_row"),
    )


_UPLOAD: Mapping[str, Any] = {"upload": True}


def _deferral(raw: Raw | None) -> Deferral | None:
    return None if raw is None else Deferral(span(raw.get("within")), raw.get("by_step"))


def _fee(name: str, raw: Raw) -> Fee:
    return Fee(
        id=name,
        title=raw["title"],
        amount=raw.get("amount"),
        when=raw.get("when"),
        basis=raw.get("basis"),
        payer=raw.get("payer"),
        source=raw.get("from"),
    )


def _result(raw: Raw | None, scope: Scope) -> Result | None:
    if raw is None:
        return None
    data = {name: _datum(name, one, scope) for name, one in raw.get("data", {}).items()}
    return Result(raw["title"], raw["kind"], raw.get("license"), raw.get("subjects", {}), data)


def _datum(name: str, raw: Raw, scope: Scope) -> ResultField:
    element = raw["$ref"].removeprefix("element:")
    if element not in scope.dictionary.elements:
        where = f"/result/data/{name}/$ref"
        scope.report("definition.unknown_element", where, element=element)
    return ResultField(name, element, names(raw["about"]))
