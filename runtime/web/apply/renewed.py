"""The page before a form that has changed since: what is new, and one button to go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from definitions.diff import Change
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
TECHNICAL = ("diff.field_renamed", "diff.field_type", "diff.field_limit", "diff.field_about")
"""Those of them that only an author's words tell; they are counted."""
ID = re.compile(r"[a-z0-9_.:]*")
"""A name that no person reads, or none."""


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
    told, counted = _told(found.changes)
    return render_template(
        "apply/renewed.html",
        service=draft.plan.service,
        changes=told[:TOLD],
        more=counted + max(0, len(told) - TOLD),
        dropped=[say(question.title) for question in found.dropped],
    )


def _told(changes: Iterable[Change]) -> tuple[list[str], int]:
    """What concerns a person, in sentences, each once; and how many changes have no plain words.

    What reads the same as before in the reader's language is no change to them.
    """
    told: dict[str, None] = {}
    counted = 0
    for one in changes:
        if not one.code.startswith(CONCERNING) or _reads_the_same(one):
            continue
        if one.code in TECHNICAL or any(_is_id(value) for value in one.params.values()):
            counted += 1
        else:
            told[say_change(one, lang())] = None
    return list(told), counted


def _reads_the_same(one: Change) -> bool:
    before, after = one.params.get("from"), one.params.get("to")
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return False
    return "zh-CN" in before and say(before) == say(after)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None
