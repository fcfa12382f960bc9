"""The usual way to render a form: a Jinja2 macro per field, on each request; the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from bench.samples import Sample
from definitions.plan import Question
from runtime.web.render import FormPieces, FormView
from runtime.web.static_files import asset
from runtime.web.texts import say, t

LANG = "zh-CN"
ICONS = "vendor/lucide/icons.svg"


@dataclass(frozen=True)
class Asked:
    """What the macros know of a question; in a table its columns too."""

    id: str
    name: str
    kind: str
    title: str
    help: str = ""
    size: str = ""
    layout: str = ""
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple[Asked, ...] = ()

    def at(self, row: str) -> Asked:
        """The same column in a row."""
        return replace(self, name=self.name.format(row=row))


def in_macros(sample: Sample, pieces: FormPieces, view: FormView) -> Callable[[], str]:
    """A function that gives the page of a synthetic form; AssertionError unless it is the same."""
    folder = FileSystemLoader(Path(__file__).parent)
    template = Environment(loader=folder, autoescape=True).get_template("macros.html")
    [section] = sample.plan.sections
    context = {
        "icons": asset(ICONS),
        "section": {"id": section.id, "title": say(section.title, LANG)},
        "questions": [asked(question, question.id) for question in sample.plan.questions.values()],
    }

    def page() -> str:
        state = view.state
        changing = {"values": state.values, "required": state.required, "shown": state.shown}
        return template.render(**context, **changing)

    assert page() == pieces.form(view)
    return page


def asked(question: Question, name: str, *, cell: bool = False) -> Asked:
    """A question as the macros take it; `{row}` stands for the row in a cell's name."""
    kind = question.type
    if question.calculated:
        kind = "fact"
    elif kind == "choice" and cell:
        kind = "folded"
    columns = question.columns.items()
    return Asked(
        id=question.id,
        name=name,
        kind=kind,
        title=say(question.title, LANG),
        help=t("field.hint.date", LANG) if kind == "date" else "",
        size=" input-middle input-number" if kind in ("date", "phone") else "",
        layout="pair" if kind == "boolean" else "four",
        options=_options(question),
        columns=tuple(asked(one, f"{name}/{{row}}/{id}", cell=True) for id, one in columns),
    )


def _options(question: Question) -> tuple[tuple[str, str], ...]:
    if question.type == "boolean":
        return (("true", t("field.yes", LANG)), ("false", t("field.no", LANG)))
    return tuple((code, say(title, LANG)) for code, title in question.options.items())
