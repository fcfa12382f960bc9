"""The one form: begun, shown, saved as it is typed, and sent on to the papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from runtime.journey import fill, start
from runtime.journey.draft import Draft, open_draft
from runtime.journey.fill import Saved
from runtime.store import Conflict, NotFound, Refused
from runtime.store.changes import value_at
from runtime.web.apply import form_page
from runtime.web.context import actor, here, now
from runtime.web.identity.guard import needs_sign_in

apply = Blueprint("apply", __name__)

TOP = "top"
"""The start of a page. A browser keeps the old fragment where a redirect names none."""


@apply.route("/begin", methods=["GET", "POST"])
@needs_sign_in
def begin() -> str | AnyResponse:
    """Makes the draft of the situation that was answered; asks first which party one is.

    The situation is kept: who goes back may choose another party, and who chooses the same one
    again comes to the draft that is there.
    """
    waiting = session.get("begin")
    if waiting is None:
        return redirect(url_for("applications.mine"))
    release = here().live(waiting["service"]).get(waiting["district"])
    if release is None:
        abort(404)
    if request.method == "GET" and start.misses_enterprise(here().plan(release), actor()):
        page = {"service": here().plan(release).service, "can_switch": bool(g.person.enterprises)}
        return render_template("apply/for_enterprises.html", page=page)
    parties = start.parts(here().plan(release), actor())
    party = request.form.get("party", parties[0] if len(parties) == 1 else "")
    if party not in parties:
        page = form_page.which_party(here().plan(release), parties)
        return render_template("apply/which_party.html", page=page)
    chosen = f"{actor().person}/{actor().acting_for or ''}/{party}"
    begun = waiting.get("begun", {})
    if not _is_there(begun.get(chosen)):
        situation = waiting["answers"]
        draft = start.begin(
            here(), actor(), g.person, release, waiting["district"], party, situation, now()
        )
        begun = {**begun, chosen: draft.application.id}
        session["begin"] = {**waiting, "begun": begun}
    return redirect(url_for("apply.form", application=begun[chosen]))


def _is_there(application: str | None) -> bool:
    """Whether the draft that was begun can still be filled in."""
    if application is None:
        return False
    try:
        return _open(application).application.status == "draft"
    except NotFound:
        return False


@apply.get("/applications/<application>/form")
@needs_sign_in
def form(application: str) -> str | AnyResponse:
    """The form as it stands."""
    draft = _open(application)
    if draft.application.status != "draft":
        return redirect(url_for("follow.follow", application=application))
    if not draft.application.is_current:
        return redirect(url_for("renewed.show", application=application))
    return _page(Saved(draft))


@apply.post("/applications/<application>/form")
@needs_sign_in
def save(application: str) -> str | AnyResponse:
    """Without scripts: everything at once, and whichever button was pressed."""
    draft = _open(application)
    try:
        saved = _choose(fill.save(draft, request.form, _base()))
        pressed = next((name for name in ACTIONS if name in request.form), None)
        if pressed:
            saved = ACTIONS[pressed](saved.draft, request.form[pressed])
        elif not saved.problems:
            saved = fill.drop_untouched_rows(saved.draft, saved.draft.application.version)
    except LookupError:
        abort(400)
    except Conflict as conflict:
        return _overtaken(draft, conflict)
    except Refused:
        return redirect(url_for("follow.follow", application=application))
    if pressed or saved.problems:
        return _after(saved, pressed, request.form.get(pressed or "", ""))
    return _go_on(saved)


@apply.post("/applications/<application>/answers")
@needs_sign_in
def answers(application: str) -> str | AnyResponse:
    """With scripts: one answer as it is given; comes back with what it changes on the page."""
    draft = _open(application)
    try:
        saved = _choose(fill.save(draft, request.form, _base()))
    except Conflict as conflict:
        return _overtaken(draft, conflict)
    except Refused:
        address = url_for("follow.follow", application=application)
        return Response(status=204, headers={"HX-Redirect": address})
    if not request.headers.get("HX-Request"):
        return redirect(url_for("apply.form", application=application))
    return form_page.changes(saved, set(request.form))


Action = Callable[[Draft, str], Saved]


def _row_of(draft: Draft, value: str) -> Saved:
    table, _, key = value.partition("/")
    return fill.accept_row(draft, table, key, draft.application.version)


def _picked(draft: Draft, question: str) -> Saved:
    key = request.form.get(f"candidate/{question}", "")
    saved = fill.pick(draft, question, key, draft.application.version)
    return Saved(start.ask_again(saved.draft, saved.draft.application.version), saved.touched)


def _asked_again(draft: Draft, _: str) -> Saved:
    return Saved(start.ask_again(draft, draft.application.version, pressed=True))


ACTIONS: dict[str, Action] = {
    "edit": lambda draft, name: fill.dispute(draft, name, draft.application.version),
    "restore": lambda draft, name: fill.restore(draft, name, draft.application.version),
    "take": lambda draft, name: fill.take(
        draft, name.rpartition("/")[0], draft.application.version
    ),
    "add_row": lambda draft, table: fill.add_row(draft, table, draft.application.version),
    "remove_row": lambda draft, row: fill.remove_row(draft, row, draft.application.version),
    "accept_row": _row_of,
    "pick": _picked,
    "ask_again": _asked_again,
}
"""What a button of the form does, by its name; its value says to what."""


def _open(application: str) -> Draft:
    return open_draft(here(), actor(), g.person, application, now())


def _base() -> int:
    """The version that the page showed."""
    text = request.form.get("version", "")
    return int(text) if text.isdigit() else 0


def _choose(saved: Saved) -> Saved:
    """Which of the values that sources disagree about is right: `choose/<control>`, by number."""
    for name, number in request.form.items():
        control = name.removeprefix("choose/")
        if control == name:
            continue
        offers = saved.draft.prefill.conflicts.get(control, ())
        if number not in map(str, range(len(offers))):
            continue
        if offers[int(number)].value != value_at(saved.draft.answers, control):
            version = saved.draft.application.version
            chosen = fill.choose(saved.draft, control, int(number), version)
            saved = replace(
                chosen,
                touched=(*saved.touched, *chosen.touched),
                problems=(*saved.problems, *chosen.problems),
            )
    return saved


def _page(
    saved: Saved, status: int = 200, typed: Mapping[str, Sequence[str]] | None = None
) -> AnyResponse:
    return Response(form_page.whole(saved, typed), status=status)


def _after(saved: Saved, pressed: str | None, value: str) -> AnyResponse:
    """After a button: the page again, at the place that it was about."""
    if saved.problems:
        return _page(saved, 422)
    if pressed == "add_row":
        anchor = f"r-{value}/{fill.untouched_rows(saved.draft, value)[0]}"
    elif pressed == "accept_row":
        table = value.partition("/")[0]
        anchor = f"r-{table}/{saved.draft.answers[table][-1]['$row']}"
    else:
        anchor = f"q-{value.partition('/')[0]}" if value else TOP
    address = url_for("apply.form", application=saved.draft.application.id, _anchor=anchor)
    return redirect(address, 303)


def _go_on(saved: Saved) -> AnyResponse:
    """To the papers (or back to the check) when nothing is missing; else the page says what."""
    problems = (*saved.draft.unreadable(), *saved.draft.state.problems)
    if problems:
        return _page(Saved(saved.draft, problems=problems), 422)
    endpoint = "check.check" if request.args.get("return") == "check" else "papers.papers"
    address = url_for(endpoint, application=saved.draft.application.id, _anchor=TOP)
    return redirect(address, 303)


def _overtaken(draft: Draft, conflict: Conflict, known: Sequence[str] = ()) -> AnyResponse:
    """Somebody else changed the same answers (`known`: besides these): they are told.

    What was typed for these stands in its box, to be saved or changed. Without scripts everything
    comes at once: the other answers are saved.
    """
    fresh, places = draft.with_application(conflict.fresh), (*known, *conflict.where)
    typed = {name: request.form.getlist(name) for name in places if name in request.form}
    if request.headers.get("HX-Request"):
        return Response(form_page.overtaken(fresh, places, typed), status=409)
    rest = [(name, text) for name, text in request.form.items(multi=True) if name not in places]
    try:
        saved = fill.save(fresh, MultiDict(rest), _base())
    except Conflict as another:
        return _overtaken(draft, another, places)
    problems = (*form_page.overtaken_by(saved.draft, places), *saved.problems)
    return _page(Saved(saved.draft, problems=problems), 409, typed=typed)
