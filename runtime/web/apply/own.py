"""What people do after sending: answer a supplement, sign, pay, agree a time, object, remind."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.model import Field
from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.engine.approvals import NotAllowed
from runtime.journey import own as journey
from runtime.journey import supplement as supplying
from runtime.journey.cases import Case, by, open_case
from runtime.store import Conflict, NotFound, Refused
from runtime.web.apply import own_page, uploads
from runtime.web.context import actor, here, lang, now
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import t

own = Blueprint("own", __name__)
ROW_ACTIONS = ("add_row", "remove_row")
_DAY = Field("day", "date", {}, {"type": "string", "format": "date"})
_HOUR = Field("hour", "time", {}, {"type": "string"})


@own.get("/applications/<application>/supplement/<use>")
@needs_sign_in
def supplement(application: str, use: str) -> str:
    """What was asked for, and nothing else."""
    asked = supplying.asked(_own(application), use)
    return _supply(own_page.supply(asked, supplying.shown(asked)))


@own.post("/applications/<application>/supplement/<use>")
@needs_sign_in
def supply(application: str, use: str) -> AnyResponse:
    """Sends the answer; what is wrong comes back with everything that was typed."""
    asked = supplying.asked(_own(application), use)
    filled = supplying.fill(asked, request.form)
    if "add_row" in request.form:
        filled = supplying.with_row(filled, request.form["add_row"])
    elif "remove_row" in request.form:
        filled = supplying.without_row(filled, request.form["remove_row"])
    if any(name in request.form for name in ROW_ACTIONS):
        return Response(_supply(own_page.supply(asked, filled)))
    files = {
        one.paper.id: [
            uploads.upload(file, one.paper.id)
            for file in request.files.getlist(f"paper-{one.paper.id}")
            if file.filename
        ]
        for one, _ in asked.papers
    }
    if any(files.values()) and uploads.too_often():
        wrong: Any = [Problem("file.none", f"/papers/{asked.papers[0][0].paper.id}")]
        return Response(_supply(own_page.supply(asked, filled, wrong)), 429)
    try:
        outcome = supplying.send(filled, files)
    except NotAllowed as refused:
        outcome = [_at(refused.problem, filled)]
    if isinstance(outcome, list):
        return Response(_supply(own_page.supply(asked, filled, outcome)), 422)
    return _followed(application)


@own.route("/applications/<application>/sign/<step>", methods=["GET", "POST"])
@needs_sign_in
def sign(application: str, step: str) -> AnyResponse:
    """What somebody signs, and their word: signed, or declined with a reason."""
    case = open_case(here(), actor(), g.person, application, now())
    if step not in case.state.steps or case.plan(step).kind != "sign":
        raise NotFound
    if not (by(case).applicant or _is_signer(case, step)):
        raise NotFound
    if request.method == "GET":
        return _sign(case, step, {})
    declines = "decline" in request.form
    wrong = _unsaid() if declines else _unsigned()
    if wrong:
        return _sign(case, step, wrong, 422)
    try:
        if declines:
            journey.decline(case, step, _run(), request.form["reason"].strip())
        else:
            journey.sign(case, step, _run(), request.form.get("digest", ""))
    except NotAllowed as refused:
        return _sign(case, step, {"declared": say_problem(refused.problem, lang())}, 409)
    return redirect(request.path, 303)


@own.get("/applications/<application>/pay")
@needs_sign_in
def pay(application: str) -> str:
    """The bills, and the way to the bank."""
    return render_template("apply/pay.html", page=own_page.pay(_own(application)))


@own.route("/applications/<application>/appointment/<step>", methods=["GET", "POST"])
@needs_sign_in
def appointment(application: str, step: str) -> AnyResponse:
    """Agrees to the time that was proposed, or proposes another."""
    case = _own(application)
    if step not in case.state.steps or not case.plan(step).settings.get("appointment"):
        raise NotFound
    if request.method == "GET":
        return _appointment(case, step)
    try:
        if "agree" in request.form:
            journey.appoint(case, step, _run(), request.form["agree"], agreed=True)
        elif at := _moment():
            journey.appoint(case, step, _run(), at, agreed=False)
        else:
            return _appointment(case, step, Problem("approval.day_unreadable"), 422)
    except NotAllowed as refused:
        return _appointment(case, step, refused.problem, 409)
    return _followed(application)


@own.route("/applications/<application>/dispute/<use>", methods=["GET", "POST"])
@needs_sign_in
def dispute(application: str, use: str) -> AnyResponse:
    """Says that something from a source is wrong."""
    case, typed = _own(application), request.form
    journey.prefilled(case, use)
    if request.method == "GET":
        return _dispute(case, use)
    words = typed.get("words", "").strip()
    if not words or "field" not in typed:
        return _dispute(case, use, t("own.dispute.missing"), 422)
    try:
        journey.dispute(case, use, typed["field"], words)
    except NotAllowed as refused:
        return _dispute(case, use, say_problem(refused.problem, lang()), 409)
    return _followed(application)


@own.post("/applications/<application>/remind/<step>")
@needs_sign_in
def remind(application: str, step: str) -> AnyResponse:
    """Reminds an office, once a day; a second time changes nothing."""
    case = _own(application)
    if step not in case.state.steps:
        raise NotFound
    if journey.may_remind(case, step):
        journey.remind(case, step, _run())
    return _followed(application)


@own.errorhandler(Conflict)
@own.errorhandler(Refused)
def overtaken(_: Conflict | Refused) -> AnyResponse:
    """Something has happened at this very moment: an answer is shown again as it was typed."""
    arguments = request.view_args or {}
    if request.endpoint == "own.supply":
        try:
            asked = supplying.asked(_own(arguments["application"]), arguments["use"])
        except NotFound:
            return _followed(arguments["application"])
        filled = supplying.fill(asked, request.form)
        return Response(_supply(own_page.supply(asked, filled, filled.problems)), 409)
    return redirect(request.path if request.method == "GET" else _follow(), 303)


def _own(application: str) -> Case:
    return journey.own_case(here(), actor(), g.person, application, now())


def _follow() -> str:
    return url_for("follow.follow", application=(request.view_args or {})["application"])


def _followed(application: str) -> AnyResponse:
    return redirect(url_for("follow.follow", application=application), 303)


def _run() -> int:
    text = request.form.get("run", "")
    return int(text) if text.isdigit() else 0


def _is_signer(case: Case, step: str) -> bool:
    names = journey.names_of(here(), actor(), g.person)
    return not set(names).isdisjoint(case.state.steps[step].persons)


def _at(problem: Problem, filled: supplying.Filled) -> Problem:
    """A refusal of the rules, at the first thing that was asked."""
    first = next(iter(filled.controls), "")
    papers = [f"/papers/{one.paper.id}" for one, _ in filled.asked.papers]
    return Problem(problem.code, f"/{first}" if first else papers[0], problem.params)


def _moment() -> str:
    """The day and hour that were typed; empty where they can't be read."""
    try:
        day = REGISTRY["date"].parse([request.form.get("day", "")], _DAY)
        hour = REGISTRY["time"].parse([request.form.get("hour", "")], _HOUR)
    except Unreadable:
        return ""
    return f"{day}T{hour}" if day and hour else ""


def _supply(page: dict[str, Any]) -> str:
    for one in (*page["asked"], *page["also"]):
        one["html"] = Markup(one["html"])  # noqa: S704 - the form's own pieces
    return render_template("apply/supplement.html", page=page)


def _sign(case: Case, step: str, wrong: dict[str, str], status: int = 200) -> AnyResponse:
    page = own_page.sign(case, step, wrong)
    return Response(render_template("apply/sign.html", page=page), status)


def _appointment(
    case: Case, step: str, problem: Problem | None = None, status: int = 200
) -> AnyResponse:
    words = say_problem(problem, lang()) if problem else ""
    page = own_page.appointment(case, step, request.form, words)
    return Response(render_template("apply/appointment.html", page=page), status)


def _dispute(case: Case, use: str, problem: str = "", status: int = 200) -> AnyResponse:
    page = own_page.dispute(case, use, request.form, problem)
    return Response(render_template("apply/dispute.html", page=page), status)


def _unsigned() -> dict[str, str]:
    found = {}
    if "declared" not in request.form:
        found["declared"] = say_problem(Problem("application.not_declared"), lang())
    if "".join(request.form.get("name", "").split()) != "".join(g.person.name.split()):
        found["name"] = say_problem(Problem("application.name_differs"), lang())
    return found


def _unsaid() -> dict[str, str]:
    return {} if request.form.get("reason", "").strip() else {"reason": t("part.reason_missing")}
