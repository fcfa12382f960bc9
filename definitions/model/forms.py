"""Forms: subjects, fields, rules and layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model.basics import Expression, Schema, Text


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a form is about."""

    id: str
    kind: str
    title: Text | None = None
    relation: str | None = None
    of: str | None = None
    held_by: str | None = None
    many: bool = False
    one_of: str | None = None
    may_be: tuple[str, ...] = ()
    same_place: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a form, its element already looked up.

    `about` names subjects of the form that declares it; `schema` is plain JSON Schema for one
    value (annotations removed, element and own keywords joined).
    """

    id: str
    type: str
    title: Text
    schema: Schema
    description: Text | None = None
    element: str | None = None
    about: tuple[str, ...] = ()
    required: bool = False
    unit: str | None = None
    decimals: int | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    examples: tuple[Any, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    sensitivity: str = "public"
    editable: bool = True
    needed_by: str | None = None
    columns: Mapping[str, Field] = field(default_factory=dict)
    rules: Mapping[str, RuleDefinition] = field(default_factory=dict)
    unique_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """A rule as written: `when` something holds, show, require or refuse; or `set` a field `to`."""

    id: str
    when: Expression = None
    show: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    refuse: Text | None = None
    set: str | None = None
    to: Expression = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: field names of an item, question ids of a service."""

    id: str
    title: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: fields in the order of the schema, layout and rules apart."""

    fields: Mapping[str, Field]
    sections: tuple[Section, ...] = ()
    rules: Mapping[str, RuleDefinition] = field(default_factory=dict)
