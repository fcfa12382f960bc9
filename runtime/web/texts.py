"""The interface's own words: `texts/<area>.json` holds {"<area>.<name>": {"zh-CN": …, "en": …}}.

An English text that counts may be {"one": …, "other": …}, chosen by the parameter `n`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("zh-CN", "en")
DEFAULT = "zh-CN"
FOLDER = Path(__file__).parent / "texts"

Wording = str | Mapping[str, str]

_speaking: ContextVar[str] = ContextVar("speaking", default=DEFAULT)


@cache
def load(folder: Path = FOLDER) -> dict[str, dict[str, Wording]]:
    """Every text of the interface by key, then by language."""
    texts: dict[str, dict[str, Wording]] = {}
    for path in sorted(folder.glob("*.json")):
        texts.update(json.loads(path.read_text(encoding="utf-8")))
    return texts


def t(key: str, lang: str | None = None, **params: object) -> str:
    """The text in a language, or in the one being spoken.

    Raises KeyError for a key that no file has, and for a parameter that the text needs.
    """
    wording = load()[key][lang or _speaking.get()]
    if not isinstance(wording, str):
        wording = wording["one" if params.get("n") == 1 else "other"]
    return wording.format_map(params) if params else wording


def say(text: Mapping[str, str] | None, lang: str | None = None) -> str:
    """A definition's text in a language, or in the one being spoken; Chinese where it has none."""
    if not text:
        return ""
    return text.get(lang or _speaking.get()) or text[DEFAULT]


def running_on(sentences: Iterable[str]) -> str:
    """Sentences one after the other: Chinese leaves no space between them."""
    return ("" if language() == DEFAULT else " ").join(sentences)


def language() -> str:
    """The language being spoken."""
    return _speaking.get()


def speak(lang: str) -> None:
    """Speak a language from here on, for instance for the rest of a request."""
    _speaking.set(lang)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak a language inside the block."""
    token = _speaking.set(lang)
    try:
        yield
    finally:
        _speaking.reset(token)
