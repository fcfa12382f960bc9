"""What the pages after sending say about papers that were put off, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from runtime.journey.draft import Draft
from runtime.journey.owed import Owing, Promised, owing
from runtime.store import StoredFile
from runtime.web.apply import papers_page, shown
from runtime.web.texts import say, t

DIGEST_SHOWN = 16
STATES = {"owed": ("wait", "clock"), "late": ("stop", "circle-alert"), "kept": ("done", "check")}
"""By how it stands with a paper: the state and the icon of its tag."""


def owed(
    draft: Draft, promised: tuple[Promised, ...], problems: Mapping[str, str]
) -> dict[str, Any]:
    """The papers that were put off; `problems` are sentences by paper."""
    papers = [paper(draft, one, problems.get(one.promise.paper, "")) for one in promised]
    left = owing([one.promise for one in promised], draft.today)
    return {
        "papers": papers,
        "left": left_words(left) if left else "",
        "late": left is not None and left.late,
        "problems": [(one["problem"], _target(one)) for one in papers if one["problem"]],
    }


def paper(draft: Draft, one: Promised, problem: str = "") -> dict[str, Any]:
    """One of them: until when it is wanted, what has come, and how to hand it in."""
    promise, asked = one.promise, one.hand_in
    over = promise.is_over(draft.today)
    state = "kept" if promise.kept else "late" if over else "owed"
    colour, icon = STATES[state]
    return {
        "id": promise.paper,
        "title": title(one),
        "asked_by": papers_page.names(draft, asked.paper.asking),
        "help": papers_page.help_of(asked.paper),
        "due": [papers_page.due(draft, when) for when in promise.due],
        "state": state,
        "tag": (t(f"owed.state.{state}"), colour, icon),
        "files": [file(draft, stored) for stored in asked.files],
        "stays": over,
        "by_day": promise.day is not None,
        "full": len(asked.files) >= asked.max_files,
        "accept": papers_page.accept(asked),
        "limits": papers_page.limits(asked),
        "many": asked.max_files > 1,
        "problem": problem,
        "address": url_for("follow.hand_in", application=draft.application.id, paper=promise.paper),
    }


def file(draft: Draft, stored: StoredFile) -> dict[str, Any]:
    """A file that came later, with the moment and the digest that the history has of it."""
    digest = stored.sha256[:DIGEST_SHOWN]
    about = t("owed.file", when=shown.moment(stored.created_at), digest=digest)
    return papers_page.file(draft, stored) | {"about": about}


def title(one: Promised) -> str:
    """What the paper is called."""
    return say(papers_page.titled(one.hand_in))


def lines(draft: Draft, promised: tuple[Promised, ...]) -> list[dict[str, str]]:
    """Each paper with when it is wanted, as lines of a summary: what was promised."""
    return [
        {
            "title": title(one),
            "value": t("list.semicolon").join(
                papers_page.due(draft, when) for when in one.promise.due
            ),
        }
        for one in promised
    ]


def left_words(left: Owing) -> str:
    """How many papers are owed, and until when the first of them."""
    if left.step:
        return t("owed.left_step", n=left.count, step=say(left.step))
    if left.day is None:
        return t("owed.left", n=left.count)
    key = "owed.left_late" if left.late else "owed.left_day"
    return t(key, n=left.count, day=shown.day_words(left.day))


def _target(paper: Mapping[str, Any]) -> str:
    """Where a problem is mended: at the chooser, or at the files that fill the paper."""
    return f"#{'paper' if paper['full'] else 'f'}-{paper['id']}"
