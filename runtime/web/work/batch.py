"""Several steps approved at once, each for itself: one that can't be stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from definitions.wording import say as say_problem
from runtime.engine.approvals import NotAllowed
from runtime.engine.approvals.commands import Command, Decide
from runtime.journey.desk import Overtaken, Work, do, open_work
from runtime.store import NotFound
from runtime.web.context import here, lang, now, officer
from runtime.web.texts import t
from runtime.web.work.tasks_page import can_batch
from runtime.web.work.words import applicant_of, item_title, step_title

MOST = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line that was ticked: a run of a step, on an application as the list showed it."""

    key: str
    application: str
    step: str
    run: int
    version: int


def number(text: str) -> int:
    """A whole number that a page of ours has posted; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else 0


def chosen(keys: Iterable[str]) -> list[Chosen]:
    """What the keys of ticked lines say; what is no such key is left out."""
    found = []
    for key in list(dict.fromkeys(keys))[:MOST]:
        parts = key.split("/")
        if len(parts) == len(Chosen.__slots__) - 1:
            application, step, run, version = parts
            found.append(Chosen(key, application, step, number(run), number(version)))
    return found


def lines(ticked: Sequence[Chosen]) -> list[dict[str, str]]:
    """Those of them that the person may see, in words."""
    return [{"key": one.key, **_words(work)} for one in ticked if (work := _open(one)) is not None]


def approve(ticked: Sequence[Chosen], opinion: str) -> list[dict[str, Any]]:
    """Each approved, with what became of it."""
    found = []
    for one in ticked:
        work = _open(one)
        if work is not None:
            done, words = _approved(work, one, opinion)
            found.append({**_words(work), "done": done, "words": words})
    return found


def _approved(work: Work, one: Chosen, opinion: str) -> tuple[bool, str]:
    if not can_batch(work.case.draft.plan, one.step):
        return False, t("work.batch_single")

    def say(fresh: Work) -> Command:
        return Decide(step=one.step, run=one.run, by=fresh.by, yes=True, opinion=opinion)

    try:
        do(work, one.run, one.version, say)
    except NotAllowed as refused:
        return False, say_problem(refused.problem, lang())
    except Overtaken:
        return False, t("work.batch_overtaken")
    return True, t("work.batch_approved")


def _open(one: Chosen) -> Work | None:
    try:
        return open_work(here(), officer(), one.application, one.step, now())
    except NotFound:
        return None


def _words(work: Work) -> dict[str, str]:
    plan = work.case.draft.plan
    return {
        "title": item_title(plan, work.use),
        "step": step_title(plan, work.id),
        "applicant": applicant_of(work.case.draft),
        "number": work.case.application.number or "",
        "href": url_for("work.case", application=work.case.application.id, step=work.id),
    }
