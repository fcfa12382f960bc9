"""Changes of everything that is kept by id: rules, papers, charges, steps, items, subjects…"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.diff.change import Change
from definitions.problems import escaped

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a definition. `noun` begins the codes; `by_id` tells things apart, else it is
    compared whole; `kinds` are the definitions that have it (none named: all)."""

    noun: str
    path: tuple[str, ...]
    by_id: bool = True
    kinds: tuple[str, ...] = ()


PARTS = (
    Part("title", ("title",), by_id=False),
    Part("summary", ("summary",), by_id=False),
    Part("department", ("department",), by_id=False),
    Part("lead", ("lead",), by_id=False),
    Part("subject", ("subjects",)),
    Part("rule", ("form", "rules")),
    Part("layout", ("form", "sections"), by_id=False),
    Part("material", ("materials",), kinds=("item",)),
    Part("commitment", ("commitments",)),
    Part("fee", ("fees",)),
    Part("clock", ("clocks",)),
    Part("step", ("process", "steps")),
    Part("result", ("result",), by_id=False),
    Part("guide", ("guide",)),
    Part("use", ("items",), kinds=("service",)),
    Part("situation_rule", ("situation", "rules")),
    Part("rule", ("rules",), kinds=("service",)),
    Part("same", ("same",), by_id=False),
    Part("layout", ("sections",), by_id=False),
    Part("order", ("order",)),
    Part("joint", ("joint",)),
    Part("faq", ("faq",), by_id=False),
    Part("case", ("cases",)),
    Part("license_field", ("fields",), kinds=("license",)),
    Part("dictionary", ("subject_kinds",), kinds=("elements",)),
    Part("dictionary", ("relations",), kinds=("elements",)),
    Part("dictionary", ("materials",), kinds=("elements",)),
    Part("patch", ("patch",), by_id=False),
)
_FIELDS_TELL = frozenset({"form", "situation", "process", "kind", "id", "elements", "groups"})


def part_changes(part: Part, before: Raw, after: Raw) -> Iterator[Change]:
    """What was added, removed or changed at one place."""
    if part.kinds and before["kind"] not in part.kinds:
        return
    was, now = _at(before, part.path), _at(after, part.path)
    where = "/" + "/".join(part.path)
    if part.by_id:
        yield from _by_id(part.noun, was or {}, now or {}, where)
    elif was != now:
        params = {"title": after["title"], "from": was or "—", "to": now or "—"}
        yield Change(f"diff.{part.noun}_changed", where, params)


def _at(raw: Raw, path: tuple[str, ...]) -> Any:
    node: Any = raw
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _by_id(noun: str, was: Raw, now: Raw, where: str) -> Iterator[Change]:
    for name in dict.fromkeys([*was, *now]):
        at = f"{where}/{escaped(name)}"
        if name not in was:
            yield Change(f"diff.{noun}_added", at, {"id": _called(name, now[name])})
        elif name not in now:
            yield Change(f"diff.{noun}_removed", at, {"id": _called(name, was[name])})
        elif was[name] != now[name]:
            yield Change(f"diff.{noun}_changed", at, {"id": _called(name, now[name])})


def _called(name: str, raw: Any) -> Any:
    """The title of a thing if it has one, else its id."""
    return raw.get("title", name) if isinstance(raw, Mapping) else name


def untold(before: Raw, after: Raw) -> Iterator[Change]:
    """Keys of a definition that no part speaks of, so that no change goes unsaid."""
    told = _FIELDS_TELL | {
        part.path[0] for part in PARTS if not part.kinds or before["kind"] in part.kinds
    }
    for key in dict.fromkeys([*before, *after]):
        if key not in told and before.get(key) != after.get(key):
            yield Change("diff.other_changed", f"/{key}", {"key": key})
