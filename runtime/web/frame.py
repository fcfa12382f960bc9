"""Pages that are shown all the time: rendered when first asked for, and kept as pieces.

Such a template decides nothing by what it is given but by `flags`. All else that changes is a
place in it, which each request fills with HTML; what the frame of every page says about the
person is filled in here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote

from flask import request
from markupsafe import Markup

from runtime.kept import Kept
from runtime.web.context import here, person_shown
from runtime.web.preferences import Preferences, chosen
from runtime.web.render.escape import escape
from runtime.web.render.piece import Piece, mark
from runtime.web.render.templates import compile_piece
from runtime.web.security import csrf_token

MOST = 128
_kept: Kept[tuple[object, ...], Piece] = Kept(MOST)


def framed(template: str, places: Mapping[str, str], **flags: bool) -> str:
    """The page of a template for the person who asks. `places` must be HTML already."""
    person, prefs, sandbox = person_shown() or {}, chosen(), here().settings.sandbox
    name, acting_for = person.get("name", ""), person.get("acting_for", "")
    works = bool(person.get("staff"))
    key = (template, prefs, sandbox, bool(name), bool(acting_for), works, *flags.items())
    piece = _kept.get(key, lambda: _pieces(template, places, prefs, sandbox, person, flags))
    own = {"name": escape(name), "acting_for": escape(acting_for), "place": place()}
    return piece.fill({**places, **own, "token": escape(csrf_token())})


def place() -> str:
    """The address of the request, quoted: where a change of language leads back to."""
    return quote(request.full_path.rstrip("?"))


def _pieces(
    template: str,
    places: Collection[str],
    prefs: Preferences,
    sandbox: bool,
    person: Mapping[str, str],
    flags: Mapping[str, bool],
) -> Piece:
    token = Markup(mark("token"))  # noqa: S704 - it is our own text
    named = {name: mark(name) if words else "" for name, words in person.items()}
    return compile_piece(
        template,
        prefs.language,
        (*places, "place"),
        prefs=prefs,
        sandbox=sandbox,
        person=named,
        csrf_token=lambda: token,
        **flags,
    )
