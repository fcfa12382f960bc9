"""The page before a form that has changed since: what is new, and one button to go on."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from definitions.wording import say as say_change
from runtime.journey import renew
from runtime.journey.draft import open_draft
from runtime.store import Conflict
from runtime.web.context import actor, here, lang, now
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import say

renewed = Blueprint("renewed", __name__)
TOLD = 12
"""So many changes are told one by one; the rest is counted."""
CONCERNING = tuple(
    f"diff.{what}_"
    for what in (
        "field",
        "option",
        "material",
        "commitment",
        "fee",
        "clock",
        "item",
        "use",
        "title",
    )
)
"""Changes that concern those who fill forms, not only those who write definitions."""


@renewed.route("/applications/<application>/renew", methods=["GET", "POST"])
@needs_sign_in
def show(application: str) -> str | Response:
    """Says what has changed, and takes the draft along."""
    draft = open_draft(here(), actor(), g.person, application, now())
    found = renew.renewal(draft)
    form = url_for("apply.form", application=application)
    if found is None:
        return redirect(form)
    if request.method == "POST":
        try:
            renew.renew(draft, found.release)
        except Conflict:
            return redirect(url_for("renewed.show", application=application))
        return redirect(form, 303)
    told = [one for one in found.changes if one.code.startswith(CONCERNING)]
    return render_template(
        "apply/renewed.html",
        service=draft.plan.service,
        changes=[say_change(one, lang()) for one in told[:TOLD]],
        more=max(0, len(told) - TOLD),
        dropped=[say(question.title) for question in found.dropped],
    )
