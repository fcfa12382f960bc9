"""Answering a supplement (补正): the fields and papers that an office asked for, and nothing else.

What was sent changes only here: answers, the slices of every item that reads them and the papers
are stored with the command, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from definitions.problems import Problem
from runtime.engine.approvals.commands import Supply
from runtime.journey.answers import Posted, read
from runtime.journey.cases import Case, act, by, digest_of
from runtime.journey.draft import Draft
from runtime.journey.fill import VOUCHED, Edit, next_row
from runtime.journey.papers import HandIn, hand_ins, titled
from runtime.store import Limits, NotFound, Upload
from runtime.store.changes import value_at, with_value
from runtime.store.files.repository import NewFile
from runtime.store.supplied import Supplied

ROW = "row"
"""The name under which a page says which rows of the asked tables it shows: `table/row`."""
ROUNDS = 5
"""How often what was answered may bring up more questions at one go."""


@dataclass(frozen=True)
class Asked:
    """What a supplement wants: by control the officer's reason, and the papers with theirs."""

    case: Case
    use: str
    controls: Mapping[str, str]
    papers: tuple[tuple[HandIn, str], ...]

    @property
    def draft(self) -> Draft:
        """The application as it was sent."""
        return self.case.draft


@dataclass(frozen=True)
class Filled:
    """An answer in the making. `typed` could not be read; `controls` are all that it may change:
    what was asked, and what the new answers bring up.
    """

    asked: Asked
    draft: Draft
    controls: tuple[str, ...]
    typed: Mapping[str, Sequence[str]]
    unread: tuple[Problem, ...]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with it: at its own controls, and whatever was right before."""
        before = {(one.code, one.where) for one in self.asked.draft.state.problems}
        unread = {one.where for one in self.unread}
        wrong = [
            one
            for one in self.draft.state.problems
            if one.where not in unread
            and (
                one.where.removeprefix("/").partition("/")[0] in self.controls
                or (one.code, one.where) not in before
            )
        ]
        if self.draft.state.active != self.asked.draft.state.active:
            wrong.append(Problem("application.items_fixed", f"/{self.controls[0]}"))
        return [*self.unread, *wrong]


def asked(case: Case, use: str) -> Asked:
    """What an item's supplement wants.

    Raises:
        NotFound: none is awaited, or it isn't the actor's to answer.
    """
    item = case.state.items.get(use)
    if not by(case).applicant or item is None or item.ending:
        raise NotFound
    wanted = item.supplement
    if wanted is None or not wanted.waits:
        raise NotFound
    readings = case.draft.plan.items[use].readings
    controls = {
        str(getattr(readings.get(name), "question", "")): why for name, why in wanted.fields.items()
    }
    papers = tuple(
        (one, wanted.papers[one.paper.id])
        for one in hand_ins(_as_sent(case.draft), ())
        if one.paper.id in wanted.papers
    )
    known = case.draft.plan.questions
    return Asked(case, use, {id: why for id, why in controls.items() if id in known}, papers)


def shown(asked_: Asked) -> Filled:
    """The answers as they were sent, to be changed."""
    return Filled(asked_, asked_.draft, tuple(asked_.controls), {}, ())


def fill(asked_: Asked, posted: Any) -> Filled:
    """What was posted, read; only what may change does."""
    plan, draft = asked_.draft.plan, asked_.draft
    controls = list(asked_.controls)
    for _ in range(ROUNDS):
        answers = _with_rows(draft, controls, posted)
        names = list(_names(draft, controls, answers))
        reading = read(plan, names, posted, answers)
        for name in names:
            if name in reading.answers or name in reading.unread:
                answers = with_value(answers, name, reading.answers.get(name))
        changed = _changed(draft, answers)
        fresh = [one for one in changed.state.asked if one not in draft.state.asked]
        fresh = [one for one in fresh if one not in controls]
        if not fresh:
            break
        controls += fresh
    unread = tuple(reading.problems)
    return Filled(asked_, changed, tuple(controls), reading.unread, unread)


def with_row(filled: Filled, table: str) -> Filled:
    """The same with an empty row more. A table that isn't asked for stays as it is."""
    if table not in filled.controls or not filled.draft.plan.questions[table].columns:
        return filled
    rows = list(filled.draft.answers.get(table) or ())
    rows.append({"$row": next_row(filled.draft, Edit(filled.draft.answers), table)})
    answers = {**filled.draft.answers, table: rows}
    return replace(filled, draft=_changed(filled.draft, answers))


def without_row(filled: Filled, row: str) -> Filled:
    """The same without a row (`table/row`). A table that isn't asked for stays as it is."""
    if row.partition("/")[0] not in filled.controls or "/" not in row:
        return filled
    answers = with_value(filled.draft.answers, row, None)
    return replace(filled, draft=_changed(filled.draft, answers))


def send(filled: Filled, uploads: Mapping[str, Sequence[Upload]]) -> Case | list[Problem]:
    """The case after the answer; or all that is wrong with it, and nothing has happened.

    Raises:
        NotAllowed: the rules don't let these answers change any more.
        Conflict: something has happened to the application since it was loaded.
    """
    problems = [*filled.problems, *_missing(filled.asked, uploads)]
    files: list[NewFile] = []
    for one, _ in filled.asked.papers if not problems else ():
        for upload in uploads[one.paper.id]:
            taken = _received(filled, one, upload)
            if isinstance(taken, Problem):
                problems.append(replace(taken, where=f"/papers/{one.paper.id}"))
            else:
                files.append(taken)
    if problems:
        return problems
    case, changes = filled.asked.case, _differences(filled)
    command = Supply(
        filled.asked.use,
        changes,
        {use: digest_of(filled.draft, use) for use in changes},
        by(case),
    )
    slices = {use: filled.draft.state.slices(use) for use in changes}
    parts = {"answers": filled.draft.answers, "provenance": _provenance(filled)}
    return act(Case(filled.draft, case.stored), command, Supplied(parts, slices, files))


def _received(filled: Filled, one: HandIn, upload: Upload) -> NewFile | Problem:
    draft, limits = filled.asked.draft, Limits(accept=one.accept, max_files=one.max_files)
    files = draft.installation.store.files
    return files.receive(draft.actor, draft.application, upload, limits, draft.now)


def _missing(asked_: Asked, uploads: Mapping[str, Sequence[Upload]]) -> Iterable[Problem]:
    """A file at least for each paper, and no more than the strictest item takes."""
    for one, _ in asked_.papers:
        where, many = f"/papers/{one.paper.id}", len(uploads.get(one.paper.id, ()))
        if not many:
            yield Problem("application.paper_missing", where, {"title": titled(one)})
        elif many > one.max_files:
            yield Problem("file.too_many", where, {"most": one.max_files})


def _differences(filled: Filled) -> dict[str, frozenset[str]]:
    """By use the own names of the fields whose values are different now."""
    old, new = filled.asked.draft.state, filled.draft.state
    found = {}
    for use in filled.asked.case.state.items:
        before, after = old.slices(use), new.slices(use)
        names = before.keys() | after.keys()
        different = frozenset(name for name in names if before.get(name) != after.get(name))
        if different:
            found[use] = different
    return found


def _provenance(filled: Filled) -> dict[str, Any]:
    """Where values are from: what a source vouched for and was changed is the person's now."""
    before, after = filled.asked.draft.answers, filled.draft.answers
    draft = filled.asked.draft
    found = dict(draft.application.provenance)
    for where, source in draft.application.provenance.items():
        old, new = value_at(before, where), value_at(after, where)
        if old == new:
            continue
        if source.origin in VOUCHED and new is not None:
            at = draft.now.isoformat(timespec="seconds")
            found[where] = replace(
                source, original=source.original or old, edited_by=draft.person.id, edited_at=at
            )
        else:
            del found[where]
    return found


def _with_rows(draft: Draft, controls: Iterable[str], posted: Any) -> Mapping[str, Any]:
    """The answers with the rows that the page shows in the tables that may change."""
    answers: Mapping[str, Any] = draft.answers
    named = [one.partition("/") for one in posted.getlist(ROW)]
    for table in controls:
        if draft.plan.questions[table].columns and posted.getlist(ROW):
            known = {row["$row"]: row for row in draft.answers.get(table) or ()}
            shown_ = dict.fromkeys(row for one, _, row in named if one == table and row)
            answers = {**answers, table: [known.get(row, {"$row": row}) for row in shown_]}
    return answers


def _names(draft: Draft, controls: Iterable[str], answers: Mapping[str, Any]) -> Iterable[str]:
    """The controls that a post may speak of: questions, and cells of the rows that there are."""
    for name in controls:
        question = draft.plan.questions[name]
        if not question.columns:
            if question.takes_answer:
                yield name
            continue
        for row in answers.get(name) or ():
            for column, cell in question.columns.items():
                if cell.takes_answer:
                    yield f"{name}/{row['$row']}/{column}"


def _changed(draft: Draft, answers: Mapping[str, Any]) -> Draft:
    held = draft.application
    parts = held.parts.with_changes({}, {"answers": answers})
    return draft.with_application(replace(held, parts=parts))


def _as_sent(draft: Draft) -> Draft:
    return replace(draft, now=draft.application.submitted_at or draft.now)


__all__ = ["ROW", "Asked", "Filled", "Posted", "asked", "fill", "send", "shown", "with_row",
           "without_row"]  # fmt: skip
