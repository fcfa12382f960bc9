"""Small definitions for tests of combining: one line a thing, read by the real reader."""

from __future__ import annotations

from datetime import date
from typing import Any

from definitions.model import Library
from definitions.plan import Plan, plan_of
from definitions.problems import errors
from definitions.reader import read_bundle
from runtime.engine.form import FormState, evaluate

TODAY = date(2026, 11, 23)
Raw = dict[str, Any]


def text(words: str) -> Raw:
    """A title in both languages."""
    return {"zh-CN": words, "en": words}


def leaf(kind: str, **more: Any) -> Raw:
    """A field of a JSON type."""
    return {"type": kind, "title": text(more.pop("title", kind)), **more}


def meaning(element: str, about: Any, **more: Any) -> Raw:
    """A field that names an element."""
    return {"$ref": f"element:{element}", "about": about, **more}


def rows(about: Any, columns: Raw, required: list[str] | None = None, **more: Any) -> Raw:
    """A table."""
    items = {"type": "object", "properties": columns, "required": required or []}
    items |= {"rules": more.pop("rules")} if "rules" in more else {}
    table = {"type": "array", "title": text("table"), "items": items, **more}
    return table | ({"about": about} if about else {})


def var(name: str) -> Raw:
    """A rule's look at an answer."""
    return {"var": name}


def equals(name: str, value: Any) -> Raw:
    """A condition on one answer."""
    return {"==": [var(name), value]}


def _element(kind: str, **schema: Any) -> Raw:
    return {"title": text(kind), "type": kind, "schema": schema}


ELEMENTS: Raw = {
    "kind": "elements",
    "id": "e",
    "title": text("e"),
    "subject_kinds": {
        "party": {"title": text("party")},
        "person": {
            "title": text("person"),
            "is_a": "party",
            "key": "e.key",
            "name": "e.name",
            "key_tells": [{"element": "e.sort", "pattern": "^N[0-9]+$", "value": "z"}],
        },
        "firm": {"title": text("firm"), "is_a": "party", "key": "e.code", "name": "e.name"},
        "home": {"title": text("home"), "key": "e.unit", "name": "e.name"},
        "shop": {"title": text("shop"), "key": "e.address", "name": "e.address"},
    },
    "relations": {
        "head": {"title": text("head"), "from": "firm", "to": "person"},
        "agent": {"title": text("agent"), "from": "firm", "to": "person"},
    },
    "elements": {
        "key": _element("text", type="string"),
        "code": _element("text", type="string"),
        "unit": _element("text", type="string"),
        "address": _element("text", type="string"),
        "name": _element("text", type="string", maxLength=20),
        "count": _element("integer", type="integer", minimum=0, maximum=100),
        "flag": _element("boolean", type="boolean"),
        "sort": {
            **_element("choice", type="string"),
            "options": {code: text(code) for code in ("x", "y", "z")},
        },
        "area": {**_element("number", type="number", minimum=0), "unit": "m2", "decimals": 2},
    },
    "materials": {"lease": {"title": text("lease")}, "card": {"title": text("card")}},
}


def item(name: str, subjects: Raw, fields: Raw, required: Any = (), **more: Any) -> Raw:
    """An item; `rules` go to its form, everything else to the item."""
    form: Raw = {
        "schema": {"type": "object", "properties": fields, "required": list(required)},
        "rules": more.pop("rules", {}),
    }
    return {
        "kind": "item",
        "id": name,
        "title": text(name),
        "department": "office",
        "subjects": subjects,
        "form": form,
        "process": {"steps": more.pop("steps", {})},
        "result": {"title": text("result"), "kind": "record"},
        **more,
    }


def use(name: str, subjects: Raw | None = None, **more: Any) -> Raw:
    """An item in a service."""
    return {"use": name, "subjects": subjects or {}, "both": True, **more}


def service(subjects: Raw, uses: Raw, **more: Any) -> Raw:
    """A service."""
    return {
        "kind": "service",
        "id": "service",
        "title": text("service"),
        "summary": text("service"),
        "lead": "office",
        "audience": ["person"],
        "subjects": subjects,
        "applicant": [more.pop("applicant", next(iter(subjects)))],
        "items": uses,
        **more,
    }


def library(*definitions: Raw) -> Library:
    """A library of these definitions and the elements; fails on any problem."""
    bundle = {}
    for one in (ELEMENTS, *definitions):
        kind = one["kind"]
        written = {"$schema": f"../../schemas/{kind}.json", **one}
        bundle[f"{kind}/{one['id']}"] = written
    found = read_bundle(bundle)
    assert not errors(list(found.problems)), found.problems
    return found


def plan(*definitions: Raw) -> Plan:
    """The plan of the service among these definitions."""
    return plan_of(library(*definitions), "service")


def judged(made: Plan, **answers: Any) -> FormState:
    """The state of a form; `__` in a name stands for a dot."""
    return evaluate(made, {name.replace("__", "."): one for name, one in answers.items()}, TODAY)


def codes(state: FormState) -> list[tuple[str, str]]:
    """Problems as code and place."""
    return [(problem.code, problem.where) for problem in state.problems]
