"""Compiled forms by release and language: made when first shown, and then kept."""

from __future__ import annotations

from definitions.plan import Plan
from runtime.kept import Kept
from runtime.web.render import FormPieces, compile_form

MOST = 128
_kept: Kept[tuple[str, str], FormPieces] = Kept(MOST)


def form_pieces(plan: Plan, lang: str) -> FormPieces:
    """The pieces of a plan's form in a language."""
    return _kept.get((plan.id, lang), lambda: compile_form(plan, lang))
