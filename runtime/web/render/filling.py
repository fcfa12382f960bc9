"""How a value gets into its control, as long as there is nothing more to tell than its source.

A page has hundreds of controls, so what no request changes is settled when the form is compiled:
the texts around the value, and how its type writes it. Parts are handed on, not joined: pages are
long, and so each text is copied only once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from definitions.fieldtypes.contract import FieldType
from definitions.model import Field
from runtime.web.render.escape import escape, special
from runtime.web.render.looks import CHECKS, NOTHING, Looks, optional_words, slot_texts
from runtime.web.render.piece import Piece
from runtime.web.render.sources import KNOWN, Sources
from runtime.web.render.view import FormView

MOST_KEPT_WHOLE = 8
"""Choices whose every answer is kept as a text of its own."""

Parts = Sequence[str]
Filler = Callable[[FormView, Any], Parts]
"""From a view and a value (None: none) to the parts of a control."""

Read = Callable[[Any], str]
"""From a value to how a person reads it, as HTML."""


class Boxes(NamedTuple):
    """What a control looks like when it has to be filled in, and when it may be left out.

    Both come from one template: they have the same slots.
    """

    required: Piece
    optional: Piece


def boxes_of(looks: Looks, lang: str) -> Boxes:
    """The boxes of a control with nothing below it."""
    box = looks.box.settle(below="")
    return Boxes(box.settle(optional=""), box.settle(optional=optional_words(lang)))


def box_filler(name: str, boxes: Boxes, kind: FieldType, field: Field) -> Filler:
    """Fills the box of the control `name`, which holds a value of this kind of field."""
    slots = boxes.required.slots
    if slots == ("value",):
        own_way = type(kind).to_input is not FieldType.to_input
        return _written(name, boxes, kind, field) if own_way else _text(name, boxes)
    if slots == ("start", "end"):
        return _range(name, boxes, kind, field)
    if slots and all(":" in slot for slot in slots):
        return _choice(name, boxes, kind, field)
    return _any(name, boxes, kind, field)


def _text(name: str, boxes: Boxes) -> Filler:
    """For what stands in the box as it is kept; mostly letters, as `escape` knows."""
    required, optional = boxes.required.texts, boxes.optional.texts

    def fill(view: FormView, value: Any) -> Parts:
        head, tail = around = required if name in view.needed else optional
        if value is None:
            return around
        text = str(value)
        if text.isalnum() or special(text) is None:
            return head, text, tail
        return head, escape(text), tail

    return fill


def _written(name: str, boxes: Boxes, kind: FieldType, field: Field) -> Filler:
    """For what its type writes into a box of one line: numbers mostly, which have points."""
    required, optional = boxes.required.texts, boxes.optional.texts
    to_input: Callable[[Any, Field], Any] = kind.to_input

    def fill(view: FormView, value: Any) -> Parts:
        head, tail = around = required if name in view.needed else optional
        if value is None:
            return around
        text = to_input(value, field)
        return head, text if special(text) is None else escape(text), tail

    return fill


def _range(name: str, boxes: Boxes, kind: FieldType, field: Field) -> Filler:
    required, optional = boxes.required.texts, boxes.optional.texts
    to_input = kind.to_input

    def fill(view: FormView, value: Any) -> Parts:
        head, middle, tail = around = required if name in view.needed else optional
        if value is None:
            return around
        ends = to_input(value, field)
        return head, escape(ends[0]), middle, escape(ends[-1]), tail

    return fill


def _choice(name: str, boxes: Boxes, kind: FieldType, field: Field) -> Filler:
    """Each single choice is one text made beforehand, unless there are very many of them."""
    checks = checks_filler(name, boxes, kind, field)
    if kind.json_type == "array" or len(boxes.required.slots) > MOST_KEPT_WHOLE:
        return checks
    required, optional = (_wholes(piece, kind, field) for piece in boxes)

    def fill(view: FormView, value: Any) -> Parts:
        try:
            return (required if name in view.needed else optional)[value]
        except (KeyError, TypeError):  # no option at all, maybe not even a text
            return checks(view, value)

    return fill


def _wholes(piece: Piece, kind: FieldType, field: Field) -> dict[Any, Parts]:
    """The whole control by the value that is chosen in it."""
    codes = [slot.partition(":")[2] for slot in piece.slots]
    values = (True, False) if kind.json_type == "boolean" else codes
    raw = {None: None} | {value: kind.to_input(value, field) for value in values}
    return {value: (piece.fill(slot_texts(text)),) for value, text in raw.items()}


def checks_filler(
    name: str, boxes: Boxes, kind: FieldType, field: Field
) -> Callable[[FormView, Any], list[str]]:
    """Puts a check behind each code that was chosen; slots for anything else stay empty."""
    required, optional = ([part for text in piece.texts for part in (text, "")] for piece in boxes)
    checks = {}
    for at, slot in enumerate(boxes.required.slots):
        word, _, code = slot.partition(":")
        if word in CHECKS:
            checks[code] = (2 * at + 1, CHECKS[word])

    def fill(view: FormView, value: Any) -> list[str]:
        parts = (required if name in view.needed else optional).copy()
        raw = () if value is None else kind.to_input(value, field)
        for code in (raw,) if isinstance(raw, str) else raw:
            if code in checks:
                place, check = checks[code]
                parts[place] = check
        return parts

    return fill


def _any(name: str, boxes: Boxes, kind: FieldType, field: Field) -> Filler:
    def fill(view: FormView, value: Any) -> Parts:
        box = boxes.required if name in view.needed else boxes.optional
        return box.parts(slot_texts(None if value is None else kind.to_input(value, field)))

    return fill


def known_filler(
    name: str, fact: Piece, read: Read, sources: Sources, box: Filler, in_full: Filler
) -> Filler:
    """Fills a control of which a source may know the value: then it is a fact with a chip.

    What is rare, `in_full` writes; what nobody knows stands in its `box`. Raises ValueError for a
    piece that hasn't one place for the value and one for the chip behind it.
    """
    if fact.slots != ("value", "source"):
        raise ValueError(f"a fact shows its value, then its source: {fact.slots}")
    (head, middle, tail), chip_of = fact.texts, sources.chip_of

    def fill(view: FormView, value: Any) -> Parts:
        if name in view.rare:
            return in_full(view, value)
        source = view.provenance.get(name)
        if source is None:
            return box(view, value)
        if source.edited_by:
            return in_full(view, value)
        if value is None or source.origin not in KNOWN:
            return box(view, value)
        fresh_until = source.fresh_until  # as `Sources.chip` does, without the call
        stale = fresh_until is not None and fresh_until < view.today
        chip = chip_of(source.origin, source.license_type, source.issued_on, stale)
        return head, read(value), middle, chip, tail

    return fill


def result_filler(fact: Piece, read: Read, chip: str) -> Filler:
    """Fills what was worked out, whose chip is always the same."""
    head, tail = fact.settle(source=chip).texts

    def fill(view: FormView, value: Any) -> Parts:
        return head, NOTHING if value is None else read(value), tail

    return fill


def reader(kind: FieldType, field: Field, lang: str) -> Read:
    """From a value of this kind of field to how a person reads it, as HTML."""
    show = kind.show

    def read_text(value: Any) -> str:
        text = str(value)
        return text if text.isalnum() or special(text) is None else escape(text)

    def read_written(value: Any) -> str:
        text = show(value, field, lang)
        return text if special(text) is None else escape(text)

    def read_choice(value: Any) -> str:
        try:
            return titles[value]
        except (KeyError, TypeError):  # no option at all, maybe not even a text
            return read_written(value)

    if type(kind).show is FieldType.show:
        return read_text
    titles = {code: read_written(code) for code in field.options}
    return read_choice if titles and kind.json_type == "string" else read_written
