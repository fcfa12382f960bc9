"""A form on the page: facts and boxes, what is hidden, what a change sends back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.plan.model import PlanSection
from definitions.problems import Problem
from runtime.engine.prefill import Offer, Unusable
from runtime.web.render import FileShown, FormPieces, FormView
from runtime.web.render.looks import looks_of
from runtime.web.render.question import QuestionPieces
from runtime.web.render.shape import shape_of
from runtime.web.render.sources import Sources
from tests.web.forms import LICENSES, VERIFIED, pieces_of, question, state_of

NAME = {"name": question("name", "text")}
OWN = replace(VERIFIED, origin="own_document", trust="C")


def html_of(view: FormView, lang: str = "zh-CN") -> str:
    return pieces_of(NAME, lang).question("name", view)


def test_a_known_value_is_a_fact_with_its_source_and_date_not_a_box() -> None:
    html = html_of(FormView(state_of(NAME, {"name": "老街茶餐厅"}), {"name": VERIFIED}))
    assert "<input" not in html
    assert "营业执照，2024年3月18日签发" in html
    assert 'name="edit" value="name"' in html


def test_in_english_a_source_is_named_in_english() -> None:
    html = html_of(FormView(state_of(NAME, {"name": "Old Street"}), {"name": VERIFIED}), "en")
    assert "Business licence, issued 18 March 2024" in html


def test_pressing_this_is_wrong_opens_the_box() -> None:
    view = FormView(
        state_of(NAME, {"name": "老街"}), {"name": VERIFIED}, editing=frozenset({"name"})
    )
    assert 'value="老街"' in html_of(view)


def test_what_the_element_guards_cannot_be_called_wrong() -> None:
    guarded = {"name": question("name", "text", editable=False)}
    view = FormView(state_of(guarded, {"name": "老街"}), {"name": VERIFIED})
    assert "<button" not in pieces_of(guarded).question("name", view)


def test_a_changed_fact_shows_what_the_authority_says() -> None:
    changed = replace(VERIFIED, edited_by="p1", original="老街茶餐厅")
    html = html_of(FormView(state_of(NAME, {"name": "新街茶餐厅"}), {"name": changed}))
    assert 'value="新街茶餐厅"' in html
    assert "营业执照上是：老街茶餐厅" in html
    assert 'name="restore" value="name"' in html


def test_a_stale_source_says_so() -> None:
    stale = replace(VERIFIED, fresh_until="2026-01-01")
    view = FormView(state_of(NAME, {"name": "老街"}), {"name": stale}, today="2026-11-23")
    assert "可能已过期" in html_of(view)


def test_sources_that_differ_are_both_shown() -> None:
    offers = [Offer("老街", VERIFIED), Offer("新街", OWN)]
    view = FormView(
        state_of(NAME, {"name": "老街"}), {"name": VERIFIED}, conflicts={"name": offers}
    )
    html = html_of(view)
    assert 'name="choose/name" value="0" checked' in html
    assert "新街" in html


def test_an_own_document_is_offered_beside_the_box() -> None:
    view = FormView(state_of(NAME, {}), offers={"name": [Offer("老街", OWN)]})
    html = html_of(view)
    assert 'name="take" value="name/0"' in html
    assert "您上传的营业执照" in html


def test_a_value_that_fails_stands_beside_an_empty_box_with_the_reason() -> None:
    found = Unusable("商<住>", VERIFIED, "answer.not_an_option")
    html = html_of(FormView(state_of(NAME, {}), unusable={"name": [found]}))
    assert "商&lt;住&gt;" in html
    assert 'value=""' in html


def test_a_calculated_value_is_shown_and_takes_no_answer() -> None:
    total = {"total": question("total", "computed", unit="m2")}
    html = pieces_of(total).question("total", FormView(state_of(total, {"total": 186.5})))
    assert "186.5 平方米" in html
    assert "<input" not in html
    assert "<button" not in html


def test_an_optional_question_says_so_and_a_required_one_says_nothing() -> None:
    state = state_of(NAME, {})
    assert "选填" not in html_of(FormView(state))
    state.required.clear()
    assert "选填" in html_of(FormView(state))


def test_what_is_said_behind_a_sentence_of_help_ends_like_one() -> None:
    several = question("several", "multi_choice")
    pieces = pieces_of({"several": several})
    assert "可以选多项<" in pieces.question("several", FormView(state_of({"several": several}, {})))
    several = question("several", "multi_choice", description={"zh-CN": "按执照填写。"})
    html = pieces_of({"several": several}).question(
        "several", FormView(state_of({"several": several}, {}))
    )
    assert "按执照填写。可以选多项。" in html


def test_a_hidden_question_keeps_its_place() -> None:
    state = state_of(NAME, {"name": "老街"})
    state.shown.clear()
    assert html_of(FormView(state)) == '<div id="q-name" hidden></div>'


def test_a_section_without_questions_is_hidden_but_keeps_its_place() -> None:
    state = state_of(NAME, {})
    state.shown.clear()
    html = pieces_of(NAME).form(FormView(state))
    assert html.startswith('<section class="section" id="s-all" aria-labelledby="n-all" hidden>')


def test_a_problem_stands_at_its_question_in_words_with_its_title() -> None:
    pieces = pieces_of(NAME)
    sentences = pieces.sentences([Problem("answer.missing", "/name")])
    html = pieces.question("name", FormView(state_of(NAME, {}), problems=sentences))
    assert "还没有填写单行文本" in html
    english = pieces_of(NAME, "en").sentences([Problem("answer.type", "/name")])
    assert "“Text”" in english["name"]
    assert 'aria-describedby="p-name" aria-invalid="true"' in html


def test_sentences_come_in_the_order_of_the_page() -> None:
    questions = NAME | {"other": question("other", "text")}
    problems = [Problem("answer.missing", where) for where in ("", "/other", "/name", "/name")]
    assert list(pieces_of(questions).sentences(problems)) == ["name", "other", ""]


def test_the_sentence_of_a_cell_names_its_column() -> None:
    table = question("t", "table", columns={"when": question("when", "date")})
    sentences = pieces_of({"t": table}).sentences([Problem("answer.missing", "/t/r1/when")])
    assert "日期" in sentences["t/r1/when"]


def test_rows_are_numbered_and_named_and_can_be_removed_without_scripts() -> None:
    table = question("t", "table", columns={"name": question("name", "text")})
    state = state_of({"t": table}, {"t": [{"$row": "r7", "name": "陈志强"}]})
    html = pieces_of({"t": table}).form(FormView(state))
    assert 'name="t/r7/name" type="text" value="陈志强"' in html
    assert "第 1 行" in html
    assert 'name="remove_row" value="t/r7"' in html
    assert 'name="add_row" value="t"' in html


def test_a_table_without_rows_says_so() -> None:
    table = question("t", "table", columns={"name": question("name", "text")})
    html = pieces_of({"t": table}).form(FormView(state_of({"t": table}, {})))
    assert "还没有内容" in html


def test_a_column_that_a_row_hides_keeps_its_place() -> None:
    table = question("t", "table", columns={"name": question("name", "text")})
    state = state_of({"t": table}, {"t": [{"$row": "r1"}]})
    state.columns = {"t": {"r1": ()}}
    pieces = pieces_of({"t": table})
    assert pieces.question("t/r1/name", FormView(state)) == '<div id="q-t/r1/name" hidden></div>'


def test_files_are_listed_and_can_be_removed_without_scripts() -> None:
    questions = {"plan": question("plan", "file")}
    view = FormView(
        state_of(questions, {"plan": ["f1"]}), files={"f1": FileShown("f1", "图<1>.pdf", "2 MB")}
    )
    html = pieces_of(questions).question("plan", view)
    assert "图&lt;1&gt;.pdf" in html
    assert 'name="remove_file" value="f1"' in html


def test_a_change_sends_back_only_what_changed() -> None:
    questions = NAME | {"other": question("other", "text"), "third": question("third", "text")}
    swapped = pieces_of(questions).swap(["other"], FormView(state_of(questions, {})))
    assert swapped.startswith('<div hx-swap-oob="outerMorph" class="question" id="q-other">')
    assert "q-name" not in swapped


def test_a_section_that_appears_or_empties_is_sent_whole() -> None:
    questions = NAME | {"other": question("other", "text")}
    sections = (
        PlanSection("one", {"zh-CN": "一"}, ("name",)),
        PlanSection("two", {"zh-CN": "二"}, ("other",)),
    )
    pieces = FormPieces(questions, sections, LICENSES, "zh-CN")
    state = state_of(questions, {})
    assert '<section hx-swap-oob="outerMorph"' in pieces.swap(["other"], FormView(state))
    del state.shown["other"]
    emptied = pieces.swap(["other"], FormView(state))
    assert 'id="s-two" aria-labelledby="n-two" hidden' in emptied
    assert "s-one" not in emptied


def test_a_form_of_another_release_is_unknown() -> None:
    with pytest.raises(KeyError):
        pieces_of(NAME).question("nobody", FormView(state_of(NAME, {})))


@pytest.mark.parametrize("value", ["gone", ["dine_in"], {"start": "2026-11-23"}, True, 1])
def test_a_value_that_is_no_option_chooses_nothing(value: object) -> None:
    """An answer may be older than the release: it was of another type, or an option is gone."""
    kind = {"kind": question("kind", "choice")}
    chosen, unchosen = (
        pieces_of(kind).question("kind", FormView(state_of(kind, {"kind": one})))
        for one in (value, "gone")
    )
    assert chosen == unchosen
    assert "checked" not in unchosen


@pytest.mark.parametrize(("value", "shown"), [("dine_in", "堂食"), ("<b>", "&lt;b&gt;")])
def test_a_known_choice_is_shown_by_its_title(value: str, shown: str) -> None:
    kind = {"kind": question("kind", "choice")}
    html = pieces_of(kind).question(
        "kind", FormView(state_of(kind, {"kind": value}), {"kind": VERIFIED})
    )
    assert f'tabindex="-1">{shown}</span>' in html


def test_rows_to_pick_from_stand_under_their_names() -> None:
    rows = [{"$row": "r1", "party.name": "周<建>国"}, {"$row": "r3"}]
    pick = replace(question("pick", "choice"), role="pick", table="sellers")
    state = state_of({"pick": pick}, {"sellers": rows, "pick": "r3"})
    quick = pieces_of({"pick": pick}).form(FormView(state))
    assert "周&lt;建&gt;国" in quick
    assert 'value="r3" checked' in quick
    assert 'value="r1" checked' not in quick
    with_problem = FormView(state, problems={"pick": "请选择"})
    assert 'value="r3" checked' in pieces_of({"pick": pick}).form(with_problem)


def test_a_fact_whose_template_lost_its_source_is_refused() -> None:
    name = question("name", "text")
    looks = looks_of("fields/text.html", shape_of(name, "name", "zh-CN"), "zh-CN")
    without = replace(looks, fact=looks.fact.settle(source=""))
    with pytest.raises(ValueError, match="its source"):
        QuestionPieces(name, "name", without, Sources(LICENSES, "zh-CN"))
