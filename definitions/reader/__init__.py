"""Files to the model: every problem is collected, none stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from definitions.model import Dictionary, Library
from definitions.problems import Problem, errors
from definitions.reader.dictionary import Draft
from definitions.reader.documents import Document, from_files, ordered_document
from definitions.reader.hazards import skeleton
from definitions.reader.items import item
from definitions.reader.money import folded
from definitions.reader.others import calendar, license_type, organisation, policy, variant
from definitions.reader.scope import Raw, Scope
from definitions.reader.services import service

LIBRARY = Path(__file__).parent.parent / "library"
"""The definitions that ship."""

_BUILDERS: Mapping[str, Callable[[Raw, Scope], Any]] = {
    "license": license_type,
    "organisation": organisation,
    "item": item,
    "service": service,
    "variant": variant,
    "policy": policy,
    "calendar": calendar,
}


def read(paths: Iterable[Path]) -> Library:
    """The library in files and folders, with every problem found on the way.

    A definition with an error is left out; warnings leave it in. Whether definitions fit each
    other is for `definitions.checks` to say.
    """
    return _library(list(from_files(paths)))


def read_bundle(definitions: Mapping[str, Any]) -> Library:
    """The library in a release's definitions, by "kind/id"; problems name them so."""
    documents = []
    for name, raw in definitions.items():
        found = ordered_document(name, raw)
        if found.name != name:
            problem = Problem("definition.wrong_name", f"{name}#", {"name": found.name})
            found = Document(name, found.name, None, (*found.problems, problem))
        documents.append(found)
    return _library(documents)


def load_library() -> Library:
    """The library that ships."""
    return read([LIBRARY])


def _library(documents: list[Document]) -> Library:
    problems = [problem for document in documents for problem in document.problems]
    known, doubles = _by_name(documents)
    problems += doubles
    dictionary, found = _dictionary(known)
    problems += found
    built: dict[str, dict[str, Any]] = {kind: {} for kind in _BUILDERS}
    for name, one in known.items():
        kind, _, id_ = name.partition("/")
        if one.raw is None or kind not in _BUILDERS:
            continue
        scope = Scope(one.file, dictionary)
        result = _BUILDERS[kind](folded(one.raw), scope)
        problems += scope.problems
        if not errors(scope.problems):
            built[kind][id_] = result
    return Library(
        dictionary=dictionary,
        licenses=built["license"],
        items=built["item"],
        services=built["service"],
        organisations=built["organisation"],
        calendars={one.year: one for one in built["calendar"].values()},
        policies=built["policy"],
        variants=built["variant"],
        sources={name: one.raw for name, one in known.items() if one.raw is not None},
        files={name: one.file for name, one in known.items()},
        problems=tuple(problems),
    )


def _by_name(documents: list[Document]) -> tuple[dict[str, Document], list[Problem]]:
    """Documents by "kind/id"; the second of two with one name, or names alike, is a problem."""
    known: dict[str, Document] = {}
    looks: dict[str, str] = {}
    problems = []
    for one in documents:
        if not one.name:
            continue
        other = looks.setdefault(skeleton(one.name), one.name)
        if one.name in known:
            params = {"id": one.name, "file": known[one.name].file}
            problems.append(Problem("definition.same_id", f"{one.file}#/id", params))
            continue
        if other != one.name:
            params = {"name": one.name, "other": other}
            problems.append(Problem("definition.look_alike", f"{one.file}#/id", params))
        known[one.name] = one
    return known, problems


def _dictionary(known: Mapping[str, Document]) -> tuple[Dictionary, list[Problem]]:
    draft = Draft()
    problems: list[Problem] = []
    for name, one in known.items():
        if name.startswith("elements/") and one.raw is not None:
            scope = Scope(one.file, Dictionary())
            draft.add(folded(one.raw), scope)
            problems += scope.problems
    return draft.finished(), problems
