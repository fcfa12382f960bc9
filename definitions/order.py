"""The order of what is keyed by id, kept where canonical JSON forgets it.

Canonical JSON sorts keys, yet fields, steps and questions stand in an order that people see. In a
release each definition carries it as `$order`: pointer to names, for every object of which the
order isn't the sorted one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.problems import escaped

KEY = "$order"

KEYED_BY_ID = frozenset(
    {
        "cases",
        "commitments",
        "conditions",
        "data",
        "delegations",
        "elements",
        "fees",
        "fields",
        "groups",
        "input",
        "items",
        "joint",
        "materials",
        "options",
        "output",
        "properties",
        "questions",
        "relations",
        "roles",
        "rules",
        "steps",
        "subject_kinds",
        "subjects",
        "units",
    }
)
"""Keys whose objects hold things by id, in an order that means something."""


def with_order(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition with its order written down."""
    orders = dict(_orders(raw, "", ""))
    return {**raw, KEY: orders} if orders else dict(raw)


def _orders(node: Any, key: str, pointer: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, Mapping):
        if key in KEYED_BY_ID and list(node) != sorted(node):
            yield pointer, list(node)
        for name, child in node.items():
            yield from _orders(child, name, f"{pointer}/{escaped(name)}")
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from _orders(child, "", f"{pointer}/{place}")


def restored(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The definition in its written order again, without `$order`. What isn't named comes last."""
    rest = {name: value for name, value in raw.items() if name != KEY}
    orders = raw.get(KEY)
    result: dict[str, Any] = _restored(rest, orders, "") if isinstance(orders, Mapping) else rest
    return result


def _restored(node: Any, orders: Mapping[str, Any], pointer: str) -> Any:
    if isinstance(node, list):
        return [_restored(child, orders, f"{pointer}/{at}") for at, child in enumerate(node)]
    if not isinstance(node, Mapping):
        return node
    wanted = orders.get(pointer)
    first = wanted if isinstance(wanted, list) else []
    names = [name for name in first if isinstance(name, str) and name in node]
    return {
        name: _restored(node[name], orders, f"{pointer}/{escaped(name)}")
        for name in dict.fromkeys([*names, *node])
    }
