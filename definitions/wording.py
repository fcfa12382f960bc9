"""Problems and changes as sentences, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from definitions.model import Text

FOLDER = Path(__file__).parent / "wording"
LANGUAGES = ("zh-CN", "en")


class Coded(Protocol):
    """What has a code and what its sentence needs to know: a problem, a change."""

    @property
    def code(self) -> str:
        """The key of its sentence."""

    @property
    def params(self) -> Mapping[str, Any]:
        """What the sentence fills in; a text by language is taken in the reader's."""


@cache
def sentences() -> Mapping[str, Text]:
    """All sentences by code, from every file of the folder. A code stands in one file only."""
    found: dict[str, Text] = {}
    for file in sorted(FOLDER.glob("*.json")):
        for code, text in json.loads(file.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"{code} is worded twice, the second time in {file.name}")
            found[code] = text
    return found


def say(coded: Coded, lang: str) -> str:
    """The sentence in a language, Chinese where there is none; the code when it isn't worded."""
    text = sentences().get(coded.code)
    if text is None:
        return coded.code
    params = {name: _in_language(value, lang) for name, value in coded.params.items()}
    return (text.get(lang) or text["zh-CN"]).format_map(_Params(params))


class _Params(dict[str, Any]):
    """A param that is missing shows as its name in braces, never as a crash."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _in_language(value: Any, lang: str) -> Any:
    if isinstance(value, Mapping) and "zh-CN" in value:
        return value.get(lang) or value["zh-CN"]
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh-CN" else ", ").join(
            str(_in_language(one, lang)) for one in value
        )
    return value
