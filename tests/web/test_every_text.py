"""Every text of the interface: in both languages, used, and there when it is asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from runtime.web.texts import FOLDER, LANGUAGES, load, say, speaking, t

WEB = FOLDER.parent
SOURCES = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
AREAS = sorted(path.stem for path in FOLDER.glob("*.json"))
ANY_AREA = "|".join(AREAS)
KEY = re.compile(rf"""["']((?:{ANY_AREA})\.[a-z0-9_.]+)["']""")
FAMILY = re.compile(rf"""["']((?:{ANY_AREA})\.(?:[a-z0-9_]+\.)*)(?:["']\s*[~+]|{{|%s)""")
"""The beginning of keys that are put together: `"theme." ~ id`, `f"theme.{{id}}"`."""
CALL = re.compile(r"""\b(?:_|t)\(\s*["']([a-z0-9_.]+)["']""")


NAMED_BY_THE_LIBRARY = ("theme.", "life_event.")
"""Areas whose keys end in the id of a group of services."""


def wordings(key: str, lang: str) -> list[str]:
    wording = load()[key][lang]
    return [wording] if isinstance(wording, str) else list(wording.values())


def matches(pattern: re.Pattern[str]) -> dict[str, Path]:
    return {
        key: path for path in SOURCES for key in pattern.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("key", sorted(load()))
def test_every_text_has_both_languages(key: str) -> None:
    assert set(load()[key]) == set(LANGUAGES)
    assert all(words for lang in LANGUAGES for words in wordings(key, lang))


@pytest.mark.parametrize("key", sorted(load()))
def test_every_text_takes_the_same_in_both_languages(key: str) -> None:
    chinese = {name for words in wordings(key, "zh-CN") for name in re.findall(r"{(\w+)}", words)}
    english = {name for words in wordings(key, "en") for name in re.findall(r"{(\w+)}", words)}
    assert english <= chinese | {"n"}
    assert chinese <= english | {"n"}


@pytest.mark.parametrize("area", AREAS)
def test_every_key_stands_in_the_file_of_its_area(area: str) -> None:
    keys = json.loads((FOLDER / f"{area}.json").read_text(encoding="utf-8"))
    assert all(key.startswith(f"{area}.") for key in keys)


def test_every_key_that_is_used_exists() -> None:
    missing = {key: path for key, path in matches(CALL).items() if key not in load()}
    assert missing.keys() <= matches(FAMILY).keys()


def test_no_text_is_unused() -> None:
    families = (*matches(FAMILY), *NAMED_BY_THE_LIBRARY)
    unused = load().keys() - matches(KEY).keys()
    assert not [key for key in sorted(unused) if not key.startswith(families)]


def test_one_is_counted_apart_in_english() -> None:
    assert t("errors.title", "en", n=1) == "There is 1 thing to fill in or correct"
    assert t("errors.title", "en", n=2) == "There are 2 things to fill in or correct"
    assert t("errors.title", "zh-CN", n=1) == "有 1 处要填写或修改"


def test_a_language_is_spoken_inside_its_block_only() -> None:
    with speaking("en"):
        assert t("field.yes") == "Yes"
        assert say({"zh-CN": "珠海", "en": "Zhuhai"}) == "Zhuhai"
    assert t("field.yes") == "是"


def test_a_definitions_text_without_english_is_shown_in_chinese() -> None:
    assert say({"zh-CN": "珠海"}, "en") == "珠海"
    assert say(None, "en") == ""
