"""The whole form as HTML with its values."""

from __future__ import annotations

from collections.abc import Iterator

from bench.handwritten import by_hand
from bench.macros import LANG, in_macros
from bench.measure import Aim, Effort, Line, Work, compare, line
from bench.samples import Sample, services, synthetic
from runtime.engine.form import evaluate
from runtime.web.render import FormPieces, FormView, compile_form

BY_HAND = "a function written for the form"
IN_MACROS = "a Jinja2 macro per field"
MOST_BY_HAND = Aim("most", 3.0)
MOST_IN_MACROS = Aim("most", 0.1)


def lines(effort: Effort) -> Iterator[Line]:
    """Each form as a page, in microseconds; the services with facts and their sources."""
    for size in effort.sizes:
        sample = synthetic(size)
        pieces, view = _compiled(sample)
        case = f"{sample.name}, {_kilobytes(pieces, view)}"
        found = compare(_ours(pieces, view), by_hand(sample, pieces, view), effort)
        yield line("render", case, found, "us", BY_HAND, MOST_BY_HAND)
        found = compare(_ours(pieces, view), in_macros(sample, pieces, view), effort)
        yield line("render", case, found, "us", IN_MACROS, MOST_IN_MACROS)
    for sample in services():
        pieces, view = _compiled(sample)
        case = f"{sample.name}, {_kilobytes(pieces, view)}"
        found = compare(_ours(pieces, view), by_hand(sample, pieces, view), effort)
        yield line("render", case, found, "us", BY_HAND, MOST_BY_HAND)


def _compiled(sample: Sample) -> tuple[FormPieces, FormView]:
    state = evaluate(sample.plan, sample.right, sample.today)
    view = FormView(state, sample.provenance, today=sample.today.isoformat())
    return compile_form(sample.plan, LANG), view


def _ours(pieces: FormPieces, view: FormView) -> Work:
    """As a request does it: the view is made anew."""
    state, provenance, today = view.state, view.provenance, view.today
    return lambda: pieces.form(FormView(state, provenance, today=today))


def _kilobytes(pieces: FormPieces, view: FormView) -> str:
    return f"{len(pieces.form(view).encode()) / 1024:.0f} KB"
