"""The templates of the form, outside any request."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from runtime.web.render.piece import Piece, mark
from runtime.web.static_files import asset
from runtime.web.texts import language, say, speaking, t
from runtime.web.timeouts import session_seconds

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def environment() -> Environment:
    """Where the templates are read from; the same words and icons as on the pages."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    made.globals.update(_=t, say=say, language=language, asset=asset)
    made.globals["session_seconds"] = session_seconds
    return made


def render(template: str, lang: str, **context: Any) -> str:
    """A template as it stands, in a language."""
    with speaking(lang):
        return environment().get_template(template).render(**context)


def compile_piece(template: str, lang: str, open_slots: tuple[str, ...], **context: Any) -> Piece:
    """A template with places left open for `open_slots` and for every `mark(code, word)`."""
    slots = {slot: Markup(mark(slot)) for slot in open_slots}  # noqa: S704 - it is our own text
    return Piece.of(render(template, lang, **slots, mark=_mark_choice, **context).strip())


@cache
def kept_piece(template: str, lang: str, *open_slots: str) -> Piece:
    """The same of a template that takes nothing else, compiled when first asked for."""
    return compile_piece(template, lang, open_slots)


def _mark_choice(code: str, word: str) -> Markup:
    return Markup(mark(f"{word}:{code}"))  # noqa: S704 - codes are ASCII words
