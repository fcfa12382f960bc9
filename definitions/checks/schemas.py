"""Does the schema of a field fit the type that it has?

A value passes plain JSON Schema and the type's own check: a schema that says something else than
its type would leave a question that nobody can answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from definitions.checks.dictionary import elements_of
from definitions.checks.forms import PROPERTIES, QUESTIONS
from definitions.checks.known import fields_of
from definitions.checks.registry import Findings, check
from definitions.fieldtypes import REGISTRY
from definitions.model import Element, Field, Form, Item, Library, Policy, Service

Holder = Item | Service | Policy | dict[str, Any]


def _typed(holder: Holder, library: Library) -> Iterator[tuple[str, Field | Element]]:
    """Everything that has a type and a schema, with the pointer of its schema."""
    match holder:
        case Item():
            yield from fields_of(holder.form, PROPERTIES)
        case Service():
            yield from fields_of(holder.situation, QUESTIONS)
        case Policy():
            yield from fields_of(Form(holder.fields), "/fields")
        case _:
            for where, element in elements_of(holder, library):
                yield f"{where}/schema", element


@check("elements", "definition.type_of_format")
@check("item", "definition.type_of_format")
@check("service", "definition.type_of_format")
@check("policy", "definition.type_of_format")
def a_schema_says_what_its_type_keeps(holder: Holder, library: Library) -> Findings:
    """A date is kept as a string; `"type": "integer"` would refuse every one."""
    for where, one in _typed(holder, library):
        kept, said = REGISTRY[one.type].json_type, one.schema.get("type")
        if kept is not None and said != kept:
            yield f"{where}/type", {"format": one.type, "wanted": kept, "got": said}


@check("elements", "definition.multiple_of_fraction")
@check("item", "definition.multiple_of_fraction")
@check("service", "definition.multiple_of_fraction")
@check("policy", "definition.multiple_of_fraction")
def only_whole_numbers_are_multiples(holder: Holder, library: Library) -> Findings:
    """Validators differ on whether 0.3 is a multiple of 0.1."""
    for where, one in _typed(holder, library):
        if "multipleOf" in one.schema and one.schema.get("type") != "integer":
            yield f"{where}/multipleOf", {"type": one.schema.get("type")}


@check("item", "definition.unique_rows")
def rows_are_told_apart_by_columns(item: Item, library: Library) -> Findings:
    """Two rows never are the same, since each has an id: `unique_by` says which columns differ."""
    for where, field in _typed(item, library):
        if field.type == "table" and "uniqueItems" in field.schema:
            yield f"{where}/uniqueItems", {"field": field.title}


@check("item", "definition.no_columns")
def tables_have_columns(item: Item, library: Library) -> Findings:
    """A table without a column asks nothing."""
    for where, field in fields_of(item.form, PROPERTIES):
        if field.type == "table" and not field.columns:
            yield f"{where}/items", {"field": field.title}
