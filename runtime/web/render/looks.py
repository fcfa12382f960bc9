"""The ways a question can look, as pieces; questions that look alike share a template's run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from runtime.web.render.escape import escape
from runtime.web.render.piece import Piece
from runtime.web.render.shape import Shape
from runtime.web.render.templates import compile_piece, render
from runtime.web.render.view import Typed

VALUES = ("value", "start", "end", "files", "rows", "optional", "below")
NOTHING = "—"
"""What stands for a value that isn't there yet."""
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
