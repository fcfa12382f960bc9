"""Filling the form: what sources know goes in by itself, what a person types goes in as typed.

The server alone says what is verified: a value that an authority vouches for is never taken from a
browser, and what could not be read is kept as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from definitions.model import License, Provenance
from definitions.plan import Plan
from definitions.problems import Problem
from runtime.engine import change as engine
from runtime.engine.meaning import same_key
from runtime.engine.offers import Offer, RowOffer
from runtime.engine.picking import picks_among
from runtime.engine.prefill import offers
from runtime.engine.validity import provenance
from runtime.journey.answers import Posted, Reading, read
from runtime.journey.deciding import deciding
from runtime.journey.draft import Draft
from runtime.store import Change
from runtime.store.changes import numbered, value_at, with_value

T = TypeVar("T")

VOUCHED = frozenset({"authority", "own_document", "account", "staff", "derived"})
"""Origins of values that stand as facts, until the person says that they are wrong."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft after a save: what changed on the page, and what was refused.

    `touched` are controls to show anew; `problems` are about what was just sent.
    """

    draft: Draft
    touched: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Edit:
    """One change in the making: the answers as they will be, and what is to be stored for it."""

    answers: Mapping[str, Any]
    set: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Provenance | None] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    picks: dict[str, Any] = field(default_factory=dict)

    def answer(self, control: str, value: Any, source: Provenance | None = None) -> None:
        """Set one answer (None takes it away) and where it is from."""
        self.answers = with_value(self.answers, control, value)
        self.set[control] = value
        self.provenance[control] = source
        self.typed[control] = None

    def change(self, **whole: Any) -> Change:
        """What the store is to do; `whole` are parts that are replaced."""
        return Change(
            answers=self.set,
            provenance=self.provenance,
            typed=self.typed,
            picks=self.picks,
            **whole,
        )

    def __bool__(self) -> bool:
        return bool(self.set or self.provenance or self.picks or self.typed)


def save(draft: Draft, posted: Posted, base: int) -> Saved:
    """Take over what was posted and changed, and fill what that makes it possible to fill.

    `base` is the version of the draft that the page showed.

    Raises:
        Conflict: somebody changed one of the same answers meanwhile.
        Refused: the application has been submitted.
    """
    reading = read(draft.plan, _controls(draft, posted), posted, draft.answers)
    edit = Edit(draft.answers)
    problems = [*_take(draft, reading, edit), *reading.problems]
    return _store(draft, edit, base, problems)


def dispute(draft: Draft, control: str, base: int) -> Saved:
    """“This is wrong”: the value becomes the person's to change; the original is kept and shown.

    Raises:
        KeyError: there is no such value, or it can't be edited.
    """
    source = draft.application.provenance[control]
    if not draft.plan.question(control).editable or source.origin not in VOUCHED:
        raise KeyError(control)
    if source.edited_by:  # another tab was faster: the original is kept already
        return Saved(draft, (control,))
    original = value_at(draft.answers, control)
    edit = Edit(draft.answers)
    edit.provenance[control] = replace(
        source, original=original, edited_by=draft.person.id, edited_at=_text(draft.now)
    )
    return _store(draft, edit, base, touched=[control])


def restore(draft: Draft, control: str, base: int) -> Saved:
    """Back to what the source said. Raises KeyError when nothing was changed."""
    source = draft.application.provenance[control]
    if not source.edited_by:
        raise KeyError(control)
    edit = Edit(draft.answers)
    unedited = replace(source, original=None, edited_by=None, edited_at=None)
    edit.answer(control, source.original, unedited)
    return _store(draft, edit, base, touched=[control])


def choose(draft: Draft, control: str, index: int, base: int) -> Saved:
    """One of the values that sources disagree about. Raises LookupError for no such value."""
    offer = draft.prefill.conflicts[control][index]
    edit = Edit(draft.answers)
    edit.picks[control] = offer.value
    edit.answer(control, offer.value, offer.provenance)
    return _store(draft, edit, base, touched=[control])


def take(draft: Draft, control: str, base: int) -> Saved:
    """What a source says instead of what was typed. Raises KeyError when none says anything."""
    offer = draft.prefill.values[control]
    edit = Edit(draft.answers)
    edit.answer(control, offer.value, offer.provenance)
    return _store(draft, edit, base, touched=[control])


def pick(draft: Draft, question: str, key: str, base: int) -> Saved:
    """Which home, which premises: the key of a licence's thing becomes the form's.

    Raises:
        LookupError: it is none of those that were offered.
    """
    offered = (one for one in draft.prefill.picks if one.question == question)
    found = _one(one for pick in offered for one in pick.candidates if one.key == key)
    edit = Edit(draft.answers)
    edit.answer(question, key, provenance(found.license, draft.plan.library, found.printed))
    return _store(draft, edit, base, touched=[question])


def add_row(draft: Draft, table: str, base: int) -> Saved:
    """An empty row: the one that nobody has touched yet, else one more.

    Raises:
        KeyError: it is no table of this form.
    """
    if not draft.plan.questions[table].columns:
        raise KeyError(table)
    if untouched_rows(draft, table):
        return Saved(draft, (table,))
    edit = Edit(draft.answers)
    name = next_row(draft, edit, table)
    edit.answer(f"{table}/{name}", {"$row": name})
    return _store(draft, edit, base, touched=[table])


def remove_row(draft: Draft, row: str, base: int) -> Saved:
    """Without that row (`table/row`), and nobody picks it. Raises KeyError when it isn't there."""
    if value_at(draft.answers, row) is None:
        raise KeyError(row)
    edit = Edit(draft.answers)
    _take_away(draft, edit, row)
    return _store(draft, edit, base, touched=[row.partition("/")[0]])


def drop_untouched_rows(draft: Draft, base: int) -> Saved:
    """Without the rows that were added and left empty; a table that must have a row keeps one."""
    edit = Edit(draft.answers)
    tables = [name for name, question in draft.plan.questions.items() if question.columns]
    for table in tables:
        empty, rows = untouched_rows(draft, table), draft.answers.get(table) or ()
        wanted = table in draft.state.required and len(empty) == len(rows)
        for row in empty[wanted:]:
            _take_away(draft, edit, f"{table}/{row}")
    return _store(draft, edit, base, touched=tables)


def untouched_rows(draft: Draft, table: str) -> list[str]:
    """The ids of the rows of a table of which nothing is known, and in which nothing was typed."""
    said = {*draft.application.typed, *draft.application.provenance}
    touched = {"/".join(control.split("/")[:2]) for control in said}
    rows = draft.answers.get(table) or ()
    return [
        row["$row"]
        for row in rows
        if row.keys() == {"$row"} and f"{table}/{row['$row']}" not in touched
    ]


def _take_away(draft: Draft, edit: Edit, row: str) -> None:
    """Remove a row (`table/row`) with all that is known of it; nobody picks it any more."""
    table, _, key = row.partition("/")
    edit.answer(row, None)
    for pick in picks_among(draft.plan, {table}):
        if draft.answers.get(pick) == key:
            edit.answer(pick, None)
    for control in draft.application.provenance:
        if control.startswith(f"{row}/"):
            edit.provenance[control] = None


def accept_row(draft: Draft, table: str, key: str, base: int) -> Saved:
    """The row that a source knows, after the person said yes. Raises LookupError for none."""
    offered = _one(one for one in draft.prefill.rows[table] if one.key == key)
    edit = Edit(draft.answers)
    put_row(draft, edit, table, offered)
    return _store(draft, edit, base, touched=[table])


def put_row(draft: Draft, edit: Edit, table: str, offered: RowOffer) -> None:
    """Add a known row to its table."""
    name = next_row(draft, edit, table)
    edit.answer(f"{table}/{name}", {"$row": name})
    for column, offer in offered.values.items():
        edit.answer(f"{table}/{name}/{column}", offer.value, offer.provenance)


def next_row(draft: Draft, edit: Edit, table: str) -> str:
    """A row id that no row of the table has or had: they count up from r1.

    Papers, files and invitations are named after rows, and must not become another person's.
    """
    rows = edit.answers.get(table) or ()
    numbers = [numbered(f"{table}/{row['$row']}")[1] for row in rows]
    return f"r{max([*numbers, draft.application.highest_row(table)]) + 1}"


def fill(draft: Draft, edit: Edit, licenses: Iterable[License]) -> None:
    """Let what licences and the account know into an edit: empty places, and facts that changed."""
    found = offers(draft.plan, edit.answers, licenses, draft.today, draft.identity)
    known = draft.application.provenance
    for control, offer in found.values.items():
        offer = _chosen(draft, control, offer, found.conflicts.get(control, ()))
        current = value_at(edit.answers, control)
        source = known.get(control)
        vouched = source is not None and source.origin in VOUCHED and not source.edited_by
        empty = current is None and source is None and control not in draft.application.typed
        if control not in edit.set and (empty or (vouched and current != offer.value)):
            edit.answer(control, offer.value, offer.provenance)


def own_row(draft: Draft, edit: Edit) -> None:
    """Put the person into the table of the party that they are: their own row needs no yes."""
    table = draft.application.party
    found = offers(draft.plan, edit.answers, (), draft.today, draft.identity)
    for offered in found.rows.get(table, ()):
        if same_key(offered.key, draft.identity.id_number):
            put_row(draft, edit, table, offered)


def _one(found: Iterator[T]) -> T:
    """The first of these. Raises LookupError for none."""
    for one in found:
        return one
    raise LookupError


def _chosen(draft: Draft, control: str, best: Offer, conflict: Iterable[Offer]) -> Offer:
    """The offer that the person chose where sources disagree; else the best."""
    chosen = draft.application.picks.get(control)
    return next((one for one in conflict if one.value == chosen), best)


def _controls(draft: Draft, posted: Posted) -> list[str]:
    """The names in a post that are controls of this form and don't just repeat what stands.

    Without scripts a post says everything again: most of it need not be read.
    """
    plan, answers, unread = draft.plan, draft.answers, draft.application.typed
    return [
        name
        for name in posted
        if (_is_cell(plan, answers, name) if "/" in name else _is_single(plan, name))
        and (name in unread or posted.getlist(name) != [value_at(answers, name)])
    ]


def _is_single(plan: Plan, name: str) -> bool:
    question = plan.questions.get(name)
    return question is not None and not question.columns


def _is_cell(plan: Plan, answers: Mapping[str, Any], name: str) -> bool:
    """Whether it is a cell of a row that there is."""
    row, _, column = name.rpartition("/")
    question = plan.questions.get(row.partition("/")[0])
    return question is not None and column in question.columns and bool(value_at(answers, row))


def _take(draft: Draft, reading: Reading, edit: Edit) -> Iterable[Problem]:
    """Put what was read into the edit; gives a problem for each value that isn't the person's."""
    answers, unread = draft.answers, draft.application.typed
    for control, value in reading.answers.items():
        if value == value_at(answers, control):
            if control in unread:
                edit.typed[control] = None
        elif _is_the_persons(draft, control):
            edit.answer(control, value, _edited(draft, control))
        else:
            yield Problem("application.read_only", f"/{control}", _title(draft, control))
    for control, typed in reading.unread.items():
        if _is_the_persons(draft, control):
            if value_at(answers, control) is not None:
                edit.answer(control, None, _edited(draft, control))
            edit.typed[control] = list(typed)


def _is_the_persons(draft: Draft, control: str) -> bool:
    """Whether a browser may say this: it takes an answer, and no source vouches for it."""
    question = draft.plan.question(control)
    source = draft.application.provenance.get(control)
    vouched = source is not None and source.origin in VOUCHED and not source.edited_by
    return question.takes_answer and not vouched


def _edited(draft: Draft, control: str) -> Provenance | None:
    """The provenance of a value that the person gives now: none, unless a source knew better."""
    source = draft.application.provenance.get(control)
    if source is None:
        return None
    return replace(source, edited_by=draft.person.id, edited_at=_text(draft.now))


def _store(
    draft: Draft,
    edit: Edit,
    base: int,
    problems: Iterable[Problem] = (),
    touched: Iterable[str] = (),
) -> Saved:
    """One UPDATE, and what it changes on the page; nothing at all when nothing changed."""
    found = tuple(problems)
    if not edit:
        return Saved(draft, tuple(touched), found)
    changed = {control.partition("/")[0] for control in edit.set}
    effect = engine.change(draft.plan, draft.answers, edit.answers, changed, draft.today)
    if _may_fill(draft, changed, effect):
        fill(draft, edit, draft.application.licenses)
        changed = {control.partition("/")[0] for control in edit.set}
        effect = engine.change(draft.plan, draft.answers, edit.answers, changed, draft.today)
    applications = draft.installation.store.applications
    stored = applications.save(draft.actor, draft.application, base, edit.change(), draft.now)
    return Saved(draft.with_application(stored), _touched(edit, effect, touched), found)


def _may_fill(draft: Draft, changed: set[str], effect: engine.Change) -> bool:
    """Whether a change could let sources say more: a key became known, or questions came up."""
    return bool(effect.shown) or not changed.isdisjoint(deciding(draft.plan))


def _touched(edit: Edit, effect: engine.Change, touched: Iterable[str]) -> tuple[str, ...]:
    """Controls to show anew. What the person has just typed readably stays as they typed it."""
    found = dict.fromkeys(touched)
    found |= dict.fromkeys((*effect.shown, *effect.hidden, *effect.required, *effect.optional))
    found |= dict.fromkeys((*effect.values, *effect.problems))
    found |= dict.fromkeys(control for control, one in edit.provenance.items() if one)
    return tuple(found)


def _title(draft: Draft, control: str) -> Mapping[str, Any]:
    return {"title": draft.plan.question(control).title}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
