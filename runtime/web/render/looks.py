"""The ways a question can look, as pieces; questions that look alike share a template's run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from runtime.web.render.escape import escape, special
from runtime.web.render.piece import Piece
from runtime.web.render.shape import Shape
from runtime.web.render.templates import compile_piece, render
from runtime.web.render.view import Typed

VALUES = ("value", "start", "end", "files", "rows", "optional", "below")
NOTHING = "—"
"""What stands for a value that isn't there yet."""
MOST_KEPT_WHOLE = 8
"""Choices whose every answer is kept as a text of its own."""

ToInput = Callable[[Any], str | list[str]]
Filler = Callable[[Any], tuple[str, ...]]
CHECKS = {"checked": " checked", "selected": " selected"}
"""What the template asks to have written where a choice was made."""


@dataclass(frozen=True, slots=True)
class Looks:
    """`box` is to be filled in, `fact` is known; both can have a problem; `hidden` isn't there."""

    box: Piece
    wrong_box: Piece
    fact: Piece
    wrong_fact: Piece
    hidden: Piece

    def settle(self, **filled: str | Piece) -> Looks:
        """The same with some slots filled for good."""
        pieces = (self.box, self.wrong_box, self.fact, self.wrong_fact, self.hidden)
        return Looks(*(piece.settle(**filled) for piece in pieces))


def looks_of(template: str, shape: Shape, lang: str) -> Looks:
    """The looks of one question. A mark in the shape's name or options stays open.

    They are kept for the next question like it: the shape must not hold what a person typed.
    """
    shared = _shared_looks(template, shape.unnamed(), lang)
    name = Piece.of(shape.name)
    return shared.settle(name=name, title=escape(shape.title), help=escape(shape.help))


@lru_cache(maxsize=4096)
def _shared_looks(template: str, shape: Shape, lang: str) -> Looks:
    fact, fact_slots = "fields/_fact.html", ("value", "source", "below")
    return Looks(
        box=compile_piece(template, lang, VALUES, q=shape, problem=None, source=""),
        wrong_box=compile_piece(template, lang, (*VALUES, "problem"), q=shape, source=""),
        fact=compile_piece(fact, lang, fact_slots, q=shape, problem=None),
        wrong_fact=compile_piece(fact, lang, (*fact_slots, "problem"), q=shape),
        hidden=compile_piece("fields/_hidden.html", lang, (), q=shape),
    )


@lru_cache(maxsize=8)
def optional_words(lang: str) -> str:
    """The mark behind the title of a question that may be left out."""
    return render("fields/_optional.html", lang).strip()


def slot_texts(raw: Typed | None) -> dict[str, str]:
    """What a control's content puts into the slots of any template of a field."""
    if raw is None:
        return {}
    texts = [raw] if isinstance(raw, str) else raw
    first, last = (escape(texts[0]), escape(texts[-1])) if texts else ("", "")
    filled = {"value": first, "start": first, "end": last if len(texts) > 1 else ""}
    for text in texts:
        filled |= {f"{word}:{text}": check for word, check in CHECKS.items()}
    return filled


def filler(piece: Piece, to_input: ToInput) -> Filler:
    """A function from a value (None: none) to the parts of the piece with it, joined later.

    Pages are long: parts that are handed on are not copied once more.
    """
    if piece.slots == ("value",):
        return _line_filler(piece, to_input)
    if piece.slots == ("start", "end"):
        return _range_filler(piece, to_input)
    if piece.slots and all(":" in slot for slot in piece.slots):
        return _choice_filler(piece, to_input)
    return lambda value: (piece.fill(slot_texts(None if value is None else to_input(value))),)


def _line_filler(piece: Piece, to_input: ToInput) -> Filler:
    head, tail = piece.texts
    empty = (head + tail,)
    write = cast(Callable[[Any], str], to_input)  # a control of one line holds one text

    def fill(value: Any) -> tuple[str, ...]:
        if value is None:
            return empty
        text = write(value)
        if text.isalnum() or special(text) is None:  # as `escape` does, without the call
            return head, text, tail
        return head, escape(text), tail

    return fill


def fact_filler(piece: Piece, show: Callable[[Any], str]) -> Callable[[Any, str], tuple[str, ...]]:
    """A function from a known value and its chip to the parts of the piece with them."""
    head, middle, tail = piece.texts

    def fill(value: Any, chip: str) -> tuple[str, ...]:
        if value is None:
            return head, NOTHING, middle, chip, tail
        text = show(value)
        if text.isalnum() or special(text) is None:  # as `escape` does, without the call
            return head, text, middle, chip, tail
        return head, escape(text), middle, chip, tail

    return fill


def _range_filler(piece: Piece, to_input: ToInput) -> Filler:
    head, middle, tail = piece.texts
    nothing = (head + middle + tail,)

    def fill(value: Any) -> tuple[str, ...]:
        if value is None:
            return nothing
        ends = to_input(value)
        return head, escape(ends[0]), middle, escape(ends[-1]), tail

    return fill


def _choice_filler(piece: Piece, to_input: ToInput) -> Filler:
    """Each single choice is one text made beforehand, unless there are very many of them."""
    codes = [slot.partition(":")[2] for slot in piece.slots]
    kept = codes if len(codes) <= MOST_KEPT_WHOLE else []
    whole = {code: (piece.fill(slot_texts(code)),) for code in kept}
    nothing = (piece.fill({}),)
    unchecked = [part for text in piece.texts for part in (text, "")]
    checks = {
        slot.partition(":")[2]: (2 * at + 1, CHECKS[slot.partition(":")[0]])
        for at, slot in enumerate(piece.slots)
    }

    def fill(value: Any) -> tuple[str, ...]:
        if value is None:
            return nothing
        raw = to_input(value)
        if isinstance(raw, str):
            if raw in whole:
                return whole[raw]
            raw = [raw]
        parts = unchecked.copy()
        for code in raw:
            if code in checks:
                place, check = checks[code]
                parts[place] = check
        return tuple(parts)

    return fill
