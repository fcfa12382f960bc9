"""The living page `/design`: every component and every field type, in all states and sets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup

from runtime.web.design_samples import boxes, facts, tables
from runtime.web.preferences import preferences_of
from runtime.web.texts import LANGUAGES, speak

design = Blueprint("design", __name__)

SETS = {
    "light": {"zh-CN": "浅色", "en": "Light"},
    "dark": {"zh-CN": "深色", "en": "Dark"},
    "high": {"zh-CN": "高对比", "en": "High contrast"},
}
TITLE = {"zh-CN": "设计", "en": "Design"}


@design.get("/design")
def show() -> str:
    """The page in the language `?lang=` and the colours `?set=`; else as one sees every page."""
    prefs = preferences_of(request)
    lang = _one_of(request.args.get("lang"), LANGUAGES, prefs.language)
    usual = "high" if prefs.contrast == "high" else ""
    chosen = _one_of(request.args.get("set"), tuple(SETS), usual)
    speak(lang)
    return render_template(
        "design/index.html",
        title=TITLE[lang],
        prefs=replace(prefs, language=lang),
        colour_set=chosen,
        sandbox=True,
        sets=_tabs(lang, chosen),
        page_address="?page={}".format,
        boxes=Markup(boxes(lang)),  # noqa: S704 - compiled pieces are HTML
        facts=Markup(facts(lang)),  # noqa: S704
        tables=Markup(tables(lang)),  # noqa: S704
    )


def _one_of(asked: str | None, allowed: tuple[str, ...], otherwise: str) -> str:
    return asked if asked in allowed else otherwise


def _tabs(lang: str, chosen: str) -> list[dict[str, Any]]:
    return [
        {"title": title[code], "href": f"?set={name}&lang={code}", "current": at == (name, code)}
        for code in LANGUAGES
        for name, title in SETS.items()
        for at in [(chosen, lang)]
    ]
