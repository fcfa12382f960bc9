"""`may_be`: a subject that turns out to be another one takes its questions' answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.combine.identity import Binder, Key
from definitions.combine.model import Alias, Asked, Picked, Question
from definitions.combine.places import picked
from definitions.combine.tables import Table


def aliases(
    binder: Binder, questions: Mapping[str, Question], tables: Mapping[str, Table]
) -> dict[str, Alias]:
    """By question about a subject that may be another: where the other's answer is.

    Only where the form asks the same element of the other at all, and never for a question of the
    situation, which depends on no answer of the form.
    """
    found = {}
    for question in questions.values():
        if question.role != "form" or question.columns or question.element is None:
            continue
        for name in question.subjects:
            others = dict(_others(binder, questions, tables, question, name))
            if others:
                found[question.id] = Alias(f"may_be.{name}", others)
    return found


def _others(
    binder: Binder,
    questions: Mapping[str, Question],
    tables: Mapping[str, Table],
    question: Question,
    name: str,
) -> Iterator[tuple[str, Asked | Picked]]:
    for other in binder.subject(name).may_be:
        subjects = tuple(other if subject == name else subject for subject in question.subjects)
        key = Key(str(question.element), binder.in_order(subjects))
        row = picked(binder, key, tables)
        if row is not None:
            yield other, Picked(*row)
        elif key.question in questions and key.question != question.id:
            yield other, Asked(key.question)


def circles(binder: Binder) -> list[str]:
    """Subjects that may be another one that may, in turn, be them."""
    return [name for name in binder.service.subjects if name in _reached(binder, name)]


def _reached(binder: Binder, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for other in binder.subject(waiting.pop()).may_be:
            if other in binder.service.subjects and other not in found:
                found.add(other)
                waiting.append(other)
    return found
