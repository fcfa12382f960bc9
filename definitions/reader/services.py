"""Services: several items on one form."""

from __future__ import annotations

from dataclasses import replace

from definitions.model import Form, Service, Text, Use
from definitions.reader.fields import fields, rules, sections
from definitions.reader.items import clocks, steps
from definitions.reader.scope import Raw, Scope, subjects


def service(raw: Raw, scope: Scope) -> Service:
    """A service; what is wrong with it is told to `scope`."""
    return Service(
        id=raw["id"],
        title=raw["title"],
        lead=raw["lead"],
        subjects=subjects(raw["subjects"], scope),
        applicant=tuple(raw["applicant"]),
        uses={name: _use(name, one) for name, one in raw["items"].items()},
        situation=_situation(raw.get("situation", {}), raw["title"], scope),
        summary=raw.get("summary"),
        code=raw.get("code", ""),
        audience=tuple(raw.get("audience", ())),
        themes=tuple(raw.get("themes", ())),
        life_events=tuple(raw.get("life_events", ())),
        keywords=tuple(raw.get("keywords", ())),
        districts=tuple(raw.get("districts", ())),
        same=tuple(tuple(group) for group in raw.get("same", ())),
        rules=rules(raw.get("rules", {})),
        sections=sections(raw.get("sections", ()), "questions"),
        order={name: tuple(waits) for name, waits in raw.get("order", {}).items()},
        joint=steps(raw.get("joint", {}), scope, "/joint"),
        clocks=clocks(raw.get("clocks", {})),
        faq=tuple(raw.get("faq", ())),
        cases=raw.get("cases", {}),
    )


def _use(name: str, raw: Raw) -> Use:
    return Use(
        id=name,
        item=raw["use"],
        when=raw.get("when"),
        after=tuple(raw.get("after", ())),
        subjects=raw.get("subjects", {}),
        fixed=raw.get("fixed", {}),
        both=raw.get("both", False),
        needs=raw.get("needs", "issued"),
    )


def _situation(raw: Raw, title: Text, scope: Scope) -> Form:
    """The situation questions in their order. One that is asked has to be answered: it decides."""
    known = fields(raw.get("questions", {}), (), scope, "/situation/questions")
    written = rules(raw.get("rules", {}))
    shown = {name for rule in written.values() for name in rule.show}
    order = [name for name in raw.get("order", known) if name in known]
    order += [name for name in known if name not in order]
    asked = {name: replace(known[name], required=name not in shown) for name in order}
    return Form(asked, sections([{"title": title, "fields": order}], "fields"), written)
