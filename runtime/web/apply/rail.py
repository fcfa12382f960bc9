"""What stands beside the form: how far each section is, who said what, and who gets what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from runtime.journey.draft import Draft
from runtime.journey.fill import VOUCHED
from runtime.web.context import here
from runtime.web.render import FormPieces, FormView
from runtime.web.render.escape import escape
from runtime.web.render.templates import kept_piece, render
from runtime.web.texts import language, say, t

QUIET = "answer.missing"
"""What is only missing is not told while somebody is still filling the form."""
LINES_KEPT = 4096
"""Lines of words and a number, none of them about a person: there are few different ones."""


def progress(draft: Draft, pieces: FormPieces, view: FormView) -> dict[str, str]:
    """The places of `apply/_progress.html`: a step for each section, what is left in all."""
    missing = _missing(draft)
    wrong = {control.partition("/")[0] for control in (*view.problems, *view.typed)}
    steps, total = [], 0
    for section in draft.plan.sections:
        compiled = pieces.sections[section.id]
        if compiled.stands(view):
            left = sum(missing[name] for name in missing.keys() & compiled.questions)
            problems = len(wrong & compiled.questions)
            steps.append(_step(pieces.lang, section.id, say(section.title), left, problems))
            total += left
    words = t("progress.left", n=total) if total else t("progress.done")
    return {"left": words, "steps": "".join(steps)}


def _missing(draft: Draft) -> Mapping[str, int]:
    """How many answers are missing by question; a table misses as many as its cells."""
    found: dict[str, int] = {}
    for problem in draft.state.problems:
        if problem.code == QUIET:
            name = problem.where.removeprefix("/").partition("/")[0]
            found[name] = found.get(name, 0) + 1
    return found


@lru_cache(LINES_KEPT)
def _step(lang: str, section: str, title: str, left: int, problems: int) -> str:
    """The HTML of one step; a section is seldom in more than a few states."""
    shown = {"title": title, "href": f"#s-{section}", "left": left, "problems": problems}
    return render("apply/_step.html", lang, section={**shown, "current": False}).strip()


def filled(draft: Draft) -> str:
    """How many answers each source has given."""
    lang, found = language(), _filled(draft)
    if not found:
        return kept_piece("apply/_none_filled.html", lang).fill({})
    licenses = draft.plan.library.licenses
    lines = [
        _source(lang, say(licenses[name].title) if name in licenses else t("form.account"), count)
        for name, count in found.items()
    ]
    return kept_piece("apply/_filled.html", lang, "lines").fill({"lines": "".join(lines)})


@lru_cache(LINES_KEPT)
def _source(lang: str, source: str, count: int) -> str:
    """The HTML of one source and how many answers it has given."""
    line = kept_piece("apply/_source.html", lang, "source", "count")
    return line.fill({"source": escape(source), "count": t("form.count", lang, n=count)})


def _filled(draft: Draft) -> Mapping[str, int]:
    """How many answers that stand on the page are vouched for, by type of licence."""
    found: dict[str, int] = {}
    shown = draft.state.shown
    for control, one in draft.application.provenance.items():
        vouched = one.origin in VOUCHED - {"derived"} and not one.edited_by
        if vouched and control.partition("/")[0] in shown:
            found[one.license_type] = found.get(one.license_type, 0) + 1
    return found


def slices(draft: Draft) -> str:
    """Which department gets how many of the answers."""
    views, lang, unit = draft.state.views, language(), here().unit
    items = {use: draft.plan.items[use].item for use in draft.state.active}
    return "".join(
        [
            _slice(lang, say(one.title), say(unit(one.department).title), len(views.get(use, ())))
            for use, one in items.items()
        ]
    )


@lru_cache(LINES_KEPT)
def _slice(lang: str, item: str, department: str, count: int) -> str:
    """The HTML of one item and how many answers its department gets."""
    line = kept_piece("apply/_slice.html", lang, "department", "item", "count")
    words = {"item": escape(item), "department": escape(department)}
    return line.fill({**words, "count": t("form.count", lang, n=count)})
