"""Every problem and change of definitions has a sentence in both languages, and none is idle."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from definitions.problems import Problem
from definitions.wording import FOLDER, LANGUAGES, say, sentences

ROOT = FOLDER.parent
CODE = re.compile(r'"((?:definition|archive)\.[a-z_0-9]+)"')
PARAM = re.compile(r"\{([a-z_]+)\}")


def _used(*folders: str) -> set[str]:
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    files += [ROOT / "patterns.py", ROOT / "variant.py", ROOT / "archive.py"]
    return {code for path in files for code in CODE.findall(path.read_text("utf-8"))}


def _worded(*names: str) -> set[str]:
    return {
        code for name in names for code in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    }


def test_every_code_that_is_used_has_a_sentence() -> None:
    assert _used("reader", "checks") <= set(sentences())


def test_every_sentence_is_used() -> None:
    assert _worded("definitions", "archive") <= _used("reader", "checks")


@pytest.mark.parametrize("code", sorted(_worded("definitions", "archive", "diff")))
def test_a_sentence_is_there_in_both_languages_and_fills_in_the_same(code: str) -> None:
    text = sentences()[code]
    assert set(text) == set(LANGUAGES)
    assert set(PARAM.findall(text["zh-CN"])) == set(PARAM.findall(text["en"]))


def test_a_text_in_a_problem_is_said_in_the_reader_s_language() -> None:
    problem = Problem("definition.fee_without_basis", "", {"fee": {"zh-CN": "费", "en": "Fee"}})
    assert say(problem, "zh-CN") == "收费“费”没有写明依据。"
    assert say(problem, "en") == "The charge “Fee” has no basis."


def test_a_list_in_a_problem_is_said_one_after_the_other() -> None:
    problem = Problem("definition.step_circle", "", {"steps": ["a", "b"]})
    assert say(problem, "zh-CN") == "这些步骤互相等待：a、b。"
    assert say(problem, "en") == "These steps wait for each other: a, b."


def test_what_a_sentence_lacks_never_crashes_it() -> None:
    assert say(Problem("definition.unknown_unit"), "en") == "The organisation has no unit “{unit}”."
    assert say(Problem("nobody.worded_this"), "en") == "nobody.worded_this"


def test_a_code_stands_in_one_file_only() -> None:
    codes = [
        code
        for path in sorted(Path(FOLDER).glob("*.json"))
        for code in json.loads(path.read_text("utf-8"))
    ]
    assert len(codes) == len(set(codes))
