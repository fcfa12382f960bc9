"""What the check page shows: answers by section, papers, slices, charges, parties, declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from definitions.problems import Problem
from runtime.engine.charges import charges, total
from runtime.engine.schedule import working_days
from runtime.journey.draft import Draft
from runtime.journey.offices import office
from runtime.journey.papers import HandIn, titled
from runtime.journey.sign import DECLARATION, Checked, Signature
from runtime.web.apply import papers_page, shown
from runtime.web.apply.parties_page import party
from runtime.web.portal.pages import basis, days, notices_of
from runtime.web.texts import say, t


def check(checked: Checked, problems: list[Problem], signature: Signature | None) -> dict[str, Any]:
    """The whole page. `problems` came of trying to send it."""
    draft = checked.draft
    links = shown.problem_links(draft, problems)
    wrong = {one.where.lstrip("/"): words for one, words in _worded(problems, links)}
    return {
        "application": draft.application,
        "service": draft.plan.service,
        "problems": links,
        "wrong": wrong,
        "left": len(checked.problems),
        "sections": sections(draft),
        "papers": [_paper(draft, one) for one in checked.papers],
        "slices": [item(draft, use) for use in draft.state.active],
        "charges": _charges(draft),
        "days": days(working_days(draft.plan, draft.state.active, draft.state.views)),
        "notices": notices_of(
            draft.plan, {use: draft.state.views[use] for use in draft.state.active}
        ),
        "parties": [party(draft, one) for one in checked.parties],
        "declaration": say(DECLARATION.text),
        "digest": checked.digest,
        "name": signature.name if signature else "",
        "declared": bool(signature and signature.declared and "declared" not in wrong),
    }


def sections(draft: Draft) -> list[dict[str, Any]]:
    """The answers under the headings of the form; a heading without answers drops out."""
    found = []
    for section in draft.plan.sections:
        questions = [draft.plan.questions[name] for name in section.questions]
        rows = list(shown.answers(draft, questions))
        if rows:
            found.append({"id": section.id, "title": say(section.title), "rows": rows})
    return found


def item(draft: Draft, use: str) -> dict[str, Any]:
    """What one department gets: exactly its view of the answers, and on what legal basis."""
    definition = draft.plan.items[use].item
    return {
        "use": use,
        "title": say(definition.title),
        "office": say(office(draft, use).title),
        "basis": [basis(one) for one in definition.guide.get("basis", ())],
        "rows": slice_rows(draft, use, draft.state.slices(use)),
    }


def slice_rows(draft: Draft, use: str, data: Mapping[str, Any]) -> list[shown.Row]:
    """A slice under the department's own words."""
    fields = draft.plan.items[use].item.form.fields
    return [
        {"title": say(fields[name].title), "value": shown.words(fields[name], value)}
        for name, value in data.items()
        if name in fields and value is not None
    ]


def _paper(draft: Draft, one: HandIn) -> shown.Row:
    address = url_for("papers.papers", application=draft.application.id)
    fixed = one.paper.state in ("waived", "data")
    return {
        "title": say(titled(one)),
        "value": papers_page.how(draft, one),
        "change": "" if fixed else f"{address}#paper-{one.paper.id}",
    }


def _charges(draft: Draft) -> dict[str, Any]:
    found = charges(draft.plan, draft.state)
    amount, complete = total(found)
    lines = [
        {
            "title": say(one.title),
            "about": say(draft.plan.items[one.use].item.title),
            "value": t("check.quoted") if one.amount is None else shown.money(one.amount),
        }
        for one in found
    ]
    known = shown.money(amount) if amount or complete else ""
    parts = [known] if complete else [known, t("check.quoted")]
    return {"lines": lines, "total": t("check.plus").join(filter(None, parts))}


def _worded(problems: list[Problem], links: list[tuple[str, str]]) -> list[tuple[Problem, str]]:
    """The problems of this page's own controls with their sentences."""
    own = {address: words for words, address in links}
    return [
        (one, own[f"#f-{one.where.lstrip('/')}"])
        for one in problems
        if f"#f-{one.where.lstrip('/')}" in own
    ]
