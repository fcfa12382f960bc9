"""A release: every definition that a service needs, named by the hash of its canonical JSON.

In it are the service, its items, the licences that its fields, papers and results speak of, the
variants of all these, and of the data dictionary only the entries that they use, so that an edit
elsewhere doesn't make a new release. Organisations, calendars and policies are not: they change
while applications run, and an application follows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.canonical import digest
from definitions.model import Library
from definitions.order import with_order

FORMAT = 1

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """`id` is the SHA-256 of `content` as canonical JSON (RFC 8785), in hexadecimal digits."""

    id: str
    content: Mapping[str, Any]


class UnknownServiceError(LookupError):
    """Neither a service nor an item has this id."""


def make_release(library: Library, name: str) -> Release:
    """The release of a service, or of an item as a service of one.

    Raises UnknownServiceError for any other id, or one that a problem kept out of the library.
    """
    if name in library.services:
        service = library.sources[f"service/{name}"]
    elif name in library.items:
        service = service_of(library.sources[f"item/{name}"])
    else:
        raise UnknownServiceError(name)
    needed = dict(sorted(_needed(library, service).items()))
    content = {"format": FORMAT, "service": service["id"], "definitions": needed}
    return Release(digest(content), content)


def service_of(item: Raw) -> dict[str, Any]:
    """A service of one: an item that is applied for by itself, with its own subjects."""
    name, subjects = item["id"], item["subjects"]
    use = "application" if name in subjects else name
    return {
        "kind": "service",
        "id": name,
        "title": item["title"],
        **({"summary": item["summary"]} if "summary" in item else {}),
        "lead": item["department"],
        "audience": item.get("guide", {}).get("serves", ["person", "enterprise"]),
        "subjects": subjects,
        "applicant": _applicant(subjects),
        "items": {use: {"use": name, "subjects": {subject: subject for subject in subjects}}},
    }


def _applicant(subjects: Raw) -> list[str]:
    """The subject that applies, in a list: the one called so, else the first party or subject."""
    parties = [name for name, one in subjects.items() if one["kind"] in ("person", "enterprise")]
    named = [name for name in subjects if name == "applicant"]
    return [*named, *parties, *subjects][:1]


def _needed(library: Library, service: Raw) -> dict[str, Any]:
    uses = [use["use"] for use in service["items"].values()]
    broken = [item for item in uses if item not in library.items]
    if broken:
        raise UnknownServiceError(broken[0])
    sources = {f"item/{item}": library.sources[f"item/{item}"] for item in dict.fromkeys(uses)}
    sources[f"service/{service['id']}"] = service
    named = _licenses(library, list(sources.values()))
    while named:  # a licence speaks of people too, and what proves who they are belongs to it
        sources |= {f"license/{name}": library.sources[f"license/{name}"] for name in named}
        proofs = _proofs(library, list(sources.values()))
        named = [name for name in proofs if f"license/{name}" not in sources]
    sources |= _variants(library, sources)
    sources |= _dictionary(library, list(sources.values()))
    return {name: with_order(_without_schema(raw)) for name, raw in sources.items()}


def _without_schema(raw: Raw) -> dict[str, Any]:
    """Where the schema of a file is says nothing about the definition."""
    return {key: value for key, value in raw.items() if key != "$schema"}


def _variants(library: Library, sources: Iterable[str]) -> dict[str, Raw]:
    of = frozenset(sources)
    return {
        f"variant/{name}": library.sources[f"variant/{name}"]
        for name, variant in library.variants.items()
        if variant.of in of
    }


def _licenses(library: Library, sources: list[Raw]) -> list[str]:
    """Licences that something names, that prove who someone is, or that answer more than that."""
    named = {name for raw in sources for name in _values(raw, "license")}
    named |= set(_proofs(library, sources))
    asked = {name for raw in sources for name in _references(raw, "element:")}
    telling = asked - {
        name for kind in library.dictionary.kinds.values() for name in (kind.key, kind.name)
    }
    return [
        name
        for name, license_type in library.licenses.items()
        if name in named or any(one.element in telling for one in license_type.fields.values())
    ]


def _proofs(library: Library, sources: list[Raw]) -> list[str]:
    """The licences that prove who the subjects of these definitions are."""
    named = _kinds(library, {name for raw in sources for name in _values(raw, "kind")})
    proofs = {library.dictionary.kinds[name].identity for name in named}
    return [name for name in library.licenses if name in proofs]


def _values(node: Any, wanted: str) -> Iterator[str]:
    """Every string that stands under a key of this name, at any depth."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == wanted and isinstance(value, str):
                yield value
            else:
                yield from _values(value, wanted)
    elif isinstance(node, list):
        for item in node:
            yield from _values(item, wanted)


def _references(raw: Raw, prefix: str) -> Iterator[str]:
    """The names that `$ref` refers to, of elements or of materials."""
    for reference in _values(raw, "$ref"):
        if reference.startswith(prefix):
            yield reference.removeprefix(prefix)


def _dictionary(library: Library, sources: list[Raw]) -> dict[str, Any]:
    """The elements files, each pruned to what these definitions use."""
    kinds = _kinds(library, {name for raw in sources for name in _values(raw, "kind")})
    used = {
        "elements": {name for raw in sources for name in _references(raw, "element:")},
        "materials": {name for raw in sources for name in _references(raw, "material:")},
        "relations": {name for raw in sources for name in _values(raw, "relation")},
        "subject_kinds": kinds,
    }
    for kind in kinds:
        known = library.dictionary.kinds[kind]
        used["elements"] |= {name for name in (known.key, known.name) if name}
        used["elements"] |= {told.element for told in known.key_tells}
    pruned = {}
    for name, raw in library.sources.items():
        if name.startswith("elements/") and (kept := _pruned(raw, used)):
            pruned[name] = kept
    return pruned


def _kinds(library: Library, named: set[str]) -> set[str]:
    """The kinds of subject among these names, with the wider kinds that they are."""
    kinds = library.dictionary.kinds
    found: set[str] = set()
    waiting = [name for name in named if name in kinds]
    while waiting:
        name = waiting.pop()
        wider = kinds[name].is_a
        if name not in found and wider in kinds:
            waiting.append(str(wider))
        found.add(name)
    return found


def _pruned(raw: Raw, used: Mapping[str, set[str]]) -> dict[str, Any] | None:
    """One elements file with only what is used of it; None when that is nothing."""
    group = raw["id"]
    kept: dict[str, Any] = {}
    for part, names in used.items():
        prefix = f"{group}." if part == "elements" else ""
        found = {name: one for name, one in raw.get(part, {}).items() if prefix + name in names}
        if found:
            kept[part] = found
    return {"kind": "elements", "id": group, "title": raw["title"], **kept} if kept else None
