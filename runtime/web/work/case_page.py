"""What the page of a case shows: the item's slice, its papers and history, and what to do now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.journey.desk import Work
from runtime.journey.papers import work_calendar
from runtime.journey.recording import Recording, recording
from runtime.web.apply import shown
from runtime.web.context import lang, today
from runtime.web.forms import form_pieces
from runtime.web.portal.pages import span
from runtime.web.render import FormView
from runtime.web.texts import say, t
from runtime.web.work import history_page, slice_page
from runtime.web.work.acting import HOLDS, MODES, OUTCOMES, WAYS, Posted
from runtime.web.work.words import (
    applicant_of,
    holder,
    item_title,
    light,
    names_of,
    role_title,
    step_title,
    unit_title,
)

ASIDE = (
    "return", "transfer", "delegate", "add_signer", "take_off_signer", "copy", "hold", "resume",
    "appoint", "settle", "comment",
)  # fmt: skip
"""What stands folded under the decision, in this order."""
STATES = {
    "waiting": "later", "open": "now", "frozen": "wait", "done": "done", "skipped": "done",
    "closed": "stop",
}  # fmt: skip


def case(
    work: Work,
    tried: str = "",
    posted: Posted | None = None,
    problems: Sequence[Problem] = (),
    open_file: str = "",
) -> dict[str, Any]:
    """The whole page. `tried` is what somebody wanted to do and couldn't, `posted` its words."""
    draft, typed = work.case.draft, posted or MultiDict()
    files = slice_page.papers(work, open_file)
    viewed = [file for paper in files for file in paper["files"] if file["open"]]
    return {
        **head(work),
        "rows": slice_page.rows(work),
        "papers": files,
        "viewed": viewed[0] if viewed else None,
        "records": records(work),
        "history": history_page.whole(work),
        "steps": steps(work),
        "parts": [_part(work, one) for one in work.parts],
        "clocks": clocks(work),
        "holders": holders(work),
        "fallback": work.is_open and work.step.fallback,
        "earlier": _earlier(work),
        "decide": _decide(work, typed if tried == "decide" else MultiDict(), problems),
        "supplement": "supplement" in work.may,
        "delegated_to_me": "give_back" in work.may,
        "ways": [
            _way(work, name, typed if tried == name else MultiDict(), tried == name)
            for name in ASIDE
            if can(work, name)
        ],
        "tried": tried,
        "typed": typed,
        "wrong": sentences(work, problems),
        "links": links(work, problems),
        "can_act": bool(work.may),
        "phone": draft.person.phone,
    }


def head(work: Work) -> dict[str, Any]:
    """What every page about the step says at its head."""
    draft, plan = work.case.draft, work.case.draft.plan
    submitted = work.case.application.submitted_at
    return {
        "application": work.case.application.id,
        "step": work.id,
        "run": work.step.run,
        "version": work.case.application.version,
        "number": work.case.application.number,
        "service": say(plan.service.title),
        "item": item_title(plan, work.use),
        "title": step_title(plan, work.id),
        "office": unit_title(work.unit),
        "applicant": applicant_of(draft),
        "submitted": shown.moment(submitted) if submitted else "",
        "state": _state(work),
        "light": light(work.due, today(), work_calendar(draft.installation), _stands(work))
        if work.is_open
        else None,
        "open": work.is_open,
    }


def can(work: Work, name: str) -> bool:
    """Whether somebody may do this now; a hold is ended where there is one, else begun."""
    if name in ("hold", "resume"):
        return "hold" in work.may and (name == "resume") == bool(work.held)
    possible = not work.may.isdisjoint(WAYS[name].needs)
    if name in ("transfer", "delegate", "add_signer", "copy"):
        return possible and bool(work.colleagues)
    return possible


def sentences(work: Work, problems: Sequence[Problem]) -> dict[str, str]:
    """Problems in words, by the control that each stands at."""
    form = recording(work.case.draft.plan, work.plan, MultiDict(), today())
    pieces = form_pieces(form.plan, lang()) if form else None
    found: dict[str, str] = {}
    for one in problems:
        where = one.where.removeprefix("/")
        if pieces and one.code.startswith("answer."):
            found |= pieces.sentences([one])
        else:
            found.setdefault(where, say_problem(_titled(work, one), lang()))
    return found


def links(work: Work, problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """The same for the summary at the top: words, and where to mend it.

    What can't be done any more has no form: then the place is where everything is done.
    """
    found = sentences(work, problems)
    gone = {name for name in (*ASIDE, "confirm", "give_back") if not can(work, name)}
    return [
        (words, "#act" if where.partition("-")[0] in gone else f"#f-{where}")
        for where, words in found.items()
    ]


def steps(work: Work) -> list[dict[str, str]]:
    """The steps of this item, as far as they are known: for the timeline."""
    state, process = work.case.state, work.case.draft.plan.process
    return [
        {
            "title": step_title(work.case.draft.plan, one),
            "state": STATES[state.steps[one].standing],
            "department": "",
            "when": _done_on(work, one),
            "about": t("work.skipped") if state.steps[one].standing == "skipped" else "",
        }
        for one in process.items[work.use]
        if one in state.steps
    ]


def clocks(work: Work) -> list[dict[str, Any]]:
    """The item's clocks: what was promised, what the law allows, and what is left of it."""
    calendar = work_calendar(work.case.draft.installation)
    return [
        {
            "title": t(f"work.clock.{one.kind}", span=span(one.span)),
            "light": {"state": "ended", "words": t("work.clock_ended")}
            if one.stopped
            else light(one.due, today(), calendar, one.paused),
        }
        for one in work.clocks
    ]


def holders(work: Work) -> list[str]:
    """For whom the step waits; of several signers, each with what they have said."""
    if not work.is_open:
        return []
    step = work.step
    persons = [one.person for one in step.signers] or [
        step.delegated.get(one, one) for one in step.persons
    ]
    names = names_of({*persons, *step.delegated.values()})
    said = {vote.person: vote.yes for vote in step.votes}
    if step.signers:
        return [_signer(names.get(one, ""), said.get(one)) for one in persons]
    handed = [names.get(one, "") for one in step.delegated.values()]
    offices = [holder(f"{unit}/{role}", names) for unit, role in step.offices]
    return handed or [names.get(one, t("work.somebody")) for one in persons] or offices


def records(work: Work) -> list[dict[str, Any]]:
    """What the item's earlier steps have recorded."""
    found = []
    draft = work.case.draft
    for id in draft.plan.process.items[work.use]:
        plan, state = work.case.plan(id), work.case.state.steps.get(id)
        if state is None or plan.form is None or not state.form or id == work.id:
            continue
        rows = [
            {"title": say(field.title), "value": shown.words(field, state.form[name])}
            for name, field in plan.form.fields.items()
            if state.form.get(name) is not None
        ]
        found.append({"id": id, "title": step_title(draft.plan, id), "rows": rows})
    return found


def supplement(work: Work, posted: Posted, problems: Sequence[Problem]) -> dict[str, Any]:
    """The page that asks for a supplement: every answer and paper, to be ticked with a reason."""
    wrong = sentences(work, problems)
    rows = [
        _ticked("field", row["id"], row["title"], row["value"], posted, wrong)
        for row in (*slice_page.rows(work), *_empty(work))
    ]
    papers = [
        _ticked("paper", one["id"], one["title"], one["how"], posted, wrong)
        for one in slice_page.papers(work)
    ]
    return {
        **head(work),
        "fields": rows,
        "papers": papers,
        "wrong": wrong,
        "links": links(work, problems),
    }


def _empty(work: Work) -> list[dict[str, str]]:
    """Fields of the item's form that were left empty: they can be asked for, too."""
    draft = work.case.draft
    fields = draft.plan.items[work.use].item.form.fields
    hidden = work.plan.settings.get("fields", {})
    return [
        {"id": name, "title": say(field.title), "value": t("work.nothing")}
        for name, field in fields.items()
        if name not in work.answers
        and work.source(name)[0] in draft.state.asked
        and hidden.get(name) != "hidden"
    ]


def _ticked(
    kind: str, id: str, title: str, value: str, posted: Posted, wrong: dict[str, str]
) -> dict[str, Any]:
    place = f"supplement-why-{kind}/{id}"
    return {
        "kind": kind,
        "id": id,
        "title": title,
        "value": value,
        "ticked": id in posted.getlist(kind),
        "why": posted.get(f"why-{kind}/{id}", ""),
        "problem": wrong.get(place, ""),
        "place": place,
    }


def _titled(work: Work, one: Problem) -> Problem:
    """A problem whose fields are called by their titles."""
    titles = work.case.draft.plan.items[work.use].item.form.fields
    fields = [dict(titles[name].title) for name in one.params.get("fields", ()) if name in titles]
    return replace(one, params={**one.params, "fields": fields}) if fields else one


def _decide(work: Work, typed: Posted, problems: Sequence[Problem]) -> dict[str, Any] | None:
    """The form for the decision: the outcomes that are possible, and what the step records."""
    possible = [one for one in OUTCOMES if one in work.may]
    if not possible:
        return None
    form = recording(work.case.draft.plan, work.plan, typed, work.case.draft.today)
    help_ = t("work.outcome.both") if {"accept", "approve"} <= set(possible) else None
    kind = work.plan.kind if work.plan.kind == "task" else "review"
    return {
        "outcomes": [
            (one, t(f"work.outcome.{kind}.{one}"), help_ if one == "approve" else None)
            for one in possible
        ],
        "chosen": typed.get("outcome", ""),
        "opinion": typed.get("opinion", ""),
        "required": work.plan.settings.get("opinion") == "required",
        "reasons": not {"reject", "refuse_acceptance"}.isdisjoint(possible),
        "form": _record(form, problems) if form and _records(possible) else "",
    }


def _records(possible: Collection[str]) -> bool:
    return "approve" in possible or "reject" in possible


def _record(form: Recording, problems: Sequence[Problem]) -> str:
    """The questions of the step's form, in the pieces of the applicant's."""
    pieces = form_pieces(form.plan, lang())
    own = [one for one in problems if one.code.startswith("answer.")]
    view = FormView(form.state, problems=pieces.sentences(own), typed=dict(form.typed))
    return "".join(pieces.question(name, view) for name in form.plan.questions)


def _earlier(work: Work) -> dict[str, str] | None:
    """The person's own opinion before the step was redone."""
    before = work.earlier
    if before is None or ("approve" if before["yes"] else "reject") not in work.may:
        return None
    said = t("work.outcome.review.approve" if before["yes"] else "work.outcome.review.reject")
    return {"said": said, "opinion": before["opinion"]}


def _way(work: Work, name: str, typed: Posted, tried: bool) -> dict[str, Any]:
    """One of the other things to do, and what there is to choose from."""
    places = [one for one in ("before", "after") if f"add_signer_{one}" in work.may]
    names = names_of(work.removable) if name == "take_off_signer" else {}
    proposed = work.step.appointment
    return {
        "name": name,
        "tried": tried,
        "typed": typed,
        "people": _people(work) if name in ("transfer", "delegate", "add_signer", "copy") else [],
        "signers": [(one, names.get(one, "")) for one in work.removable],
        "places": [(one, t(f"work.place.{one}"), None) for one in places],
        "targets": _targets(work) if name == "return" else [],
        "modes": [(one, t(f"work.mode.{one}"), t(f"work.mode_help.{one}")) for one in MODES],
        "kinds": [(one, t(f"work.hold.{one}")) for one in HOLDS],
        "hows": [(one, t(f"work.how.{one}"), None) for one in ("again", "gone")],
        "proposed": _proposed(work) if proposed else None,
        "held": t(f"work.hold.{_held_kind(work)}") if work.held else "",
        "failed": work.step.failed,
    }


def _held_kind(work: Work) -> str:
    kind = work.held.reason if work.held else ""
    return kind if kind in HOLDS else "other"


def _proposed(work: Work) -> dict[str, Any]:
    proposed = work.step.appointment
    at = str(proposed["at"])
    state = "agreed" if proposed["agreed"] else f"by_{proposed['by']}"
    return {
        "at": at,
        "words": t(f"work.appointment.{state}", at=at.replace("T", " ")),
        "to_agree": not proposed["agreed"] and proposed["by"] == "applicant",
    }


def _people(work: Work) -> list[tuple[str, str]]:
    names = names_of(work.colleagues)
    return [
        (id, t("work.person", name=names.get(id, ""), roles=_roles(roles)))
        for id, (_, roles) in work.colleagues.items()
    ]


def _roles(roles: str) -> str:
    return t("list.comma").join(role_title(one) for one in roles.split(","))


def _targets(work: Work) -> list[tuple[str, str]]:
    return [
        (one.partition(".")[2], step_title(work.case.draft.plan, one))
        for one in reversed(work.targets)
    ]


def _part(work: Work, step: str) -> dict[str, str]:
    """Another department's part of a joint step: its item, and how it stands; nothing else."""
    state = work.case.state.steps[step]
    return {
        "title": item_title(work.case.draft.plan, work.case.plan(step).use),
        "state": STATES[state.standing],
        "department": "",
        "when": "",
        "about": "",
    }


def _state(work: Work) -> tuple[str, str | None]:
    """How the item stands, as a tag."""
    if work.item.ending:
        kind = "done" if work.item.ending == "issued" else "stop"
        return t(f"work.ending.{work.item.ending}"), kind
    if work.waits_for_applicant:
        return t("work.state.supplement"), "wait"
    if work.held:
        return t("work.state.held"), "wait"
    return (t("work.state.open"), "brand") if work.is_open else (t("work.state.over"), None)


def _done_on(work: Work, step: str) -> str:
    done = work.case.state.steps[step].done_at
    return shown.moment(done) if done else ""


def _stands(work: Work) -> bool:
    """Whether the step's time stands still; what the step itself stops is the item's clock."""
    return any(one.end is None and one.id != work.id for one in work.item.pauses)


def _signer(name: str, said: bool | None) -> str:
    state = "waits" if said is None else "yes" if said else "no"
    return t(f"work.signer.{state}", name=name)
