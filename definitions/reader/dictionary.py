"""The files of the data dictionary, joined to one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model import (
    Dictionary,
    Element,
    ElementGroup,
    KeyTells,
    MaterialType,
    Relation,
    SubjectKind,
)
from definitions.reader.fields import check_pattern, enum_from_options
from definitions.reader.scope import Raw, Scope


@dataclass(slots=True)
class Draft:
    """A dictionary while its files are being joined."""

    elements: dict[str, Element] = field(default_factory=dict)
    kinds: dict[str, SubjectKind] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    groups: dict[str, ElementGroup] = field(default_factory=dict)
    materials: dict[str, MaterialType] = field(default_factory=dict)

    def add(self, raw: Raw, scope: Scope) -> None:
        """Take in one file; a name that another file has already is a problem."""
        parts: Mapping[str, tuple[dict[str, Any], Iterator[Any]]] = {
            "elements": (self.elements, _elements(raw, scope)),
            "subject_kinds": (self.kinds, _kinds(raw, scope)),
            "relations": (self.relations, _relations(raw)),
            "groups": (self.groups, _groups(raw)),
            "materials": (self.materials, _materials(raw)),
        }
        for part, (known, found) in parts.items():
            for one in found:
                if known.setdefault(one.id, one) is not one:
                    scope.report("definition.defined_twice", f"/{part}/{one.id}", id=one.id)

    def finished(self) -> Dictionary:
        """The dictionary that everything else refers to."""
        return Dictionary(self.elements, self.kinds, self.relations, self.groups, self.materials)


def _elements(raw: Raw, scope: Scope) -> Iterator[Element]:
    for name, one in raw.get("elements", {}).items():
        schema = dict(one["schema"])
        if "pattern" in schema:
            check_pattern(schema["pattern"], scope, f"/elements/{name}/schema/pattern")
        options = one.get("options", {})
        enum_from_options(schema, options)
        yield Element(
            id=f"{raw['id']}.{name}",
            title=one["title"],
            type=one["type"],
            schema=schema,
            sensitivity=one.get("sensitivity", "public"),
            editable=one.get("editable", True),
            unit=one.get("unit"),
            decimals=one.get("decimals"),
            options=options,
            settings=one.get("settings", {}),
            synonyms=tuple(one.get("synonyms", ())),
            examples=tuple(one.get("examples", ())),
            description=one.get("description"),
        )


def _kinds(raw: Raw, scope: Scope) -> Iterator[SubjectKind]:
    for name, one in raw.get("subject_kinds", {}).items():
        tells = one.get("key_tells", ())
        for at, told in enumerate(tells):
            check_pattern(told["pattern"], scope, f"/subject_kinds/{name}/key_tells/{at}/pattern")
        yield SubjectKind(
            id=name,
            title=one["title"],
            key=one.get("key"),
            name=one.get("name"),
            is_a=one.get("is_a"),
            identity=one.get("identity"),
            key_tells=tuple(KeyTells(**told) for told in tells),
        )


def _relations(raw: Raw) -> Iterator[Relation]:
    for name, one in raw.get("relations", {}).items():
        yield Relation(name, one["title"], one["from"], one["to"])


def _groups(raw: Raw) -> Iterator[ElementGroup]:
    for name, one in raw.get("groups", {}).items():
        yield ElementGroup(name, one["title"], tuple(one["elements"]))


def _materials(raw: Raw) -> Iterator[MaterialType]:
    for name, one in raw.get("materials", {}).items():
        synonyms = tuple(one.get("synonyms", ()))
        yield MaterialType(name, one["title"], one.get("description"), synonyms)
