"""Picking one of many: the rows are the choices, under their names."""

from __future__ import annotations

from definitions.model import Field
from definitions.plan import Question
from runtime.engine.picking import with_rows

TITLE = {"zh-CN": "原户主是哪一位"}
PICK = Question(
    "pick.holder",
    Field("pick.holder", "choice", TITLE, {"type": "string"}),
    role="pick",
    table="sellers",
)


def test_the_rows_of_the_table_are_the_choices() -> None:
    rows = [{"$row": "r1", "party.name": "周建国"}, {"$row": "r3"}]
    options = with_rows(PICK, {"sellers": rows}).field.options
    assert {row: title["zh-CN"] for row, title in options.items()} == {
        "r1": "周建国",
        "r3": "第 2 行",
    }


def test_without_rows_there_is_nothing_to_choose() -> None:
    assert not with_rows(PICK, {}).field.options


def test_any_other_question_stays_as_it_is() -> None:
    other = Question("name", Field("name", "text", TITLE, {"type": "string"}))
    assert with_rows(other, {"sellers": [{"$row": "r1"}]}) is other
