"""The laws of compiled forms: the same bytes as plain Jinja, and no value ever breaks out."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from definitions.fieldtypes import REGISTRY
from runtime.web.render import FormView
from runtime.web.render.escape import escape
from runtime.web.render.looks import optional_words
from runtime.web.render.piece import Piece, mark
from runtime.web.render.shape import shape_of
from runtime.web.render.templates import render
from tests.web.forms import VERIFIED, pieces_of, question, state_of

ANYTHING = st.text() | st.sampled_from(
    ["<script>", "\"'><b>", "&amp;", "\ue000value\ue001", mark("value"), "{{ 7*7 }}", "</textarea>"]
)
BOXES = sorted(set(REGISTRY) - {"table", "computed", "file", "image"})
LANGUAGES = ("zh-CN", "en")


class Parsed(HTMLParser):
    """The tags of a piece of HTML, its texts, and the values of its controls."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for name, value in attrs if name == "value"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def plainly(type_: str, lang: str, value: Any, problem: str | None, required: bool) -> str:
    """The same template rendered by Jinja with the real values."""
    asked = question("q", type_)
    raw = "" if value is None else REGISTRY[type_].to_input(value, asked.field)
    texts = [raw] if isinstance(raw, str) else raw
    return render(
        REGISTRY[type_].template,
        lang,
        q=shape_of(asked, "q", lang),
        value=texts[0],
        start=texts[0],
        end=texts[-1] if len(texts) > 1 else "",
        mark=lambda code, word: Markup(f" {word}") if code in texts else "",
        problem=problem,
        optional="" if required else Markup(optional_words(lang)),
        below="",
    ).strip()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("type_", BOXES)
@pytest.mark.parametrize("problem", [None, '请填写 "名称" <b>'])
@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("filled", [True, False])
def test_every_box_is_what_jinja_makes_of_its_template(
    type_: str, lang: str, problem: str | None, required: bool, filled: bool
) -> None:
    value = REGISTRY[type_].example if filled else None
    if filled and type_ in ("choice", "multi_choice"):
        value = "takeaway" if type_ == "choice" else ["dine_in", "takeaway"]
    questions = {"q": question("q", type_)}
    state = state_of(questions, {} if value is None else {"q": value})
    state.required = {"q"} if required else set()
    view = FormView(state, problems={"q": problem} if problem else {})
    made = pieces_of(questions, lang).question("q", view)
    assert made == plainly(type_, lang, value, problem, required)


@given(value=ANYTHING, problem=ANYTHING.filter(bool))
@pytest.mark.parametrize("type_", ["text", "long_text", "address", "signature"])
def test_no_answer_and_no_problem_breaks_out(type_: str, value: str, problem: str) -> None:
    questions = {"q": question("q", type_)}
    pieces = pieces_of(questions)
    harmless = Parsed(pieces.question("q", FormView(state_of(questions, {"q": "甲"}))))
    wrong = Parsed(
        pieces.question("q", FormView(state_of(questions, {"q": "甲"}), problems={"q": "乙"}))
    )
    state = state_of(questions, {"q": value})
    assert Parsed(pieces.question("q", FormView(state))).tags == harmless.tags
    html = pieces.question("q", FormView(state, problems={"q": problem}))
    assert Parsed(html).tags == wrong.tags


@given(value=ANYTHING)
def test_a_box_holds_exactly_what_was_typed(value: str) -> None:
    questions = {"q": question("q", "number")}
    view = FormView(state_of(questions, {}), typed={"q": value})
    # HTML itself reads a NUL and line ends its own way; nobody can type them on one line
    value = value.replace("\0", "").replace("\r", "")
    html = pieces_of(questions).question("q", view).replace("\0", "").replace("\r", "")
    assert value in Parsed(html).values


@given(value=ANYTHING)
def test_no_fact_breaks_out(value: str) -> None:
    questions = {"q": question("q", "text")}
    pieces = pieces_of(questions)
    harmless, made = (
        Parsed(
            pieces.question("q", FormView(state_of(questions, {"q": text}), {"q": VERIFIED}))
        ).tags
        for text in ("甲", value)
    )
    assert made == harmless


@given(row_id=ANYTHING.filter(lambda text: "/" not in text), value=ANYTHING)
def test_no_cell_and_no_row_id_breaks_out(row_id: str, value: str) -> None:
    table = question("t", "table", columns={"name": question("name", "text")})
    pieces = pieces_of({"t": table})
    harmless, made = (
        Parsed(pieces.form(FormView(state_of({"t": table}, {"t": [{"$row": id, "name": text}]}))))
        for id, text in (("r1", "甲"), (row_id, value))
    )
    assert made.tags == harmless.tags


@given(text=st.text())
def test_a_title_with_private_characters_is_no_mark(text: str) -> None:
    title = {"zh-CN": f"\ue000{text}\ue001"}
    questions = {"q": question("q", "text", title=title)}
    html = pieces_of(questions).question("q", FormView(state_of(questions, {"q": "答"})))
    assert escape(title["zh-CN"]) in html


@given(st.lists(st.text(alphabet="abc<>&"), min_size=1))
def test_a_piece_is_taken_apart_and_put_together(texts: list[str]) -> None:
    slots = [f"s{number}" for number in range(len(texts) - 1)]
    marked = "".join(text + mark(slot) for text, slot in zip(texts, slots, strict=False))
    piece = Piece.of(marked + texts[-1])
    assert piece.texts == tuple(texts)
    assert piece.fill(dict.fromkeys(slots, "!")) == "!".join(texts)
