"""What building one definition needs to know, and where it tells what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model import Dictionary, Subject, SubjectKind, Text
from definitions.problems import Problem

Raw = Mapping[str, Any]


@dataclass(slots=True)
class Scope:
    """One definition that is being built, among the meanings it may refer to."""

    file: str
    dictionary: Dictionary
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, where: str, **params: Any) -> None:
        """Note a problem of this definition; building goes on, to find the others."""
        self.problems.append(Problem(code, f"{self.file}#{where}", params))


def names(value: str | list[str] | None) -> tuple[str, ...]:
    """One name, several or none, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def subjects(raw: Raw, scope: Scope, where: str = "/subjects") -> dict[str, Subject]:
    """Subjects by name, each called something."""
    return {name: _subject(name, one, scope, f"{where}/{name}") for name, one in raw.items()}


def _subject(name: str, raw: Raw, scope: Scope, where: str) -> Subject:
    kind = scope.dictionary.kinds.get(raw["kind"])
    if kind is None:
        scope.report("definition.unknown_subject_kind", f"{where}/kind", kind=raw["kind"])
    return Subject(
        id=name,
        kind=raw["kind"],
        title=_title(raw, kind, scope, where),
        relation=raw.get("relation"),
        of=raw.get("of"),
        held_by=raw.get("held_by"),
        many=raw.get("many", False),
        one_of=raw.get("one_of"),
        may_be=tuple(raw.get("may_be", ())),
        same_place=raw.get("same_place"),
    )


def _title(raw: Raw, kind: SubjectKind | None, scope: Scope, where: str) -> Text | None:
    relation = scope.dictionary.relations.get(raw.get("relation", ""))
    if "relation" in raw and relation is None:
        scope.report("definition.unknown_relation", f"{where}/relation", relation=raw["relation"])
    title: Text | None = raw.get("title")
    if title is None and relation is not None:
        return relation.title
    return title if title is not None or kind is None else kind.title
