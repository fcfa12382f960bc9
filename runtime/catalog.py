"""Finding a service: what the portal knows of each one, and the search over it.

A card is made once, when a release is published, and kept beside it: a process that offers five
hundred services reads five hundred cards and not one definition.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.model import Item, Library, Service, Text

TITLE, KEYWORD, CONTENT = 8, 5, 2
"""How much a match in a service's title, its keywords and everything else weighs."""


@dataclass(frozen=True, slots=True)
class Card:
    """A service as it stands in a list. `words` are (weight, searchable text) pairs."""

    service: str
    release: str
    title: Text
    summary: Text
    lead: Text
    audience: tuple[str, ...]
    themes: tuple[str, ...]
    life_events: tuple[str, ...]
    departments: tuple[str, ...]
    items: int
    burden: Mapping[str, int]
    words: tuple[tuple[int, str], ...]


def make_card(library: Library, service: Service, burden: Mapping[str, int]) -> dict[str, Any]:
    """What a card says, as JSON, with its pinyin worked out; `burden` as `burden` reports it."""
    items = [library.items[use.item] for use in service.uses.values() if use.item in library.items]
    return {
        "service": service.id,
        "title": dict(service.title),
        "summary": dict(service.summary or {"zh-CN": ""}),
        "lead": dict(_unit_title(library, service.lead)),
        "audience": list(service.audience),
        "themes": list(service.themes),
        "life_events": list(service.life_events),
        "departments": list(dict.fromkeys(item.department for item in items)),
        "items": len(items),
        "burden": dict(burden),
        "words": _words(library, service, items),
    }


def read_card(release: str, card: Mapping[str, Any]) -> Card:
    """The card of a release as `make_card` wrote it."""
    return Card(
        service=card["service"],
        release=release,
        title=card["title"],
        summary=card["summary"],
        lead=card["lead"],
        audience=tuple(card["audience"]),
        themes=tuple(card["themes"]),
        life_events=tuple(card["life_events"]),
        departments=tuple(card["departments"]),
        items=card["items"],
        burden=card["burden"],
        words=tuple((weight, text) for weight, text in card["words"]),
    )


def search(cards: Iterable[Card], query: str) -> list[Card]:
    """The cards that fit, best first: Chinese of any length, English, pinyin or its initials.

    Every word of the query must be found; a long Chinese word counts as found when most of its
    neighbouring pairs of characters are (“开餐饮店” finds 开办餐饮店).
    """
    words = _fold(query).split()
    scored = [(score, card) for card in cards if (score := _score(card, words)) > 0]
    return [card for _, card in sorted(scored, key=lambda pair: -pair[0])]


def _score(card: Card, words: list[str]) -> float:
    scores = [
        max((weight * _share(word, text) for weight, text in card.words), default=0.0)
        for word in words
    ]
    return sum(scores) if all(scores) else 0.0


def _share(word: str, text: str) -> float:
    """How much of a word a text has: all of it, more than half of its pairs, or nothing."""
    if word in text:
        return 1.0
    if len(word) < 3 or word.isascii():
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    share = sum(pair in text for pair in pairs) / len(pairs)
    return share if share > 0.5 else 0.0


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _unit_title(library: Library, unit: str) -> Text:
    for organisation in library.organisations.values():
        if unit in organisation.units:
            return organisation.units[unit].title
    return {"zh-CN": unit}


def _words(library: Library, service: Service, items: list[Item]) -> list[tuple[int, str]]:
    title = list(service.title.values())
    content = [text for item in items for text in item.title.values()]
    content += [_unit_title(library, item.department)["zh-CN"] for item in items]
    content += list((service.summary or {}).values())
    return [
        (TITLE, _searchable(title)),
        (KEYWORD, _searchable([*service.keywords])),
        (CONTENT, _fold("\n".join(content))),
    ]


def _searchable(texts: list[str]) -> str:
    """The texts with their pinyin and its initials, so that `canyin` and `kbcyd` find them."""
    from pypinyin import Style, lazy_pinyin  # slow to load, and needed only when publishing

    lines = list(texts)
    for text in texts:
        lines.append("".join(lazy_pinyin(text)))
        lines.append("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)))
    return _fold("\n".join(dict.fromkeys(lines)))
