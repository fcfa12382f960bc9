"""Plain JSON Schema (2020-12) for what items receive and for the one form: no reference, no rule.

What depends on other answers is said by rules; this is the necessary part that any validator
can judge. A calculated field is there without being required, a note is not there at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from definitions.combine.identity import calculated
from definitions.combine.model import Question
from definitions.fieldtypes import REGISTRY
from definitions.model import Field, Item
from definitions.plan import Plan

CLOSED = {"additionalProperties": False}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def item_schema(item: Item, without: Collection[str] = ()) -> dict[str, Any]:
    """The schema of an item's complete slice.

    `without` names fields (columns of a one-row table as `table.column`) that aren't required yet
    because an earlier item's result will answer them.
    """
    worked_out = calculated(item.form.rules)
    fields = {name: one for name, one in item.form.fields.items() if one.type != "note"}
    return {
        "$schema": DIALECT,
        "title": item.title["zh-CN"],
        "type": "object",
        "properties": {name: _value(one, without) for name, one in fields.items()},
        "required": [
            name
            for name, one in fields.items()
            if one.required and name not in worked_out and name not in without
        ],
        "additionalProperties": False,
    }


def _value(form_field: Field, without: Collection[str] = ()) -> dict[str, Any]:
    if not form_field.columns:
        return _closed(form_field.type, form_field.schema)
    worked_out = calculated(form_field.rules)
    columns = {name: one for name, one in form_field.columns.items() if one.type != "note"}
    row = {
        "type": "object",
        "properties": {name: _value(one) for name, one in columns.items()},
        "required": [
            name
            for name, one in columns.items()
            if one.required and name not in worked_out and f"{form_field.id}.{name}" not in without
        ],
        "additionalProperties": False,
    }
    return {**form_field.schema, "items": row}


def _closed(kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A value's schema; an object has the keys of its field type and lets nothing else in."""
    if schema.get("type") != "object":
        return dict(schema)
    own = REGISTRY[kind].schema({})
    return {"properties": own["properties"], "required": own["required"], **schema, **CLOSED}


def service_schema(plan: Plan) -> dict[str, Any]:
    """The schema of the answers to the one form, by question id; rows carry their `$row`.

    Nothing is required: which questions are asked depends on the situation and on the answers.
    """
    asked = [plan.questions[name] for name in plan.questions if name in plan.answerable]
    return {
        "$schema": DIALECT,
        "title": plan.service.title["zh-CN"],
        "type": "object",
        "properties": {question.id: _question(question) for question in asked},
        "additionalProperties": False,
    }


def _question(question: Question) -> dict[str, Any]:
    title = {"title": question.title["zh-CN"]}
    if not question.columns:
        return {**title, **_closed(question.type, question.schema)}
    columns = [one for one in question.columns.values() if one.takes_answer]
    row = {
        "type": "object",
        "properties": {
            "$row": {"type": "string"},
            **{one.id: _question(one) for one in columns},
        },
        "required": ["$row"],
        "additionalProperties": False,
    }
    return {**title, **question.schema, "items": row}
