"""How a person wants to see the pages: language, size of text, contrast; kept in cookies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Request, g, redirect, request
from werkzeug.wrappers import Response

from runtime.web.texts import LANGUAGES

YEAR = 365 * 24 * 3600
CHOICES = {
    "language": LANGUAGES,
    "size": ("normal", "large"),
    "contrast": ("normal", "high"),
}
"""Cookies by name, and what they may hold; the first is meant when there is none."""

preferences = Blueprint("preferences", __name__)


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices, as the templates of the page's frame read them."""

    language: str = "zh-CN"
    size: str = "normal"
    contrast: str = "normal"

    @property
    def other_language(self) -> str:
        """The language that a click changes to."""
        return "en" if self.language == "zh-CN" else "zh-CN"

    @property
    def other_size(self) -> str:
        """The size that a click changes to."""
        return "normal" if self.size == "large" else "large"

    @property
    def other_contrast(self) -> str:
        """The contrast that a click changes to."""
        return "normal" if self.contrast == "high" else "high"


def preferences_of(asking: Request) -> Preferences:
    """What the cookies say. The language is Chinese until somebody chooses another."""
    cookies = asking.cookies
    return Preferences(
        **{name: cookies[name] for name, kinds in CHOICES.items() if cookies.get(name) in kinds}
    )


def chosen() -> Preferences:
    """What the person who asks has chosen, read once per request."""
    if "preferences" not in g:
        g.preferences = preferences_of(request)
    return cast(Preferences, g.preferences)


@preferences.get("/preferences")
def choose() -> Response:
    """Keeps a choice and goes back to the page; anything that isn't a choice is left out."""
    answer = redirect(_inside(request.args.get("next", "/")), 303)
    for name, allowed in CHOICES.items():
        if request.args.get(name) in allowed:
            answer.set_cookie(
                name, request.args[name], max_age=YEAR, samesite="Lax", secure=request.is_secure
            )
    return answer


def _inside(address: str) -> str:
    """The path and query of an address of ours; the start page for any other."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or "\\" in address:
        return "/"
    return address
