"""After sending: the receipt, the way through the departments, and taking it back."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from definitions.wording import say as say_problem
from runtime.engine.approvals import NotAllowed
from runtime.journey import follow as journey
from runtime.journey import owed, own
from runtime.journey.cases import Case
from runtime.journey.draft import Draft
from runtime.journey.receipt import receipt_pdf
from runtime.store import Conflict, NotFound, Refused
from runtime.web.apply import follow_page, own_page, uploads
from runtime.web.apply.check import SENT
from runtime.web.apply.shown import opened
from runtime.web.context import actor, here, lang, now
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import t

follow = Blueprint("follow", __name__)


@follow.get("/applications/<application>", endpoint="follow")
@needs_sign_in
def show(application: str) -> str | AnyResponse:
    """One page about a sent application; a draft goes on in the form, a party in their part."""
    try:
        draft = opened(application)
    except NotFound:
        if here().store.parties.joined(actor(), application):
            return redirect(url_for("parties.part", application=application))
        mine = [one for one in here().store.work.asked(actor()) if one.application == application]
        if mine:
            return redirect(url_for("own.sign", application=application, step=mine[0].step))
        raise
    if draft.application.status == "draft":
        return redirect(url_for("apply.form", application=application))
    return _page(draft)


@follow.post("/applications/<application>/owed/<paper>")
@needs_sign_in
def hand_in(application: str, paper: str) -> str | AnyResponse:
    """Files for a paper that was put off; each that can't be taken is named with the reason."""
    draft = _sent(application)
    if "remove_file" in request.form:
        stays = owed.take_back(draft, paper, request.form["remove_file"])
        refused = say_problem(stays, lang()) if stays else ""
    elif uploads.too_often():
        return _page(draft, {paper: t("papers.too_often")}, 429)
    else:
        refused = uploads.take_each(paper, lambda file: owed.hand_in(draft, paper, file))
    if refused:
        return _page(_sent(application), {paper: refused}, 422)
    return redirect(url_for("follow.follow", application=application) + f"#paper-{paper}", 303)


@follow.get("/applications/<application>/done")
@needs_sign_in
def done(application: str) -> str | AnyResponse:
    """The number, what happens when, and whom to ask."""
    draft = _sent(application)
    told = session.get(SENT, {})
    told = told if told.get("application") == application else {}
    page = follow_page.done(journey.follow(draft), told)
    return render_template("apply/done.html", page=page)


@follow.get("/applications/<application>/receipt.pdf")
@needs_sign_in
def receipt(application: str) -> AnyResponse:
    """The receipt on paper."""
    draft = _sent(application)
    followed = journey.follow(draft)
    address = follow_page.short_address(draft)
    answer = Response(
        receipt_pdf(follow_page.receipt_words(followed), address, now()),
        mimetype="application/pdf",
    )
    name = f"{draft.application.number}.pdf"
    answer.headers.set("Content-Disposition", "inline", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@follow.get("/q/<number>")
@needs_sign_in
def by_number(number: str) -> AnyResponse:
    """Where the code on a receipt leads: to the application, for whoever may see it."""
    found = here().store.applications.load_by_number(actor(), number, now())
    return redirect(url_for("follow.follow", application=found.id))


@follow.route("/applications/<application>/withdraw", methods=["GET", "POST"])
@needs_sign_in
def withdraw(application: str) -> str | AnyResponse:
    """Asks once, then takes the whole application back."""
    draft = _sent(application)
    case = own.case_of(draft)
    if case is not None and draft.application.status == "submitted":
        return _withdraw(case)
    if request.method == "GET" and draft.application.status == "submitted":
        return render_template("apply/withdraw.html", page=follow_page.frame(draft))
    if request.method == "POST":
        try:
            journey.withdraw(draft, request.form.get("reason", "").strip())
        except Conflict:
            return redirect(url_for("follow.withdraw", application=application), 303)
    return redirect(url_for("follow.follow", application=application), 303)


def _withdraw(case: Case) -> str | AnyResponse:
    """Item by item: those that still can be, with the reason for the others."""
    if request.method == "GET":
        return render_template("apply/withdraw_items.html", page=own_page.withdraw(case))
    chosen, reason = request.form.getlist("use"), request.form.get("reason", "").strip()
    unticked = "chosen" in request.form and not chosen
    problem = t("withdraw.none") if unticked else ""
    if not unticked:
        try:
            own.withdraw(case, tuple(chosen), reason)
        except NotAllowed as refused:
            problem = say_problem(refused.problem, lang())
        else:
            return redirect(url_for("follow.follow", application=case.application.id), 303)
    page = own_page.withdraw(case, problem, reason)
    return Response(render_template("apply/withdraw_items.html", page=page), 422)


@follow.errorhandler(Refused)
@follow.errorhandler(Conflict)
def overtaken(_: Refused | Conflict) -> AnyResponse:
    """It was withdrawn, or changed at this very moment: shows how it is now."""
    application = str((request.view_args or {})["application"])
    return redirect(url_for("follow.follow", application=application), 303)


def _page(draft: Draft, problems: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    page = follow_page.follow(journey.follow(draft), problems, own.case_of(draft))
    return Response(render_template("apply/follow.html", page=page), status)


def _sent(application: str) -> Draft:
    draft = opened(application)
    if draft.application.status == "draft":
        raise NotFound
    return draft
