"""The combination as data: question by item, what merged and why, and what clashes."""

from __future__ import annotations

from typing import Any

from definitions.combine.clash import empty
from definitions.combine.model import Combination, Question


def report(combination: Combination) -> dict[str, Any]:
    """Every question with its fields as `<use>.<field>`; `merged` says why several became one.

    A use has several of them where two of its subjects are one. `constraints` are those that an
    answer has to meet while all its items show it.
    """
    whys = {merge.question: merge.why for merge in combination.merges}
    questions = [_entry(question, whys, "") for question in combination.questions.values()]
    return {
        "service": combination.service.id,
        "questions": questions,
        "fields": sum(len(item.form.fields) for item in combination.items.values()),
        "merged": len(combination.merges),
    }


def _entry(question: Question, whys: dict[str, Any], table: str) -> dict[str, Any]:
    name = f"{table}/{question.id}" if table else question.id
    entry: dict[str, Any] = {
        "question": name,
        "title": dict(question.title),
        "role": question.role,
        "element": question.element,
        "subjects": list(question.subjects),
        "fields": [f"{use}.{name}" for use, name in question.fields],
        "merged": whys.get(name),
        "constraints": {k: v for k, v in question.schema.items() if k not in ("type", "items")},
        "clash": len(question.fields) > 1 and empty(question.schema),
    }
    if question.columns:
        columns = question.columns.values()
        entry["columns"] = [_entry(column, whys, question.id) for column in columns]
    return entry
