"""What may stand under a control: other values that sources know, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from definitions.model import Provenance
from definitions.plan.model import Question
from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.web.render.sources import Sources
from runtime.web.render.templates import render
from runtime.web.render.view import FormView
from runtime.web.texts import say, t

Show = Callable[[Any], str]


def beside(name: str, question: Question, view: FormView, sources: Sources, show: Show) -> str:
    """The HTML under a control; usually nothing, so it is rendered when there is something."""
    parts = []
    if name in view.conflicts:
        parts.append(_conflict(name, view, sources, show))
    if name in view.unusable:
        parts.append(_unusable(name, question, view, sources))
    if name in view.offers:
        parts.append(_offers(name, question, view, sources, show))
    source = view.provenance.get(name)
    if source is not None and source.edited_by and source.original is not None:
        parts.append(_original(name, source, sources, show))
    return "".join(parts)


def _conflict(name: str, view: FormView, sources: Sources, show: Show) -> str:
    chosen = view.state.values.get(name)
    offers = [
        (index, show(offer.value), _says(offer.provenance, view, sources))
        for index, offer in enumerate(view.conflicts[name])
    ]
    values = [offer.value for offer in view.conflicts[name]]
    return render(
        "fields/_conflict.html",
        sources.lang,
        name=name,
        offers=offers,
        chosen=values.index(chosen) if chosen in values else None,
    )


def _says(source: Provenance, view: FormView, sources: Sources) -> str:
    """Two offices may keep the same licence: which office says it comes first."""
    office = view.offices.get(source.source)
    return " · ".join(part for part in (office, sources.words(source)) if part)


def _unusable(name: str, question: Question, view: FormView, sources: Sources) -> str:
    parts = []
    for found in view.unusable[name]:
        problem = Problem(found.code, params={"title": question.title} | dict(found.params))
        words = t(
            "fact.unusable",
            sources.lang,
            source=sources.name(found.provenance),
            value=found.raw,
            why=say_problem(problem, sources.lang),
        )
        parts.append(render("fields/_unusable.html", sources.lang, words=words))
    return "".join(parts)


def _offers(name: str, question: Question, view: FormView, sources: Sources, show: Show) -> str:
    return "".join(
        render(
            "fields/_offer.html",
            sources.lang,
            name=name,
            title=say(question.title, sources.lang),
            index=index,
            shown=show(offer.value),
            words=sources.words(offer.provenance),
        )
        for index, offer in enumerate(view.offers[name])
    )


def _original(name: str, source: Provenance, sources: Sources, show: Show) -> str:
    words = t(
        "fact.original", sources.lang, source=sources.name(source), value=show(source.original)
    )
    return render("fields/_original.html", sources.lang, name=name, words=words)
