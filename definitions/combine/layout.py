"""The order of the one form: the service's sections, then subject by subject, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from definitions.combine.identity import Binder
from definitions.combine.model import PlanSection, Question
from definitions.combine.questions import title_of

_FIRST = {"may_be": 0, "pick": 1}


def situation_order(binder: Binder, situation: Mapping[str, str]) -> tuple[str, ...]:
    """The situation's questions, in the order that the service gives."""
    return tuple(dict.fromkeys(situation[name] for name in binder.service.situation.fields))


def sections(
    binder: Binder, questions: Mapping[str, Question], fields: Mapping[tuple[str, str], str]
) -> tuple[PlanSection, ...]:
    """Sections with at least one question; the situation's questions have their own page.

    `fields` gives the question of a use and field, since a section may name either.
    """
    left = dict.fromkeys(
        question.id for question in questions.values() if question.role != "situation"
    )
    found = []
    for section in binder.service.sections:
        named = [fields.get(_split(name), name) for name in section.fields]
        found.append(PlanSection(section.id, section.title, _take(left, named)))
    for subject in binder.service.subjects.values():
        about = [name for name in left if questions[name].subjects[:1] == (subject.id,)]
        about.sort(key=lambda name: _FIRST.get(questions[name].role, 2))
        found.append(PlanSection(subject.id, title_of(binder, subject), _take(left, about)))
    for use, item in binder.items.items():
        own = [fields.get((use, name), "") for name in _laid_out(binder, use)]
        found.append(PlanSection(use, item.title, _take(left, own)))
    return tuple(section for section in found if section.questions)


def _laid_out(binder: Binder, use: str) -> list[str]:
    """An item's field names, those of its own sections first."""
    form = binder.items[use].form
    named = [name for section in form.sections for name in section.fields]
    columns = [f"{name}.{column}" for name in form.fields for column in form.fields[name].columns]
    return list(dict.fromkeys([*named, *form.fields, *columns]))


def _take(left: dict[str, None], names: Iterable[str]) -> tuple[str, ...]:
    taken = [name for name in dict.fromkeys(names) if name in left]
    for name in taken:
        del left[name]
    return tuple(taken)


def _split(name: str) -> tuple[str, str]:
    use, _, path = name.partition(".")
    return use, path
