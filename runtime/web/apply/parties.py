"""Other parties: invited by link and QR code, and what they see and answer."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from definitions.wording import say as say_problem
from runtime.journey import parties as journey
from runtime.journey.parties import Part
from runtime.journey.sign import unsigned
from runtime.store import Conflict, Decision, NotFound, Refused
from runtime.web.apply import parties_page
from runtime.web.apply.shown import opened
from runtime.web.context import actor, here, lang, now
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import t

parties = Blueprint("parties", __name__)
INVITED = "invited"
SILENT = "silent"
"""In the session: links just made, which nobody else ever sees; sources that did not answer."""


@parties.get("/applications/<application>/parties", endpoint="parties")
@needs_sign_in
def show(application: str) -> str | AnyResponse:
    """Who must confirm, how far each is, and the link of whom was just invited."""
    draft = opened(application)
    if draft.application.status != "draft":
        return redirect(url_for("follow.follow", application=application))
    links = session.get(INVITED, {}).get(application, {})
    page = parties_page.parties(draft, links)
    return render_template("apply/parties.html", page=page)


@parties.post("/applications/<application>/parties")
@needs_sign_in
def invite(application: str) -> AnyResponse:
    """Makes a link for one of them; the one before ends."""
    draft, party = opened(application), request.form.get("party", "")
    token = journey.invite(draft, party)
    links = session.get(INVITED, {}).get(application, {})
    session[INVITED] = {application: {**links, party: token}}
    address = url_for("parties.parties", application=application)
    return redirect(f"{address}#party-{party}", 303)


@parties.get("/invitations/<token>")
@needs_sign_in
def open_invitation(token: str) -> str | AnyResponse:
    """Leads whom it is for to their part; anybody else is told that it isn't for them."""
    try:
        invitation = here().store.parties.open(actor(), token, now())
    except NotFound:
        return Response(render_template("apply/not_for_you.html"), 404)
    return redirect(url_for("parties.part", application=invitation.party.application))


@parties.get("/applications/<application>/part")
@needs_sign_in
def part(application: str) -> str | AnyResponse:
    """What concerns the invited person."""
    return _page(_part(application))


@parties.post("/applications/<application>/part/licences")
@needs_sign_in
def authorise(application: str) -> str | AnyResponse:
    """The invited person lets their own e-licences be asked for."""
    found = _part(application)
    try:
        silent = journey.authorise(here(), actor(), g.person, found, now())
    except Refused as refused:
        return _page(found, {"licences": say_problem(refused.problem, lang())}, 422)
    session[SILENT] = [say_problem(one.problem, lang()) for one in silent]
    return redirect(url_for("parties.part", application=application), 303)


@parties.post("/applications/<application>/part")
@needs_sign_in
def answer(application: str) -> str | AnyResponse:
    """Their word: signed, or declined with a reason."""
    found, declines = _part(application), "decline" in request.form
    problems = _unsaid() if declines else _unsigned()
    if problems:
        return _page(found, problems, 422)
    decision = Decision(
        "decline" if declines else "sign",
        request.form.get("digest", ""),
        signature="" if declines else g.person.name,
        reason=request.form.get("reason", "").strip(),
    )
    try:
        here().store.parties.answer(actor(), found.invitation.party.id, decision, now())
    except Refused as refused:
        told = {"declared": say_problem(refused.problem, lang())}
        return _page(_part(application), told, 409)
    return redirect(url_for("parties.part", application=application), 303)


@parties.errorhandler(Conflict)
def overtaken(_: Conflict) -> AnyResponse:
    """Somebody was faster: shows how it is now, to be answered anew."""
    address = request.path.removesuffix("/licences")
    return redirect(address, 303)


def _part(application: str) -> Part:
    return journey.part(here(), actor(), g.person, application, now())


def _page(found: Part, problems: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    page = parties_page.part(found, problems or {}, session.pop(SILENT, []), request.form)
    return Response(render_template("apply/part.html", page=page), status)


def _unsigned() -> dict[str, str]:
    declared = "declared" in request.form
    found = unsigned(request.form.get("name", ""), g.person.name, declared=declared)
    return {one.where.lstrip("/"): say_problem(one, lang()) for one in found}


def _unsaid() -> dict[str, str]:
    return {} if request.form.get("reason", "").strip() else {"reason": t("part.reason_missing")}
