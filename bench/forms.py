"""A synthetic form of any size, of the mix that real forms have, with its submissions.

Of its fields 20 % are conditional, 5 % calculated, 10 % columns of tables; of those that take an
answer 40 % are text with length and pattern, 15 % numbers, 15 % choices, and the rest dates,
booleans, e-mail addresses and phone numbers. The same size always gives the same form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

Raw = dict[str, Any]

MIX = (
    *("text", "number", "choice", "text", "date", "text", "boolean", "text", "number", "email"),
    *("text", "choice", "text", "phone", "text", "number", "text", "choice", "date", "boolean"),
)
CONDITIONAL, CALCULATED, IN_TABLES = 0.20, 0.05, 0.10
COLUMNS, ROWS, SECTION = 5, 2, 20
WRONG_ANSWERS = 10
HUB = "hub"
"""The choice on which a given number of conditional fields depends."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A field's schema, an answer that passes and one that doesn't."""

    schema: Raw
    right: Any
    wrong: Any


def text(words: str, number: int) -> Raw:
    """A title in both languages."""
    return {"zh-CN": f"{words}{number}", "en": f"Question {number}"}


CHOICES: Raw = {code: {"zh-CN": f"选项{code}", "en": f"Option {code}"} for code in "abcd"}
KINDS = {
    "text": Kind(
        {"type": "string", "minLength": 2, "maxLength": 40, "pattern": "^[A-Za-z0-9 -]+$"},
        "Lovers Road 68-2",
        "?",
    ),
    "number": Kind({"type": "number", "minimum": 0, "maximum": 1000}, 128.5, -4),
    "choice": Kind({"type": "string", "enum": list(CHOICES), "options": CHOICES}, "b", "z"),
    "date": Kind({"type": "string", "format": "date"}, "2026-03-18", "2026-13-18"),
    "boolean": Kind({"type": "boolean"}, True, "maybe"),
    "email": Kind({"type": "string", "format": "email"}, "li.wei@example.com", "li.wei"),
    "phone": Kind({"type": "string", "format": "phone"}, "13800138000", "1380"),
}
HOLDS: tuple[Raw, ...] = ({"choice": "b"}, {"number": 100}, {"boolean": True})
FAILS: tuple[Raw, ...] = ({"choice": "c"}, {"number": 500}, {"boolean": False})


@dataclass
class Form:
    """An item definition; `right` and `wrong` are submissions by its own field names."""

    item: Raw
    right: Raw
    wrong: Raw


@dataclass
class _Draft:
    """A form under way; `always` lists by kind the fields that are always shown."""

    fields: Raw = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    rules: Raw = field(default_factory=dict)
    answers: Raw = field(default_factory=dict)
    always: dict[str, list[str]] = field(default_factory=dict)


def make_form(size: int, name: str = "form", dependents: int = 0) -> Form:
    """A form of about `size` fields; `dependents` of the conditional ones hang on `hub`.

    The tenth of its fields that stands in tables counts by columns.
    """
    tables, conditional = round(size * IN_TABLES), round(size * CONDITIONAL)
    calculated = max(1, round(size * CALCULATED))
    draft = _Draft()
    _choice_to_hang_on(draft)
    _always(draft, size - tables - conditional - calculated - 1)
    _conditional(draft, conditional, dependents)
    _tables(draft, tables)
    _calculated(draft, calculated)
    return Form(_item(name, draft), draft.answers, {**draft.answers, **dict(_wrong(draft))})


def _leaf(kind: str, words: str, number: int) -> Raw:
    return {**KINDS[kind].schema, "title": text(words, number)}


def _choice_to_hang_on(draft: _Draft) -> None:
    draft.fields[HUB] = _leaf("choice", "情形", 0)
    draft.required.append(HUB)
    draft.answers[HUB] = "b"


def _always(draft: _Draft, count: int) -> None:
    """Fields without a rule; four of five are required."""
    for number, kind in enumerate(islice(cycle(MIX), count), 1):
        name = f"f{number}"
        draft.fields[name] = _leaf(kind, "问题", number)
        draft.answers[name] = KINDS[kind].right
        draft.always.setdefault(kind, []).append(name)
        if number % 5:
            draft.required.append(name)


def _conditional(draft: _Draft, count: int, dependents: int) -> None:
    """Fields that a condition shows and requires; every second condition holds."""
    for number, kind in enumerate(islice(cycle(MIX), count)):
        name = f"c{number}"
        draft.fields[name] = _leaf(kind, "补充", number)
        hangs, holds = number < dependents, number % 2 == 0
        when = _on_hub() if hangs else _condition(draft, number, holds)
        draft.rules[f"show_{name}"] = {"when": when, "show": [name], "require": [name]}
        if hangs or holds:
            draft.answers[name] = KINDS[kind].right


def _on_hub() -> Raw:
    return {"==": [{"var": HUB}, "b"]}


def _condition(draft: _Draft, number: int, holds: bool) -> Raw:
    [(kind, value)] = (HOLDS if holds else FAILS)[number % 3].items()
    names = draft.always[kind]
    operator = ">" if kind == "number" else "=="
    return {operator: [{"var": names[number % len(names)]}, value]}


def _tables(draft: _Draft, columns: int) -> None:
    """Tables of up to five columns, of which the first is required, with two rows each."""
    for number, start in enumerate(range(0, columns, COLUMNS)):
        kinds = dict(enumerate(islice(cycle(MIX), start, min(start + COLUMNS, columns))))
        cells = {f"x{column}": _leaf(kind, "列", column) for column, kind in kinds.items()}
        items = {"type": "object", "properties": cells, "required": ["x0"]}
        draft.fields[f"t{number}"] = {"type": "array", "title": text("表", number), "items": items}
        row = {f"x{column}": KINDS[kind].right for column, kind in kinds.items()}
        draft.answers[f"t{number}"] = [{"$row": f"r{one}", **row} for one in range(1, ROWS + 1)]


def _calculated(draft: _Draft, count: int) -> None:
    """Sums of three numbers."""
    numbers = draft.always["number"]
    for number in range(count):
        name, terms = f"k{number}", [numbers[(number + i) % len(numbers)] for i in range(3)]
        draft.fields[name] = {"type": "number", "title": text("合计", number)}
        total = {"+": [{"var": term} for term in terms]}
        draft.rules[f"set_{name}"] = {"set": name, "to": total}


def _wrong(draft: _Draft) -> Iterator[tuple[str, Any]]:
    """Ten wrong answers, spread over the form, on which no condition depends."""
    kinds = ("text", "date", "email", "phone")
    names = [(name, kind) for kind in kinds for name in draft.always[kind]]
    step = max(1, len(names) // WRONG_ANSWERS)
    return ((name, KINDS[kind].wrong) for name, kind in names[::step][:WRONG_ANSWERS])


def _item(name: str, draft: _Draft) -> Raw:
    names = list(draft.fields)
    sections = [
        {"title": text("部分", start // SECTION + 1), "fields": names[start : start + SECTION]}
        for start in range(0, len(names), SECTION)
    ]
    schema = {"type": "object", "properties": draft.fields, "required": draft.required}
    return {
        "$schema": "../../schemas/item.json",
        "kind": "item",
        "id": name,
        "title": text("事项", 1),
        "department": "office",
        "subjects": {},
        "form": {"schema": schema, "sections": sections, "rules": draft.rules},
        "process": {"steps": {}},
        "result": {"title": text("结果", 1), "kind": "record"},
    }
