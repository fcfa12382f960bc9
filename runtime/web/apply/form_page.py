"""What the form's page shows: sections, progress, sources, picks, and what a save changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.plan import Plan
from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.engine.offers import Candidate, Offer, Pick
from runtime.engine.picking import picks_among
from runtime.journey.draft import Draft
from runtime.journey.fill import Saved
from runtime.store.changes import value_at
from runtime.web.apply.rail import QUIET, filled, progress, slices
from runtime.web.context import here
from runtime.web.forms import form_pieces
from runtime.web.frame import framed
from runtime.web.render import FormPieces, FormView
from runtime.web.render.escape import escape
from runtime.web.render.templates import kept_piece, render
from runtime.web.texts import language, say, t

SWAPPED = ("pieces", "version", "left", "steps")
"""The places of `apply/changes.html`."""


def which_party(plan: Plan, parties: Sequence[str]) -> dict[str, Any]:
    """The question which of the service's parties the person is."""
    subjects = plan.service.subjects
    choices = [{"id": name, "title": say(subjects[name].title) or name} for name in parties]
    return {"service": plan.service, "choices": choices}


def whole(saved: Saved, typed: Mapping[str, Sequence[str]] | None = None) -> str:
    """The whole page; what was just sent and is wrong stands above the form as well."""
    draft = saved.draft
    pieces = form_pieces(draft.plan, language())
    view = view_of(draft, pieces, saved.problems or draft.unreadable(), typed)
    return framed("apply/form.html", _places(draft, pieces, view), has_problems=bool(view.problems))


def _places(draft: Draft, pieces: FormPieces, view: FormView) -> dict[str, str]:
    """What stands in the places of `apply/form.html`."""
    links = [(words, f"#f-{control}") for control, words in view.problems.items()]
    turned = any(name in view.problems for name in draft.plan.situation)
    return {
        "title": escape(say(draft.plan.service.title)),
        "version": str(draft.application.version),
        "problems": _seldom("apply/_problems.html", problems=links),
        "silent": _seldom("apply/_silent.html", silent=_silent(draft)),
        "picks": _seldom(
            "apply/_picks.html", picks=[_pick(draft, one) for one in _open_picks(draft)]
        ),
        "rows": _seldom("apply/_rows.html", rows=_offered_rows(draft)),
        "open": " open" if turned else "",
        "situation": _situation(draft, pieces, view),
        "form": pieces.form(view),
        "filled": filled(draft),
        "slices": slices(draft),
        **progress(draft, pieces, view),
    }


def _seldom(template: str, **shown: Sequence[Any]) -> str:
    """What most pages don't show: rendered when there is something."""
    return render(template, language(), **shown) if any(shown.values()) else ""


def _situation(draft: Draft, pieces: FormPieces, view: FormView) -> str:
    """The questions that decided what the form asks: a person may change their mind."""
    return "".join([pieces.question(name, view) for name in draft.plan.aside])


def changes(saved: Saved, sent: Iterable[str]) -> str:
    """What a save changed, each piece for its place; the answer just typed is left alone."""
    draft = saved.draft
    pieces = form_pieces(draft.plan, language())
    named = [name for name in sent if name.partition("/")[0] in draft.plan.questions]
    problems = [*saved.problems, *_problems_of(draft, named)]
    view = view_of(draft, pieces, problems)
    unread = {problem.where.removeprefix("/") for problem in saved.problems}
    touched = dict.fromkeys((*saved.touched, *unread))
    for name in (*named, *picks_among(draft.plan, _tables(touched) | _tables(named))):
        touched.setdefault(name)
    return _swapped(draft, pieces, view, _whole_tables(draft, touched))


def overtaken(draft: Draft, where: Sequence[str], typed: Mapping[str, Sequence[str]]) -> str:
    """What was `typed` stays in its box, with a word about somebody else's answer there."""
    pieces = form_pieces(draft.plan, language())
    view = view_of(draft, pieces, overtaken_by(draft, where), typed)
    return _swapped(draft, pieces, view, _whole_tables(draft, where))


def overtaken_by(draft: Draft, where: Sequence[str]) -> list[Problem]:
    """A problem for each of these controls, with the answer that somebody else gave."""
    return [_overtaken_by(draft, control) for control in where]


def _overtaken_by(draft: Draft, control: str) -> Problem:
    theirs, question = value_at(draft.answers, control), draft.plan.question(control)
    if theirs is None:
        return Problem("application.overtaken_emptied", f"/{control}")
    words = REGISTRY[question.type].shown(theirs, question.field)
    return Problem("application.overtaken", f"/{control}", params={"theirs": words})


def _swapped(draft: Draft, pieces: FormPieces, view: FormView, controls: Sequence[str]) -> str:
    """These controls, the version and the progress, each for the place of its old self."""
    return kept_piece("apply/changes.html", pieces.lang, *SWAPPED).fill(
        {
            "pieces": pieces.swap(controls, view),
            "version": str(draft.application.version),
            **progress(draft, pieces, view),
        }
    )


def view_of(
    draft: Draft,
    pieces: FormPieces,
    problems: Iterable[Problem] = (),
    typed: Mapping[str, Sequence[str]] | None = None,
) -> FormView:
    """The form with its answers, sources and problems, in words."""
    application = draft.application
    return FormView(
        draft.state,
        provenance=application.provenance,
        problems=pieces.sentences(problems),
        typed={**application.typed, **(typed or {})},
        offers=_better_known(draft),
        conflicts=draft.prefill.conflicts,
        unusable=draft.prefill.unusable,
        offices=_offices() if draft.prefill.conflicts else {},
        today=draft.today.isoformat(),
    )


def _offices() -> dict[str, str]:
    """The names of the sources; told only where they disagree."""
    return {name: say(title) for name, title in here().instances.titles.items()}


def _problems_of(draft: Draft, controls: Iterable[str]) -> list[Problem]:
    """What is wrong with these answers by now, but for what is only missing."""
    named = set(controls)
    return [
        problem
        for problem in draft.state.problems
        if problem.where.removeprefix("/") in named and problem.code != QUIET
    ]


def _better_known(draft: Draft) -> dict[str, tuple[Offer, ...]]:
    """What sources say where the person typed something else."""
    known = draft.application.provenance
    return {
        control: (offer,)
        for control, offer in draft.prefill.values.items()
        if control not in known and value_at(draft.answers, control) not in (None, offer.value)
    }


def _tables(controls: Iterable[str]) -> set[str]:
    return {control.partition("/")[0] for control in controls}


def _whole_tables(draft: Draft, controls: Iterable[str]) -> list[str]:
    """The controls, a table standing for its cells when it is among them."""
    found = dict.fromkeys(controls)
    return [one for one in found if "/" not in one or one.partition("/")[0] not in found]


def _open_picks(draft: Draft) -> list[Pick]:
    return [
        one
        for one in draft.prefill.picks
        if one.question in draft.state.asked and draft.answers.get(one.question) is None
    ]


def _pick(draft: Draft, one: Pick) -> dict[str, Any]:
    return {
        "question": one.question,
        "title": say(draft.plan.service.subjects[one.subject].title) or one.subject,
        "candidates": [_candidate(draft, candidate) for candidate in one.candidates],
    }


def _candidate(draft: Draft, candidate: Candidate) -> tuple[str, str, str]:
    kind = draft.plan.library.licenses[candidate.license.type]
    number = candidate.license.number
    return candidate.key, candidate.label, f"{say(kind.title)} {number}"


def _silent(draft: Draft) -> list[str]:
    """Who did not answer, in words."""
    return [
        say_problem(Problem(one["code"], params=one["params"]), language())
        for one in draft.application.sources.get("silent", {}).values()
    ]


def _offered_rows(draft: Draft) -> list[dict[str, Any]]:
    """Rows that sources know of and that are not in their tables yet."""
    found = []
    for table, offered in draft.prefill.rows.items():
        question = draft.plan.questions[table]
        for one in offered:
            names = [str(offer.value) for offer in one.values.values()]
            title = t("form.row_known", table=say(question.title), who=" ".join(names[:2]))
            found.append({"value": f"{table}/{one.key}", "title": title})
    return found
