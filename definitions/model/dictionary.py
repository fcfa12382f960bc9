"""The data dictionary: elements, kinds of subject, relations, papers by identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.model.basics import Schema, Text


@dataclass(frozen=True, slots=True)
class Element:
    """An entry of the data dictionary: one meaning, whoever asks for it."""

    id: str
    title: Text
    type: str
    schema: Schema
    sensitivity: Literal["public", "personal", "sensitive"] = "public"
    editable: bool = True
    unit: str | None = None
    decimals: int | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    examples: tuple[Any, ...] = ()
    description: Text | None = None


@dataclass(frozen=True, slots=True)
class KeyTells:
    """What the form of a key says: whose key is like `pattern` has this value of an element."""

    element: str
    pattern: str
    value: str


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of party or thing; `key` and `name` are the elements that identify and call it.

    `identity` is the type of licence that proves which one it is.
    """

    id: str
    title: Text
    key: str | None = None
    name: str | None = None
    is_a: str | None = None
    identity: str | None = None
    key_tells: tuple[KeyTells, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How one subject may stand to another, e.g. the legal representative of an enterprise."""

    id: str
    title: Text
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ElementGroup:
    """Elements that a form takes at once."""

    id: str
    title: Text
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaterialType:
    """A paper by its identity: what three departments call by this id is handed in once."""

    id: str
    title: Text
    description: Text | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All `elements` files joined: the meanings that everything else refers to by name."""

    elements: Mapping[str, Element] = field(default_factory=dict)
    kinds: Mapping[str, SubjectKind] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    groups: Mapping[str, ElementGroup] = field(default_factory=dict)
    materials: Mapping[str, MaterialType] = field(default_factory=dict)
