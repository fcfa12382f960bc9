"""What a field's template knows of a question: everything that no request changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from definitions.fieldtypes.choice import codes_of, title_of
from definitions.fieldtypes.division import options_of as division_options
from definitions.fieldtypes.units import unit_name
from definitions.plan.model import Question
from runtime.web.render.piece import mark
from runtime.web.texts import say, t

Option = tuple[str, str, str]

SHORT, SHORTEST = {"zh-CN": 8, "en": 18}, {"zh-CN": 5, "en": 10}
"""Titles of choices that stand three or four in a row."""

MOST_CARDS, MOST_CARDS_IN_A_CELL = 5, 2
"""More choices than this fold into a list."""

HINTS = {
    "date": "field.hint.date",
    "date_range": "field.hint.date_range",
    "time": "field.hint.time",
    "person_id": "field.hint.person_id",
    "social_credit_code": "field.hint.social_credit_code",
    "real_estate_unit": "field.hint.real_estate_unit",
    "plate_number": "field.hint.plate_number",
    "signature": "field.hint.signature",
    "multi_choice": "field.hint.multi_choice",
}
ALWAYS_HINTED = frozenset({"date", "date_range", "time", "multi_choice"})
"""Types whose way of writing is told beside what the author says; elsewhere the author's is enough.
"""

FORMATS = {"file": ("pdf", "jpg", "png"), "image": ("jpg", "png")}
MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """A question in one language; `q` in the templates of `fields/`. Hashable."""

    name: str
    title: str
    help: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    size: str = ""
    layout: str = "long"
    folded: bool = False
    accept: str = ""
    limits: str = ""
    many: bool = False
    statement: str = ""
    editable: bool = True

    def unnamed(self) -> Shape:
        """The same with marks for what differs between questions that look alike."""
        return replace(
            self, name=mark("name"), title=mark("title"), help=mark("help") if self.help else ""
        )


def shape_of(question: Question, name: str, lang: str, *, cell: bool = False) -> Shape:
    """The shape of a question under a control's name; in a cell there is less room."""
    options = _options(question, lang)
    formats = FORMATS.get(question.type, ())
    most = question.schema.get("maxItems", MAX_FILES)
    declares = question.type == "declaration"
    return Shape(
        name=name,
        title=say(question.title, lang),
        help="" if declares else _help(question, lang),
        unit=unit_name(question.unit, lang),
        options=options,
        size=_size(question.schema.get("maxLength")),
        layout=layout_of([title for _, title, _ in options], lang),
        folded=len(options) > (MOST_CARDS_IN_A_CELL if cell else MOST_CARDS),
        accept=",".join(f".{suffix}" for suffix in formats),
        limits=_limits(formats, most, lang),
        many=most > 1,
        statement=say(question.description, lang) if declares else "",
        editable=question.editable and question.takes_answer,
    )


def _options(question: Question, lang: str) -> tuple[Option, ...]:
    if question.type == "division":
        titles = division_options(question.field)
        return tuple((code, say(title, lang), "") for code, title in titles.items())
    if question.type not in ("choice", "multi_choice"):
        return ()
    codes = codes_of(question.schema.get("items", question.schema), question.field)
    return tuple((code, title_of(code, question.field, lang), "") for code in codes)


def _help(question: Question, lang: str) -> str:
    """What the author says, how to write this type, and an example: as far as there are."""
    parts = [say(question.description, lang)]
    hint = ""
    if question.type in HINTS and (not parts[0] or question.type in ALWAYS_HINTED):
        hint = t(HINTS[question.type], lang)
    elif question.type == "text" and question.field.examples:
        example = str(question.field.examples[0])
        # a name needs no example; a number of some kind does
        if any(character.isdigit() for character in example):
            hint = t("field.example", lang, example=example)
    if parts[0] and hint:  # behind a sentence it is one, too
        hint += t("list.stop", lang)
    parts.append(hint)
    return ("" if lang == "zh-CN" else " ").join(filter(None, parts))


def _size(most: int | None) -> str:
    if most is None or most > 24:
        return ""
    return " input-short" if most <= 8 else " input-middle"


def layout_of(titles: Sequence[str], lang: str) -> str:
    """How choices with these titles stand beside each other."""
    longest = max(map(len, titles), default=0)
    if longest > SHORT[lang]:
        return "long"
    if len(titles) == 2:
        return "pair"
    return "four" if longest <= SHORTEST[lang] and len(titles) % 4 == 0 else "three"


def _limits(accept: tuple[str, ...], most: int, lang: str) -> str:
    if not accept:
        return ""
    formats = t("files.or", lang).join(suffix.upper() for suffix in accept)
    return t("files.limits", lang, formats=formats, n=most)
