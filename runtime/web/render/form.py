"""The one form, compiled: sections of questions, joined per request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from definitions.model import LicenseType
from definitions.plan.model import Plan, PlanSection, Question
from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.web.render.question import QuestionPieces, add_parts, compile_question
from runtime.web.render.sources import Sources
from runtime.web.render.table import TablePieces
from runtime.web.render.templates import compile_piece
from runtime.web.render.view import FormView
from runtime.web.texts import say

SWAP = ' hx-swap-oob="outerMorph"'
"""Puts an element in the place of the one with its id, and keeps what is being typed there."""


def compile_form(plan: Plan, lang: str) -> FormPieces:
    """A plan's form in a language, ready to be joined with anybody's answers."""
    return FormPieces(plan.questions, plan.sections, plan.library.licenses, lang)


class FormPieces:
    """The compiled form. Immutable once made; safe to share between requests."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        sections: Iterable[PlanSection],
        licenses: Mapping[str, LicenseType],
        lang: str,
    ) -> None:
        sources = Sources(licenses, lang)
        self.lang = lang
        self.questions: dict[str, QuestionPieces | TablePieces] = {
            id: TablePieces(question, sources)
            if question.columns
            else compile_question(question, sources)
            for id, question in questions.items()
        }
        self.sections = {
            section.id: _Section(section, lang, self.questions) for section in sections
        }

    def form(self, view: FormView) -> str:
        """All sections; those without a question now keep their place."""
        return "".join(_parts_of(self.sections.values(), view))

    def section(self, section_id: str, view: FormView) -> str:
        """One section by its id. Raises KeyError if the form has none."""
        return self.sections[section_id].html(view)

    def question(self, control: str, view: FormView) -> str:
        """One question, or one cell of a table. Raises KeyError if the form has none."""
        table, _, cell = control.partition("/")
        pieces = self.questions[table]
        if cell and isinstance(pieces, TablePieces):
            return pieces.cell(control, view)
        shown = table in view.state.shown
        return pieces.html(view, view.state.values.get(table)) if shown else pieces.hidden

    def sentences(self, problems: Iterable[Problem]) -> dict[str, str]:
        """The first problem of each control in words, in the order of the page.

        They are what `FormView.problems` and the error summary take.
        """
        order = {id: number for number, id in enumerate(self.questions)}
        found: dict[str, str] = {}
        for problem in problems:
            control = problem.where.removeprefix("/")
            if control not in found:
                found[control] = self._sentence(control, problem)
        last = len(order)
        return dict(
            sorted(found.items(), key=lambda one: order.get(one[0].partition("/")[0], last))
        )

    def _sentence(self, control: str, problem: Problem) -> str:
        table, _, cell = control.partition("/")
        question = self.questions[table].question if table in self.questions else None
        if cell and question is not None:
            question = question.columns.get(cell.partition("/")[2], question)
        title = {"title": question.title} if question is not None else {}
        return say_problem(replace(problem, params=title | dict(problem.params)), self.lang)

    def swap(self, controls: Collection[str], view: FormView) -> str:
        """What a change touched, each element for the place of its old self (htmx, out of band).

        A section that appears or empties comes whole.
        """
        touched = set(controls)
        whole = [section for section in self.sections.values() if section.turned(touched, view)]
        within = {id for section in whole for id in section.questions}
        parts = [section.html(view) for section in whole]
        parts += [
            self.question(control, view)
            for control in controls
            if control.partition("/")[0] not in within
        ]
        return "".join(_swapping(part) for part in parts)


class _Section:
    def __init__(
        self,
        section: PlanSection,
        lang: str,
        questions: Mapping[str, QuestionPieces | TablePieces],
    ) -> None:
        self.questions = frozenset(section.questions)
        self.places = [questions[id].place(id) for id in section.questions]
        words = {"id": section.id, "title": say(section.title, lang)}
        piece = compile_piece("fields/_section.html", lang, ("hidden", "questions"), section=words)
        self.head, self.tail = piece.settle(hidden="").texts
        head, tail = piece.settle(hidden=" hidden").texts
        self.empty = "".join((head, *(questions[id].hidden for id in section.questions), tail))

    def html(self, view: FormView) -> str:
        """The section with its questions, each in its place."""
        return "".join(_parts_of((self,), view))

    def stands(self, view: FormView) -> bool:
        """Whether anything in it is shown."""
        return not view.state.shown.keys().isdisjoint(self.questions)

    def turned(self, touched: set[str], view: FormView) -> bool:
        """Whether a change of these may have made it appear or empty."""
        shown = [id for id in self.questions if id in view.state.shown]
        return not touched.isdisjoint(self.questions) and touched.issuperset(shown)


def _parts_of(sections: Iterable[_Section], view: FormView) -> list[str]:
    """Sections not joined yet; one of which nothing is shown keeps its place."""
    parts: list[str] = []
    shown, values = view.state.shown, view.state.values
    names = shown.keys()
    for section in sections:
        if names.isdisjoint(section.questions):
            parts.append(section.empty)
        else:
            parts.append(section.head)
            add_parts(parts, section.places, shown, values, view)
            parts.append(section.tail)
    return parts


def _swapping(html: str) -> str:
    """Every piece begins with its element's name and a space."""
    return html.replace(" ", SWAP + " ", 1)
