"""The question that several fields become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from definitions.combine.clash import intersection
from definitions.combine.identity import SITUATION, Binder, calculated
from definitions.combine.model import Question
from definitions.combine.places import Place
from definitions.combine.tables import Table
from definitions.model import Field, Subject, Text

_SENSITIVITY = ("public", "personal", "sensitive")


def merged(question_id: str, fields: Sequence[Field]) -> Field:
    """One field for several: the words that most of them use, the constraints of all.

    It is as sensitive as the most sensitive of them, and editable only if all are.
    """
    first = fields[0]
    if len(fields) == 1:
        return replace(first, id=question_id)
    return replace(
        first,
        id=question_id,
        title=_usual([one.title for one in fields]),
        description=next((one.description for one in fields if one.description), None),
        schema=intersection(one.schema for one in fields),
        options=_shared(fields),
        required=all(one.required for one in fields),
        examples=next((one.examples for one in fields if one.examples), ()),
        sensitivity=max((one.sensitivity for one in fields), key=_SENSITIVITY.index),
        editable=all(one.editable for one in fields),
    )


def _usual(titles: Sequence[Text]) -> Text:
    """The title that stands most often; the first of them if several do."""
    counted = Counter(title["zh-CN"] for title in titles)
    usual, _ = max(counted.items(), key=lambda entry: entry[1])
    return next(title for title in titles if title["zh-CN"] == usual)


def _shared(fields: Sequence[Field]) -> Mapping[str, Text]:
    first, *others = fields
    return {
        code: title
        for code, title in first.options.items()
        if all(code in other.options for other in others)
    }


def single(question_id: str, members: Sequence[Place]) -> Question:
    """The question of one group of places."""
    named = sorted(members, key=lambda place: place.key is None)
    first = named[0]
    return Question(
        id=question_id,
        field=_as_asked(merged(question_id, [place.field for place in named]), members),
        subjects=first.key.subjects if first.key else (),
        fields=tuple((place.use, place.path) for place in members),
        role="situation" if any(place.use == SITUATION for place in members) else "form",
        calculated=members[0].calculated,
    )


def _as_asked(field: Field, members: Sequence[Place]) -> Field:
    """The field in the situation's words where the situation asks for it: it does so first, and
    in the service's own plain words."""
    asked = next((place.field for place in members if place.use == SITUATION), field)
    return replace(field, title=asked.title, description=asked.description or field.description)


def own_table(use: str, table: Field) -> Question:
    """The question of a table that is no subject's: its columns keep their own names."""
    worked_out = calculated(table.rules)
    question_id = f"{use}.{table.id}"
    columns = {
        name: Question(
            id=name,
            field=column,
            fields=((use, f"{table.id}.{name}"),),
            calculated=name in worked_out or column.type == "computed",
        )
        for name, column in table.columns.items()
    }
    return Question(question_id, replace(table, id=question_id), (), ((use, table.id),), columns)


def subject_table(binder: Binder, table: Table) -> Question:
    """The question of a many-subject's table: the columns of all items' tables about it."""
    ids = table.ids()
    columns = {}
    for identity, members in table.columns.items():
        worked_out = any(_calculated(binder, use, path) for use, path, _ in members)
        others = identity[2:] if identity[0] == "element" else ()
        columns[ids[identity]] = Question(
            id=ids[identity],
            field=merged(ids[identity], [column for _, _, column in members]),
            subjects=(table.subject, *others),
            fields=tuple((use, path) for use, path, _ in members),
            calculated=worked_out,
        )
    fields = [form_field for _, form_field in table.tables]
    schema = intersection(_without_rows(one) for one in fields)
    properties = {name: column.schema for name, column in columns.items()}
    shape = replace(
        merged(table.subject, fields),
        schema={**schema, "items": {"type": "object", "properties": properties}},
        rules={},
        unique_by=(),
    )
    return Question(
        id=table.subject,
        field=replace(shape, columns={name: column.field for name, column in columns.items()}),
        subjects=(table.subject,),
        fields=tuple((use, form_field.id) for use, form_field in table.tables),
        columns=columns,
    )


def _without_rows(table: Field) -> dict[str, Any]:
    return {keyword: value for keyword, value in table.schema.items() if keyword != "items"}


def _calculated(binder: Binder, use: str, path: str) -> bool:
    name, _, column = path.partition(".")
    table = binder.items[use].form.fields[name]
    return column in calculated(table.rules) or table.columns[column].type == "computed"


def fixed(use: str, form_field: Field) -> Question:
    """The question of a field that the service answers; shown, never asked."""
    question_id = f"{use}.{form_field.id}"
    return Question(
        question_id,
        replace(form_field, id=question_id),
        fields=((use, form_field.id),),
        fixed=True,
    )


def pick(binder: Binder, subject: Subject, table: str) -> Question:
    """`pick.<subject>`: which row of the table is the one."""
    title = _named("{}是哪一位", "Which one is the {}", binder, subject)
    field = Field(f"pick.{subject.id}", "choice", title, {"type": "string"})
    return Question(field.id, field, (subject.id,), role="pick", table=table)


def may_be(binder: Binder, subject: Subject, others: Sequence[str]) -> Question:
    """`may_be.<subject>`: whether a subject is one of those already asked for."""
    title = _named("{}是否就是以下人员", "Is the {} one of these", binder, subject)
    options = {name: title_of(binder, binder.subject(name)) for name in others}
    options["no"] = {"zh-CN": "都不是", "en": "None of these"}
    schema = {"type": "string", "enum": list(options)}
    field = Field(f"may_be.{subject.id}", "choice", title, schema, options=options)
    return Question(field.id, field, (subject.id,), role="may_be")


def title_of(binder: Binder, subject: Subject) -> Text:
    """What a subject is called: its own title, its relation's, or its kind's."""
    if subject.title:
        return subject.title
    dictionary = binder.library.dictionary
    if subject.relation and subject.relation in dictionary.relations:
        return dictionary.relations[subject.relation].title
    if subject.kind in dictionary.kinds:
        return dictionary.kinds[subject.kind].title
    return {"zh-CN": subject.id, "en": subject.id}


def _named(chinese: str, english: str, binder: Binder, subject: Subject) -> Text:
    title = title_of(binder, subject)
    name = title.get("en", title["zh-CN"])
    return {"zh-CN": chinese.format(title["zh-CN"]), "en": english.format(name.lower())}
