"""Changes of questions: added, removed, renamed, required now, other options, other limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.diff.change import Change
from definitions.model import Text

Raw = Mapping[str, Any]

_TEXTS = {"title": "diff.field_title", "description": "diff.field_help"}
_TYPES = ("type", "format", "$ref")
_TOLD = frozenset({*_TEXTS, *_TYPES, "about", "enum", "options", "items"})


def field_changes(before: Raw, after: Raw) -> Iterator[Change]:
    """Changes of an item's fields, or of a service's situation questions."""
    was, now = before.get("form", {}).get("schema", {}), after.get("form", {}).get("schema", {})
    yield from _of_form(was, now, "/form/schema")
    questions = [one.get("situation", {}).get("questions", {}) for one in (before, after)]
    yield from _of_form(
        {"properties": questions[0]}, {"properties": questions[1]}, "/situation", "questions"
    )
    yield from _of_form(
        {"properties": before.get("elements", {}) if before["kind"] == "elements" else {}},
        {"properties": after.get("elements", {}) if after["kind"] == "elements" else {}},
        "",
        "elements",
    )


def _of_form(was: Raw, now: Raw, where: str, key: str = "properties") -> Iterator[Change]:
    old, new = was.get("properties", {}), now.get("properties", {})
    renamed = _renamed(old, new)
    for name, raw in new.items():
        origin = renamed.get(name, name)
        at = f"{where}/{key}/{name}"
        if name in renamed:
            params = {"title": title(name, raw), "from": origin, "to": name}
            yield Change("diff.field_renamed", at, params)
        if origin in old:
            yield from _of_field(old[origin], raw, name, at)
        else:
            yield Change("diff.field_added", at, {"title": title(name, raw)})
    for name, raw in old.items():
        if name not in new and name not in renamed.values():
            yield Change("diff.field_removed", f"{where}/{key}/{name}", {"title": title(name, raw)})
    yield from _required(was, now, renamed, where)


def title(name: str, raw: Raw) -> Text | str:
    """What a field is called: its own title, else its element, else its name."""
    return raw.get("title") or raw.get("$ref", name).removeprefix("element:")


def _renamed(old: Raw, new: Raw) -> dict[str, str]:
    """New names of fields that are otherwise what a field that went was."""
    gone = [name for name in old if name not in new]
    found: dict[str, str] = {}
    for name, raw in new.items():
        if name in old:
            continue
        origin = next((one for one in gone if old[one] == raw), None)
        if origin is not None:
            found[name] = origin
            gone.remove(origin)
    return found


def _required(was: Raw, now: Raw, renamed: Mapping[str, str], where: str) -> Iterator[Change]:
    before, after = set(was.get("required", ())), set(now.get("required", ()))
    for name, raw in now.get("properties", {}).items():
        origin = renamed.get(name, name)
        params = {"title": title(name, raw)}
        if name in after and origin not in before:
            yield Change("diff.field_required", f"{where}/required", params)
        elif origin in before and name not in after:
            yield Change("diff.field_optional", f"{where}/required", params)


def _of_field(was: Raw, now: Raw, name: str, where: str) -> Iterator[Change]:
    called = {"title": title(name, now)}
    for key, code in _TEXTS.items():
        if was.get(key) != now.get(key):
            yield Change(
                code, f"{where}/{key}", {**called, "from": was.get(key, ""), "to": now.get(key, "")}
            )
    if any(was.get(key) != now.get(key) for key in _TYPES):
        yield Change("diff.field_type", where, {**called, "from": _kind(was), "to": _kind(now)})
    if was.get("about") != now.get("about"):
        yield Change("diff.field_about", f"{where}/about", called)
    yield from _options(was, now, called, where)
    yield from _columns(was, now, where)
    for key in dict.fromkeys([*was, *now]):
        if key not in _TOLD and was.get(key) != now.get(key):
            params = {**called, "keyword": key, "from": was.get(key, "—"), "to": now.get(key, "—")}
            yield Change("diff.field_limit", f"{where}/{key}", params)


def _kind(raw: Raw) -> str:
    return str(raw.get("format") or raw.get("$ref") or raw.get("type") or "")


def _codes(raw: Raw) -> list[str]:
    """What can be chosen, whether the question is one choice or several."""
    choices = {
        **raw,
        **{key: raw["items"][key] for key in ("enum",) if key in raw.get("items", {})},
    }
    return list(choices.get("enum") or choices.get("options", {}))


def _options(was: Raw, now: Raw, called: Raw, where: str) -> Iterator[Change]:
    before, after = _codes(was), _codes(now)
    for code in after:
        if code not in before:
            option = now.get("options", {}).get(code, code)
            yield Change("diff.option_added", f"{where}/options", {**called, "option": option})
    for code in before:
        if code not in after:
            option = was.get("options", {}).get(code, code)
            yield Change("diff.option_removed", f"{where}/options", {**called, "option": option})
    for code, text in now.get("options", {}).items():
        if code in before and was.get("options", {}).get(code) not in (None, text):
            yield Change("diff.option_title", f"{where}/options/{code}", {**called, "option": text})


def _columns(was: Raw, now: Raw, where: str) -> Iterator[Change]:
    before, after = was.get("items", {}), now.get("items", {})
    yield from _of_form(before, after, f"{where}/items")
    rules = before.get("rules", {}), after.get("rules", {})
    for name in dict.fromkeys([*rules[0], *rules[1]]):
        if rules[0].get(name) != rules[1].get(name):
            yield Change("diff.row_rule", f"{where}/items/rules/{name}", {"id": name})
