"""Does the data dictionary hold together?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from definitions.checks.known import circles, exists
from definitions.checks.registry import Findings, check
from definitions.checks.values import accepted
from definitions.model import Element, Library


def elements_of(raw: dict[str, Any], library: Library) -> Iterator[tuple[str, Element]]:
    """The elements of one file of the dictionary, each with its pointer."""
    for name in raw.get("elements", {}):
        element = library.dictionary.elements.get(f"{raw['id']}.{name}")
        if element is not None:
            yield f"/elements/{name}", element


@check("elements", "definition.example_fails")
def examples_pass_their_own_schema(raw: dict[str, Any], library: Library) -> Findings:
    """An example that its own schema refuses teaches the wrong thing."""
    for where, element in elements_of(raw, library):
        for at, example in enumerate(element.examples):
            if not accepted(element.schema, example):
                yield f"{where}/examples/{at}", {"example": example}


@check("elements", "definition.options_cover_enum")
def every_code_has_a_title(raw: dict[str, Any], library: Library) -> Findings:
    """A code without a title can't be shown to a person."""
    for where, element in elements_of(raw, library):
        codes = element.schema.get("enum") or element.schema.get("items", {}).get("enum", [])
        missing = [code for code in codes if code not in element.options]
        if missing and element.type in ("choice", "multi_choice"):
            yield f"{where}/options", {"codes": missing}


@check("elements", "definition.option_not_in_enum")
def every_option_is_a_code(raw: dict[str, Any], library: Library) -> Findings:
    """A title for a code that can't be chosen."""
    for where, element in elements_of(raw, library):
        codes = element.schema.get("enum") or element.schema.get("items", {}).get("enum")
        if codes is not None:
            for code in element.options:
                if code not in codes:
                    yield f"{where}/options/{code}", {"code": code}


@check("elements", "definition.unknown_element")
def kinds_and_groups_name_elements(raw: dict[str, Any], library: Library) -> Findings:
    """Keys, names and groups refer to the dictionary."""
    known = library.dictionary.elements
    for name, kind in raw.get("subject_kinds", {}).items():
        for role in ("key", "name"):
            if kind.get(role) and kind[role] not in known:
                yield f"/subject_kinds/{name}/{role}", {"element": kind[role]}
        for at, told in enumerate(kind.get("key_tells", ())):
            if told["element"] not in known:
                yield f"/subject_kinds/{name}/key_tells/{at}/element", {"element": told["element"]}
    for name, group in raw.get("groups", {}).items():
        for at, element in enumerate(group["elements"]):
            if element not in known:
                yield f"/groups/{name}/elements/{at}", {"element": element}


@check("elements", "definition.unknown_option")
def keys_tell_codes(raw: dict[str, Any], library: Library) -> Findings:
    """What the form of a key says is a code that the element has."""
    for name, kind in raw.get("subject_kinds", {}).items():
        for at, told in enumerate(kind.get("key_tells", ())):
            element = library.dictionary.elements.get(told["element"])
            if element is not None and told["value"] not in element.options:
                params = {"raw": told["pattern"], "code": told["value"]}
                yield f"/subject_kinds/{name}/key_tells/{at}/value", params


@check("elements", "definition.unknown_subject_kind")
def kinds_and_relations_name_kinds(raw: dict[str, Any], library: Library) -> Findings:
    """A kind is narrower than a kind; a relation goes from kind to kind."""
    kinds = library.dictionary.kinds
    for name, kind in raw.get("subject_kinds", {}).items():
        if kind.get("is_a") and kind["is_a"] not in kinds:
            yield f"/subject_kinds/{name}/is_a", {"kind": kind["is_a"]}
    for name, relation in raw.get("relations", {}).items():
        for end in ("from", "to"):
            if relation[end] not in kinds:
                yield f"/relations/{name}/{end}", {"kind": relation[end]}


@check("elements", "definition.unknown_license")
def identities_are_licenses(raw: dict[str, Any], library: Library) -> Findings:
    """A kind is identified by a type of licence."""
    for name, kind in raw.get("subject_kinds", {}).items():
        if kind.get("identity") and not exists(library, "license", kind["identity"]):
            yield f"/subject_kinds/{name}/identity", {"license": kind["identity"]}


@check("elements", "definition.kind_circle")
def kinds_do_not_go_in_circles(raw: dict[str, Any], library: Library) -> Findings:
    """A kind can't be narrower than itself."""
    edges = {name: [kind.is_a] for name, kind in library.dictionary.kinds.items() if kind.is_a}
    for name, circle in circles(edges):
        if name in raw.get("subject_kinds", {}):
            yield f"/subject_kinds/{name}/is_a", {"kinds": circle}


@check("library", "definition.same_title", level="warning")
def titles_tell_elements_apart(library: Library, _: Library) -> Findings:
    """Two elements of one group with one title are probably one."""
    seen: dict[tuple[str, str], str] = {}
    for name, element in library.dictionary.elements.items():
        group = name.partition(".")[0]
        other = seen.setdefault((group, element.title["zh-CN"]), name)
        if other != name:
            file = library.files[f"elements/{group}"]
            where = f"{file}#/elements/{name.partition('.')[2]}/title"
            yield where, {"title": element.title, "other": other}
