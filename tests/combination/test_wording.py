"""Every problem of combining, prefilling and cases has its sentence, and no sentence is idle."""

from __future__ import annotations

import json
import re
from pathlib import Path

from definitions.wording import FOLDER, LANGUAGES, sentences

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"((?:combination|source|answer|application)\.[a-z_]+)"')
CASE = re.compile(r'_problem\(case, f?"([a-z_{}]+)"|_(?:exactly|equal)\((?:case, )?"([a-z]+)"')
PARAM = re.compile(r"\{([a-z_]+)\}")
OURS = json.loads((FOLDER / "combination.json").read_text("utf-8"))


def _used() -> set[str]:
    files = [
        path
        for folder in ("definitions/combine", "definitions/plan", "runtime/engine")
        for path in (ROOT / folder).rglob("*.py")
    ]
    return {code for path in files for code in CODE.findall(path.read_text("utf-8"))}


def _cases() -> set[str]:
    """Codes of cases; those with a part that varies, once for each."""
    found = set()
    source = (ROOT / "definitions" / "cases.py").read_text("utf-8")
    kinds = [kind for _, kind in CASE.findall(source) if kind]
    for code, _ in CASE.findall(source):
        for kind in kinds if "{" in code else [""]:
            found.add("case." + re.sub(r"\{[a-z]+\}", kind, code))
    return found


def test_every_code_has_a_sentence() -> None:
    assert _used() <= set(sentences())


def test_every_sentence_is_used() -> None:
    assert set(OURS) <= _used() | _cases()


def test_every_sentence_is_there_in_both_languages_and_fills_in_the_same() -> None:
    for text in OURS.values():
        assert set(text) == set(LANGUAGES)
        assert set(PARAM.findall(text["zh-CN"])) == set(PARAM.findall(text["en"]))
