"""One question, compiled: picks how it looks now and fills it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

from definitions.fieldtypes import REGISTRY
from definitions.fieldtypes.contract import FieldType
from definitions.plan.model import Question
from runtime.engine.picking import rows_to_pick, with_rows
from runtime.web.render.beside import beside
from runtime.web.render.escape import escape
from runtime.web.render.looks import (
    NOTHING,
    Filler,
    Looks,
    ToInput,
    fact_filler,
    filler,
    looks_of,
    optional_words,
    slot_texts,
)
from runtime.web.render.piece import mark
from runtime.web.render.shape import MOST_CARDS, Shape, layout_of, shape_of
from runtime.web.render.sources import KNOWN, Sources
from runtime.web.render.templates import render
from runtime.web.render.view import FormView
from runtime.web.texts import say

FILE_TYPES = frozenset({"file", "image"})
MOST_PICKS_KEPT = 16
"""Sets of rows whose looks are kept per question; names of rows are few, since they count up."""


class Place(NamedTuple):
    """A control in the order of the page. `required` and `optional` fill it in the quick way;
    where `required` is None only `full` can."""

    key: str
    name: str
    required: Filler | None
    optional: Filler
    full: Callable[[FormView, Any], Sequence[str]]
    hidden: str


def parts_of(
    places: Iterable[Place],
    shown: Collection[str],
    values: Mapping[str, Any],
    view: FormView,
) -> list[str]:
    """The parts of controls one after the other; those not `shown` keep their place.

    This loop runs for every control of every page, so its common case calls one function.
    """
    special, needed, get = view.special, view.state.required, values.get
    parts: list[str] = []
    for key, name, required, optional, full, hidden in places:
        if key not in shown:
            parts.append(hidden)
        elif required is None or name in special:
            parts += full(view, get(key))
        else:
            parts += (required if name in needed else optional)(get(key))
    return parts


def compile_question(question: Question, sources: Sources) -> QuestionPieces:
    """The pieces of a question that stands by itself."""
    shape = shape_of(question, question.id, sources.lang)
    kind = PickPieces if question.role == "pick" else QuestionPieces
    return kind(question, question.id, _looks(question, shape, sources), sources)


def compile_cell(question: Question, table: str, column: str, sources: Sources) -> Looks:
    """The looks of a column's cells; the slot `row` is open in their names."""
    name = f"{table}/{mark('row')}/{column}"
    return _looks(question, shape_of(question, name, sources.lang, cell=True), sources)


def _looks(question: Question, shape: Shape, sources: Sources) -> Looks:
    return looks_of(REGISTRY[question.type].template, shape, sources.lang)


class QuestionPieces:
    """How one control looks in every state. `name` is the control's, `hidden` keeps its place."""

    def __init__(self, question: Question, name: str, looks: Looks, sources: Sources) -> None:
        self.name, self.question, self.looks, self.sources = name, question, looks, sources
        self._input, self._show = _input_of(question), _show_of(question, sources.lang)
        self._calculated = not question.takes_answer and question.type != "note"
        self._files = question.type in FILE_TYPES
        self.hidden = looks.hidden.fill({})
        box = looks.box.settle(below="")
        self._boxes = (box.settle(optional=optional_words(sources.lang)), box.settle(optional=""))
        self._optional, self._required = (filler(box, self._input) for box in self._boxes)
        self._fact = fact_filler(looks.fact.settle(below=""), self._show)

    def place(self, key: str) -> Place:
        """Its place on the page, found by `key` among values and shown controls."""
        required, optional = self._required, self._optional
        if self._calculated:
            required = optional = self._known
        quick = None if self._files else required
        return Place(key, self.name, quick, optional, self.parts, self.hidden)

    def html(self, view: FormView, value: Any) -> str:
        """How it looks now with its value (None: none), given that it is shown."""
        return "".join(self.parts(view, value))

    def parts(self, view: FormView, value: Any) -> tuple[str, ...]:
        """The same, not joined yet."""
        name = self.name
        if name in view.rare or self._files:
            return (self._in_full(view, value),)
        if self._calculated:
            return self._known(value)
        source = view.provenance.get(name)
        if source is not None:
            if source.edited_by:
                return (self._in_full(view, value),)
            if value is not None and source.origin in KNOWN and name not in view.editing:
                return self._fact(value, self.sources.chip(source, view.today))
        return (self._required if name in view.state.required else self._optional)(value)

    def around_rows(self, view: FormView) -> tuple[str, ...]:
        """What stands before and behind a table's rows."""
        required = self.name in view.state.required
        if self.name not in view.special:
            return self._boxes[required].texts
        look = self.looks.wrong_box if self.name in view.problems else self.looks.box
        optional = "" if required else optional_words(self.sources.lang)
        return look.settle(optional=optional, **self._around(view)).texts

    def _known(self, value: Any) -> tuple[str, ...]:
        return self._fact(value, self.sources.calculated)

    def _chip(self, view: FormView, value: Any) -> str:
        """The chip of a value that is shown as a fact; empty where a box stands."""
        if self._calculated:
            return self.sources.calculated
        name = self.name
        source = view.provenance.get(name)
        if source is None or value is None or source.edited_by or source.origin not in KNOWN:
            return ""
        if name in view.editing or name in view.typed:
            return ""
        return self.sources.chip(source, view.today)

    def _in_full(self, view: FormView, value: Any) -> str:
        """The long way, for what is rare: problems, conflicts, offers, changed facts, files."""
        problem = view.problems.get(self.name)
        chip = self._chip(view, value)
        if chip and not (problem and self.question.editable and self.question.takes_answer):
            look = self.looks.wrong_fact if problem else self.looks.fact
            shown = NOTHING if value is None else escape(self._show(value))
            known = {"value": shown, "source": chip}
            return look.fill(known | self._around(view))
        typed = view.typed.get(self.name, None if value is None else self._input(value))
        filled = slot_texts(typed)
        if self._files:
            files = [view.files[id] for id in value or () if id in view.files]
            filled["files"] = render("fields/_files.html", self.sources.lang, files=files)
        return self._box(view, filled)

    def _box(self, view: FormView, filled: dict[str, str], looks: Looks | None = None) -> str:
        looks = looks or self.looks
        look = looks.wrong_box if self.name in view.problems else looks.box
        if self.name not in view.state.required:
            filled["optional"] = optional_words(self.sources.lang)
        return look.fill(filled | self._around(view))

    def _around(self, view: FormView) -> dict[str, str]:
        below = beside(self.name, self.question, view, self.sources, self._show)
        return {"below": below, "problem": escape(view.problems.get(self.name, ""))}


class PickPieces(QuestionPieces):
    """A choice among the rows of a table: what there is to choose is known per request.

    Looks are kept per rows, with the places of their names left open: names are personal.
    """

    def __init__(self, question: Question, name: str, looks: Looks, sources: Sources) -> None:
        super().__init__(question, name, looks, sources)
        self._among = lru_cache(maxsize=MOST_PICKS_KEPT)(self._looks_among)

    def place(self, key: str) -> Place:
        return super().place(key)._replace(required=None)

    def parts(self, view: FormView, value: Any) -> tuple[str, ...]:
        rows = rows_to_pick(self.question, view.state.values)
        titles = [say(title, self.sources.lang) for title in rows.values()]
        looks = self._among(tuple(rows), layout_of(titles, self.sources.lang))
        names = {f"row {at}": escape(title) for at, title in enumerate(titles)}
        if self._chip(view, value):
            now = with_rows(self.question, view.state.values)
            known = QuestionPieces(now, self.name, looks.settle(**names), self.sources)
            return known.parts(view, value)
        return (self._box(view, slot_texts(view.typed.get(self.name, value)) | names, looks),)

    def _looks_among(self, rows: tuple[str, ...], layout: str) -> Looks:
        options = tuple((row, mark(f"row {at}"), "") for at, row in enumerate(rows))
        folded = len(rows) > MOST_CARDS
        shape = shape_of(self.question, self.name, self.sources.lang)
        shape = replace(shape, options=options, layout=layout, folded=folded)
        return _looks(self.question, shape, self.sources)


def _input_of(question: Question) -> ToInput:
    """The type's `to_input` for this question; plain `str` where the type leaves it at that."""
    kind, field = REGISTRY[question.type], question.field
    if type(kind).to_input is FieldType.to_input:
        return str
    return partial(kind.to_input, field=field)


def _show_of(question: Question, lang: str) -> Callable[[Any], str]:
    kind, field = REGISTRY[question.type], question.field
    if type(kind).show is FieldType.show:
        return str
    return partial(kind.show, field=field, lang=lang)
