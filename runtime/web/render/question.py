"""One question, compiled: picks how it looks now and fills it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from definitions.fieldtypes import REGISTRY
from definitions.plan.model import Question
from runtime.engine.picking import row_name, with_rows
from runtime.web.render.beside import beside
from runtime.web.render.escape import escape
from runtime.web.render.filling import (
    Filler,
    Parts,
    box_filler,
    boxes_of,
    checks_filler,
    known_filler,
    reader,
    result_filler,
)
from runtime.web.render.looks import NOTHING, Looks, looks_of, optional_words, slot_texts
from runtime.web.render.piece import mark
from runtime.web.render.shape import MOST_CARDS, Shape, layout_of, shape_of
from runtime.web.render.sources import KNOWN, Sources
from runtime.web.render.templates import render
from runtime.web.render.view import FormView

FILE_TYPES = frozenset({"file", "image"})
NAME_OF = "name of row "
"""Begins the slot for what a row is called."""
MOST_PICKS_KEPT = 16
"""Sets of rows whose looks are kept per question; names of rows are few, since they count up."""

Place = tuple[str, str, str, Filler, Filler]
"""A control in the order of the page: its key among values, its name, what keeps its place while it
is hidden, how it is filled when nothing more is to be told of it, and how it is filled otherwise.

A plain tuple, because Python takes a named one apart several times slower.
"""


def add_parts(
    parts: list[str],
    places: Iterable[Place],
    shown: Container[str],
    values: Mapping[str, Any],
    view: FormView,
) -> None:
    """Add the parts of controls one after the other; those not `shown` keep their place.

    This loop runs for every control of every page.
    """
    special, get = view.special, values.get
    for key, name, hidden, fill, full in places:
        if key not in shown:
            parts.append(hidden)
        elif name in special:
            parts += full(view, get(key))
        else:
            parts += fill(view, get(key))


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
    """How one control looks in every state. `name` is the control's, `hidden` keeps its place.

    Given that it is shown, `quick` fills it when nothing is known of it but its value, and `full`
    always.
    """

    def __init__(self, question: Question, name: str, looks: Looks, sources: Sources) -> None:
        self.name, self.question, self.looks, self.sources = name, question, looks, sources
        self._kind, self._lang = REGISTRY[question.type], sources.lang
        self._calculated = not question.takes_answer and question.type != "note"
        self._files = question.type in FILE_TYPES
        self.hidden = looks.hidden.fill({})
        self._boxes = boxes_of(looks, sources.lang)
        self._read = reader(self._kind, question.field, sources.lang)
        self.quick, self.full = self._fillers()

    def _fillers(self) -> tuple[Filler, Filler]:
        if self._files:
            return self._in_full, self._in_full
        fact = self.looks.fact.settle(below="")
        if self._calculated:
            quick = result_filler(fact, self._read, self.sources.calculated)
            return quick, self._unless_rare(quick)
        quick = box_filler(self.name, self._boxes, self._kind, self.question.field)
        return quick, known_filler(self.name, fact, self._read, self.sources, quick, self._in_full)

    def _unless_rare(self, quick: Filler) -> Filler:
        return lambda view, value: (self._in_full if self.name in view.rare else quick)(view, value)

    def place(self, key: str) -> Place:
        """Its place on the page, found by `key` among values and shown controls."""
        return key, self.name, self.hidden, self.quick, self.full

    def html(self, view: FormView, value: Any) -> str:
        """How it looks now with its value (None: none), given that it is shown."""
        return "".join(self.full(view, value))

    def around_rows(self, view: FormView) -> tuple[str, ...]:
        """What stands before and behind a table's rows."""
        required = self.name in view.needed
        if self.name not in view.special:
            return self._boxes[not required].texts
        look = self.looks.wrong_box if self.name in view.problems else self.looks.box
        optional = "" if required else optional_words(self._lang)
        return look.settle(optional=optional, **self._around(view)).texts

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

    def _in_full(self, view: FormView, value: Any) -> Parts:
        """The long way, for what is rare: problems, conflicts, offers, changed facts, files."""
        problem = view.problems.get(self.name)
        chip = self._chip(view, value)
        if chip and not (problem and self.question.editable and self.question.takes_answer):
            look = self.looks.wrong_fact if problem else self.looks.fact
            shown = NOTHING if value is None else self._read(value)
            known = {"value": shown, "source": chip}
            return look.parts(known | self._around(view))
        typed = view.typed.get(
            self.name, None if value is None else self._kind.to_input(value, self.question.field)
        )
        filled = slot_texts(typed)
        if self._files:
            files = [view.files[id] for id in value or () if id in view.files]
            filled["files"] = render("fields/_files.html", self._lang, files=files)
        return self._whole_box(view, filled)

    def _whole_box(
        self, view: FormView, filled: dict[str, str], looks: Looks | None = None
    ) -> Parts:
        looks = looks or self.looks
        look = looks.wrong_box if self.name in view.problems else looks.box
        if self.name not in view.needed:
            filled["optional"] = optional_words(self._lang)
        return look.parts(filled | self._around(view))

    def _show(self, value: Any) -> str:
        return self._kind.show(value, self.question.field, self._lang)

    def _around(self, view: FormView) -> dict[str, str]:
        below = beside(self.name, self.question, view, self.sources, self._show)
        return {"below": below, "problem": escape(view.problems.get(self.name, ""))}


class _Among(NamedTuple):
    """A choice among certain rows. `places` tell where among the parts that `fill` gives the name
    of which row belongs."""

    looks: Looks
    fill: Callable[[FormView, Any], list[str]]
    places: tuple[tuple[int, int], ...]


class PickPieces(QuestionPieces):
    """A choice among the rows of a table: what there is to choose is known per request.

    Looks are kept per rows, with the places of their names left open: names are personal.
    """

    def _fillers(self) -> tuple[Filler, Filler]:
        self._among = lru_cache(maxsize=MOST_PICKS_KEPT)(self._compile_among)
        return (self._whole_pick if self._calculated else self._pick), self._whole_pick

    def _pick(self, view: FormView, value: Any) -> Parts:
        """Nothing but the names and a check."""
        among, names = self._now(view)
        parts = among.fill(view, value)
        for place, number in among.places:
            parts[place] = escape(names[number])
        return parts

    def _whole_pick(self, view: FormView, value: Any) -> Parts:
        among, names = self._now(view)
        filled = {f"{NAME_OF}{at}": escape(title) for at, title in enumerate(names)}
        if self._chip(view, value):
            now = with_rows(self.question, view.state.values)
            known = QuestionPieces(now, self.name, among.looks.settle(**filled), self.sources)
            return known.full(view, value)
        filled |= slot_texts(view.typed.get(self.name, value))
        return self._whole_box(view, filled, among.looks)

    def _now(self, view: FormView) -> tuple[_Among, list[str]]:
        """How it looks with the rows that there are, and what they are called."""
        rows = view.state.values.get(self.question.table) or ()
        names = [row_name(row, number, self._lang) for number, row in enumerate(rows, 1)]
        ids = tuple([row["$row"] for row in rows])
        return self._among(ids, layout_of(names, self._lang)), names

    def _compile_among(self, rows: tuple[str, ...], layout: str) -> _Among:
        options = tuple((row, mark(f"{NAME_OF}{at}"), "") for at, row in enumerate(rows))
        folded = len(rows) > MOST_CARDS
        shape = shape_of(self.question, self.name, self._lang)
        shape = replace(shape, options=options, layout=layout, folded=folded)
        looks = _looks(self.question, shape, self.sources)
        boxes = boxes_of(looks, self._lang)
        places = [
            (2 * at + 1, int(slot.removeprefix(NAME_OF)))
            for at, slot in enumerate(boxes.required.slots)
            if slot.startswith(NAME_OF)
        ]
        fill = checks_filler(self.name, boxes, self._kind, self.question.field)
        return _Among(looks, fill, tuple(places))
