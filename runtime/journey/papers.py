"""The papers of an application: how each is handed in, promised or spared, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from definitions.calendars import WorkCalendar
from definitions.model import Commitment, Span, Text
from definitions.problems import Problem
from runtime.engine.materials import Paper
from runtime.engine.materials import papers as papers_of
from runtime.engine.meaning import Who, known_keys
from runtime.installation import Installation
from runtime.journey.draft import Draft
from runtime.store import Application
from runtime.store.changes import Change
from runtime.store.errors import NotFound
from runtime.store.files import Limits, StoredFile, Upload
from runtime.store.files.content import KINDS

VOUCHED = ("A", "B")
"""Trust of licences that spare a paper: what a person brings is a paper itself."""


@dataclass(frozen=True, slots=True)
class Following:
    """When a paper that may follow is due: on a day, or before a step of an item."""

    use: str
    day: date | None = None
    step: Text | None = None


@dataclass(frozen=True, slots=True)
class HandIn:
    """A paper and what the person has done about it. `person` names the row that it is of."""

    paper: Paper
    person: str
    files: tuple[StoredFile, ...]
    record: Mapping[str, Any]

    @property
    def accept(self) -> tuple[str, ...]:
        """The kinds of file that every item takes, of those that are taken at all."""
        asks = list(self.paper.asks.values())
        return tuple(
            kind for kind in asks[0].accept
            if kind in KINDS and all(kind in one.accept for one in asks)
        )  # fmt: skip

    @property
    def max_files(self) -> int:
        """How many files the strictest item takes."""
        return min(one.max_files for one in self.paper.asks.values())

    @property
    def texts(self) -> tuple[Commitment, ...]:
        """The commitments that stand for the paper, each text once."""
        unique = {(one.version, one.text["zh-CN"]): one for one in self.paper.commitments.values()}
        return tuple(unique.values())

    @property
    def committed(self) -> bool:
        """Whether the person has committed to the texts as they are now."""
        return self.record.get("commitments") == commitments_of(self.paper)

    @property
    def settled(self) -> bool:
        """Whether nothing is missing any more."""
        if not self.paper.required or self.paper.state in ("waived", "data"):
            return True
        if self.paper.state == "commitment":
            return self.committed
        return self.paper.state == "may_follow" or bool(self.files)


def commitments_of(paper: Paper) -> dict[str, Any]:
    """The commitments of a paper by item, as the answer keeps them: id, version and text."""
    return {
        use: {"id": one.id, "version": one.version, "text": dict(one.text)}
        for use, one in paper.commitments.items()
    }


def hand_ins(draft: Draft, handed_in: Iterable[StoredFile] | None = None) -> list[HandIn]:
    """The papers that the answers ask for, with their files: these, or all that the actor has."""
    application = draft.application
    vouched = [one for one in application.licenses if one.trust in VOUCHED]
    chosen = {name: one["choice"] for name, one in application.papers.items()}
    found = papers_of(draft.plan, draft.state, vouched, draft.answers, draft.today, chosen)
    files: dict[str, list[StoredFile]] = {}
    if handed_in is None:
        handed_in = draft.installation.store.files.of(draft.actor, application)
    for file in handed_in:
        files.setdefault(file.purpose, []).append(file)
    return [
        HandIn(
            paper,
            row_name(draft, paper.subject, paper.row),
            tuple(files.get(paper.id, ())),
            application.papers.get(paper.id, {}),
        )
        for paper in found
    ]


def hand_in(draft: Draft, paper: str) -> HandIn:
    """One of them.

    Raises:
        NotFound: the application doesn't ask for such a paper.
    """
    found = next((one for one in hand_ins(draft) if one.paper.id == paper), None)
    if found is None:
        raise NotFound
    return found


def row_name(draft: Draft, subject: str, row: str) -> str:
    """What the person of a row is called; their key where the name is missing."""
    if not row:
        return ""
    names = {one.get("$row"): one.get("party.name") for one in draft.answers.get(subject) or ()}
    return names.get(row) or known_keys(draft.plan, draft.answers).get(Who(subject, row), row)


def missing(papers: Sequence[HandIn]) -> list[Problem]:
    """What is still to be done, a problem a paper; `where` is `/papers/<id>`."""
    return [
        Problem(
            "application.commitment_missing"
            if one.paper.state == "commitment"
            else "application.paper_missing",
            f"/papers/{one.paper.id}",
            {"title": titled(one)},
        )
        for one in papers
        if not one.settled
    ]


def titled(one: HandIn) -> Text:
    """The paper's title, with the person it is of."""
    if not one.person:
        return one.paper.title
    return {lang: f"{text} · {one.person}" for lang, text in one.paper.title.items()}


def following(draft: Draft, paper: Paper) -> list[Following]:
    """When each item that still asks wants the paper, if it may follow."""
    return [
        Following(use, _day(draft, deferral.within) if deferral.within else None,
                  _step(draft, use, deferral.by_step))
        for use, deferral in paper.may_follow.items()
    ]  # fmt: skip


def add_file(draft: Draft, paper: str, upload: Upload) -> StoredFile | Problem:
    """The file, kept for a paper; or why it can't be.

    Raises:
        NotFound: the application doesn't ask for such a paper, or not for a file.
        Refused: it isn't a draft any more.
    """
    found = hand_in(draft, paper)
    if "upload" not in found.paper.choices:
        raise NotFound
    limits = Limits(accept=found.accept, max_files=found.max_files)
    files = draft.installation.store.files
    stored = files.accept(draft.actor, draft.application, upload, limits, draft.now)
    if isinstance(stored, StoredFile) and found.paper.state != "upload":
        choose(draft, paper, "upload")
    return stored


def choose(draft: Draft, paper: str, choice: str) -> Application:
    """The draft with the way that the person chose; a commitment is kept with its text.

    A paper whose file is there can't be put off: the draft stays as it is.

    Raises:
        NotFound: the application doesn't ask for such a paper, or offers no such way.
        Refused: it isn't a draft any more.
    """
    found = hand_in(draft, paper)
    if choice not in found.paper.choices:
        raise NotFound
    if choice == "may_follow" and found.files:
        return draft.application
    record: dict[str, Any] = {"choice": choice, "at": draft.now.isoformat(timespec="seconds")}
    if choice == "commitment":
        record["commitments"] = commitments_of(found.paper)
    change = Change(papers={paper: record})
    application = draft.application
    return draft.installation.store.applications.save(
        draft.actor, application, application.version, change, draft.now
    )


def take_back(draft: Draft, paper: str) -> Application:
    """The draft without what was chosen for a paper.

    Raises:
        Refused: it isn't a draft any more.
    """
    application = draft.application
    return draft.installation.store.applications.save(
        draft.actor, application, application.version, Change(papers={paper: None}), draft.now
    )


def day_after(installation: Installation, start: date, span: Span) -> date:
    """The last day of a length of time that begins on the day after `start`."""
    if span.unit == "working":
        return work_calendar(installation).add(start, span.n)
    return start + timedelta(days=int(span.n))


@cache
def work_calendar(installation: Installation) -> WorkCalendar:
    """The working days that this installation knows."""
    return WorkCalendar(installation.surroundings.calendars.values())


def _day(draft: Draft, within: Span) -> date:
    return day_after(draft.installation, draft.today, within)


def _step(draft: Draft, use: str, step: str | None) -> Text | None:
    return draft.plan.items[use].item.steps[step].title if step else None
