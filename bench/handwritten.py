"""The page as somebody would write it by hand for speed: one Python function per form.

A program writes it here, from the form's HTML with nothing and with one thing in each control, so
that it joins the same bytes without knowing templates or looks. What depends on a value is worked
out from it: amounts, numbers and dates by the code of their types, titles of known choices by a
dictionary. Its tables have exactly the rows of the submission, and sources, ranges, several choices
and the names of rows to pick from are fixed text: all of that makes it faster than a useful one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bench.samples import Sample
from definitions.fieldtypes import REGISTRY, FieldType
from definitions.plan import Question
from runtime.web.render import FormPieces, FormView
from runtime.web.render.escape import escape

SENTINEL = "SENTINEL"
CHECKED = (" checked", " selected")
LANG = "zh-CN"


def by_hand(sample: Sample, pieces: FormPieces, view: FormView) -> Callable[[], str]:
    """A function that gives the page of `view`; AssertionError unless it is the same bytes."""
    writer = _Writer(sample, pieces, view)
    source = "\n".join(writer.lines())
    names: dict[str, Any] = {"escape": escape, **writer.helpers}
    exec(compile(source, "by_hand", "exec"), names)
    page, values, shown, sources = (
        names["page"],
        view.state.values,
        view.state.shown,
        view.provenance,
    )
    assert page(values, shown, sources) == pieces.form(view)
    return lambda: str(page(values, shown, sources))


class _Writer:
    """Writes the function's source."""

    def __init__(self, sample: Sample, pieces: FormPieces, view: FormView) -> None:
        self.pieces, self.view = pieces, view
        self.helpers: dict[str, Any] = {}
        ids = [name for section in sample.plan.sections for name in section.questions]
        self.questions = {name: sample.plan.questions[name] for name in ids}
        self.always = _always(sample) & view.state.shown.keys()
        everything = replace(view.state, shown=dict.fromkeys(ids))
        self.open = replace(view, state=everything, provenance={})
        self.known = replace(view, state=everything)

    def lines(self) -> Iterator[str]:
        """The fixed text between controls, and expressions for what is in them."""
        yield "def page(values, shown, sources):"
        yield " return ''.join(("
        rest = self.pieces.form(self.view)
        for control, question, expression, value in self._controls():
            before, found, rest = rest.partition(self.pieces.question(control, self.view))
            assert found, control
            yield f"{before!r},"
            yield from self._lines(control, question, expression, value)
        yield f"{rest!r}))"

    def _lines(
        self, control: str, question: Question, expression: str, value: Any
    ) -> Iterator[str]:
        """A control that may be hidden, and may be known or open: decided on each page."""
        made = self._parts(control, question, expression, value, self.open)
        if control in self.view.provenance:
            fact = self._parts(control, question, expression, value, self.known)
            made = iter(
                [f"*(({' '.join(fact)}) if {control!r} in sources else ({' '.join(made)})),"]
            )
        if control in self.always or "/" in control:
            yield from made
        else:
            hidden = self.pieces.questions[control].hidden
            yield f"*(({' '.join(made)}) if {control!r} in shown else ({hidden!r},)),"

    def _controls(self) -> Iterator[tuple[str, Question, str, Any]]:
        """Every single question and every cell: its name, the expression and value it holds."""
        values = self.view.state.values
        for name, question in self.questions.items():
            if not question.columns:
                yield name, question, f"values.get({name!r})", values.get(name)
                continue
            for number, row in enumerate(values.get(name, ())):
                if name in self.view.state.shown:
                    yield from self._cells(question, number, row)

    def _cells(
        self, table: Question, number: int, row: Mapping[str, Any]
    ) -> Iterator[tuple[str, Question, str, Any]]:
        name, place = table.id, row["$row"]
        for column in self.view.state.columns[name][place]:
            at = f"values[{name!r}][{number}].get({column!r})"
            yield f"{name}/{place}/{column}", table.columns[column], at, row.get(column)

    def _parts(
        self, control: str, question: Question, expression: str, value: Any, view: FormView
    ) -> Iterator[str]:
        """The control's parts, the value worked out where that can be done by hand."""
        html = self.pieces.question(control, view)
        if question.type in ("choice", "boolean") and self._is_box(control, question, value, html):
            yield from self._choice(control, question, expression)
            return
        for text, wanted in self._texts(question, expression, value):
            before, found, after = html.partition(text)
            if found and text not in after:
                yield f"{before!r}, {wanted}, {after!r},"
                return
        yield f"{html!r},"

    def _texts(self, question: Question, expression: str, value: Any) -> Iterator[tuple[str, str]]:
        """How a value may stand on the page, in its control or as a fact, and what gives that."""
        if value is None or isinstance(value, list | dict):
            return
        kind, field, kept = REGISTRY[question.type], question.field, f"escape(str({expression}))"
        if type(kind).to_input is FieldType.to_input:
            yield escape(str(value)), kept
        else:
            wanted = f"{self._helper(kind.to_input)}({expression}, {self._helper(field)})"
            yield str(kind.to_input(value, field)), wanted
        shown = escape(kind.show(value, field, LANG))
        if type(kind).show is FieldType.show:
            yield shown, kept
        elif field.options:
            titles = {code: escape(kind.show(code, field, LANG)) for code in field.options}
            yield shown, f"{self._helper(titles)}[{expression}]"
        else:
            yield shown, f"{self._helper(kind.show)}({expression}, {self._helper(field)}, {LANG!r})"

    def _helper(self, helper: Any) -> str:
        """The name under which the function finds something that was made beforehand."""
        name = f"helper_{len(self.helpers)}"
        self.helpers[name] = helper
        return name

    def _choice(self, control: str, question: Question, expression: str) -> Iterator[str]:
        """The control with nothing chosen, and each option's check in its place."""
        empty, done = self._typed(control, ""), 0
        booleans = {"true": True, "false": False}
        codes = (
            booleans if question.type == "boolean" else {code: code for code in question.options}
        )
        for code, wanted in codes.items():
            chosen = self._typed(control, code)
            if chosen == empty:  # no item that asks accepts it
                continue
            pairs = enumerate(zip(empty, chosen, strict=False))
            place = next(number for number, (one, other) in pairs if one != other)
            word = next(word for word in CHECKED if chosen.startswith(word, place))
            yield f"{empty[done:place]!r}, {word!r} if {expression} == {wanted!r} else '',"
            done = place
        yield f"{empty[done:]!r},"

    def _is_box(self, control: str, question: Question, value: Any, html: str) -> bool:
        """Whether a choice stands there to be made; a known value stands as a fact.

        Of a choice among rows the options are the applicant's own; by hand it is fixed text.
        """
        if question.role == "pick":
            return False
        kind = REGISTRY[question.type]
        text = "" if value is None else str(kind.to_input(value, question.field))
        return self._typed(control, text) == html

    def _typed(self, control: str, text: str) -> str:
        return self.pieces.question(control, replace(self.open, typed={control: text}))


def _always(sample: Sample) -> set[str]:
    """Questions that no rule hides, of items that are always active."""
    return {
        name
        for name, question in sample.plan.questions.items()
        for use, own in question.fields
        if use in sample.plan.items and sample.plan.items[use].use.when is None
        if all(own not in rule.show for rule in sample.plan.items[use].item.form.rules.values())
    }
