"""Check and sign: everything once more, who gets what, and the signature that sends it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.journey import sign
from runtime.journey.draft import Draft
from runtime.journey.sign import Refusal, Signature
from runtime.store import Conflict, Refused
from runtime.web.apply import check_page
from runtime.web.apply.shown import opened
from runtime.web.context import lang
from runtime.web.identity.guard import needs_sign_in

check = Blueprint("check", __name__)
SENT = "sent"
"""In the session: what the done page has to say about the sending, by application."""


@check.get("/applications/<application>/check", endpoint="check")
@needs_sign_in
def show(application: str) -> str | AnyResponse:
    """Every answer, the papers, the departments' slices, and the signature."""
    draft = opened(application)
    if draft.application.status != "draft":
        return redirect(url_for("follow.follow", application=application))
    if not draft.application.is_current:
        return redirect(url_for("renewed.show", application=application))
    return _page(draft)


@check.post("/applications/<application>/submit")
@needs_sign_in
def submit(application: str) -> str | AnyResponse:
    """Sends it, or says everything that keeps it from being sent."""
    draft = opened(application)
    signature = Signature(
        request.form.get("digest", ""), request.form.get("name", ""), "declared" in request.form
    )
    try:
        outcome = sign.submit(draft, signature)
    except Conflict:
        changed = Problem("application.changed_since_shown", "/declared")
        return _page(opened(application), [changed], signature, 409)
    except Refused:
        return redirect(url_for("follow.follow", application=application))
    if isinstance(outcome, Refusal):
        return _page(outcome.draft, list(outcome.problems), signature, 422)
    session[SENT] = {
        "application": application,
        "repeated": outcome.receipt.repeated,
        "silent": [say_problem(one.problem, lang()) for one in outcome.silent],
    }
    return redirect(url_for("follow.done", application=application), 303)


def _page(
    draft: Draft,
    problems: list[Problem] | None = None,
    signature: Signature | None = None,
    status: int = 200,
) -> AnyResponse:
    page = check_page.check(sign.check(draft), problems or [], signature)
    return Response(render_template("apply/check.html", page=page), status)
