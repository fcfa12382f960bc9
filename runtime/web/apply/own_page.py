"""What the pages show on which people answer, sign, pay and agree after sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.journey import own, supplement
from runtime.journey.cases import Case, digest_of
from runtime.journey.papers import HandIn, titled
from runtime.journey.paying import made
from runtime.web.apply import papers_page, shown, way_page
from runtime.web.apply.check_page import slice_rows
from runtime.web.context import lang
from runtime.web.forms import form_pieces
from runtime.web.render import FormView
from runtime.web.texts import language, say, t

PAPERS = "/papers/"


def head(case: Case) -> dict[str, Any]:
    """What every one of these pages says of the application."""
    return {
        "application": case.application,
        "service": say(case.draft.plan.service.title),
        "number": case.application.number,
        "version": case.application.version,
    }


def supply(
    asked: supplement.Asked, filled: supplement.Filled, problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """The page that answers a supplement, with everything that was typed."""
    draft = filled.draft
    pieces = form_pieces(draft.plan, language())
    of_papers = {
        one.where.removeprefix(PAPERS): say_problem(one, lang())
        for one in reversed(problems)
        if one.where.startswith(PAPERS)
    }
    of_fields = [one for one in problems if not one.where.startswith(PAPERS)]
    view = FormView(
        draft.state,
        problems=pieces.sentences(of_fields),
        typed=filled.typed,
        today=draft.today.isoformat(),
    )
    fields = [
        {
            "why": asked.controls.get(name, ""),
            "html": pieces.question(name, view),
            "rows": _rows(draft.answers.get(name)) if draft.plan.questions[name].columns else (),
            "id": name,
        }
        for name in filled.controls
        if name in draft.state.shown
    ]
    links = [(words, f"#f-{control}") for control, words in view.problems.items()]
    links += [(words, f"#f-paper-{id}") for id, words in of_papers.items()]
    return {
        **head(asked.case),
        "use": asked.use,
        "item": way_page.item_title(asked.case, asked.use),
        "office": way_page.office_title(asked.case, asked.use),
        "asked": [one for one in fields if one["why"]],
        "also": [one for one in fields if not one["why"]],
        "papers": [_paper(one, why, of_papers.get(one.paper.id, "")) for one, why in asked.papers],
        "problems": links,
    }


def sign(case: Case, step: str, wrong: Mapping[str, str]) -> dict[str, Any]:
    """The page on which somebody signs: what they sign, with its digest."""
    plan, state = case.plan(step), case.state.steps[step]
    text = plan.settings.get("text") or plan.step.title
    names = own.names_of(case.draft.installation, case.draft.actor, case.draft.person)
    return {
        **head(case),
        "step": step,
        "run": state.run,
        "item": way_page.item_title(case, plan.use),
        "title": say(plan.step.title),
        "text": say(text),
        "rows": slice_rows(case.draft, plan.use, case.draft.state.slices(plan.use)),
        "digest": digest_of(case.draft, plan.use),
        "mine": state.standing == "open" and bool(own.signs_as(case, step)),
        "signed": any(one in state.signed for one in names),
        "declined": state.outcome == "declined",
        "wrong": wrong,
        "problems": [(words, f"#f-{name}") for name, words in wrong.items()],
        "name": g.person.name,
    }


def pay(case: Case) -> dict[str, Any]:
    """The page with all bills: lines by item and payer, and where each is paid."""
    return {**head(case), "bills": [_bill(case, id) for id in reversed([*case.state.bills])]}


def _bill(case: Case, id: str) -> dict[str, Any]:
    bill, plan = case.state.bills[id], case.draft.plan
    lines = []
    for line in bill.lines:
        use, _, fee = line.id.partition(".")
        subject = plan.items[use].use.subjects.get(line.payer, "")
        payer = plan.service.subjects.get(subject)
        lines.append(
            {
                "item": way_page.item_title(case, use),
                "title": say(plan.items[use].item.fees[fee].title),
                "payer": say(payer.title) if payer else "",
                "amount": shown.money(line.amount),
                "state": t(f"pay.state.{line.standing}"),
                "tag": {"due": "wait", "paid": "done"}.get(line.standing),
            }
        )
    due = [line.amount for line in bill.lines if line.standing == "due"]
    return {
        "lines": lines,
        "total": shown.money(sum(due)),
        "due": bool(due),
        "page": str(made(case, id).get("page", "")) if due else "",
    }


def appointment(case: Case, step: str, typed: Mapping[str, str], problem: str) -> dict[str, Any]:
    """The page on which a time is agreed, or another one proposed."""
    state, plan = case.state.steps[step], case.plan(step)
    at = str(state.appointment.get("at", ""))
    office = way_page.office_title(case, plan.use)
    key = (
        "agreed"
        if state.appointment.get("agreed")
        else "proposed"
        if state.appointment.get("by") == "office"
        else "mine"
    )
    return {
        **head(case),
        "step": step,
        "run": state.run,
        "words": t("own.appoint.words", step=way_page.step_title(case, step), office=office),
        "at": at,
        "now": t(f"own.appoint.{key}", office=office, at=way_page.when(at)) if at else "",
        "can_agree": key == "proposed" and bool(at),
        "typed": typed,
        "problem": problem,
        "problems": [(problem, "#f-day")] if problem else [],
    }


def dispute(case: Case, use: str, typed: Mapping[str, str], problem: str) -> dict[str, Any]:
    """The page on which a prefilled value is said to be wrong."""
    fields = case.draft.plan.items[use].item.form.fields
    data = case.draft.state.slices(use)
    return {
        **head(case),
        "use": use,
        "item": way_page.item_title(case, use),
        "fields": [
            {
                "id": name,
                "title": say(fields[name].title),
                "value": shown.words(fields[name], data[name]),
            }
            for name in own.prefilled(case, use)
            if name in fields
        ],
        "typed": typed,
        "problem": problem,
        "problems": [(problem, "#f-words")] if problem else [],
    }


def withdraw(case: Case, problem: str = "", reason: str = "") -> dict[str, Any]:
    """The page on which items are taken back: those that can be, and why the others can't."""
    fixed = own.fixed(case)
    return {
        **head(case),
        "can": [(use, way_page.item_title(case, use)) for use, why in fixed.items() if not why],
        "cant": [
            (way_page.item_title(case, use), t(f"withdraw.fixed.{why}"))
            for use, why in fixed.items()
            if why
        ],
        "reason": reason,
        "problem": problem,
        "problems": [(problem, "#f-which")] if problem else [],
    }


def _paper(one: HandIn, why: str, problem: str) -> dict[str, Any]:
    return {
        "id": one.paper.id,
        "title": say(titled(one)),
        "why": why,
        "help": papers_page.help_of(one.paper),
        "accept": papers_page.accept(one),
        "limits": papers_page.limits(one),
        "many": one.max_files > 1,
        "problem": problem,
    }


def _rows(rows: Any) -> list[str]:
    return [row["$row"] for row in rows or ()]


def back(case: Case) -> str:
    """Where the application is followed."""
    return url_for("follow.follow", application=case.application.id)
