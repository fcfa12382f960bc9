"""Public notices that an item has to wait for: how long is known before anybody decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.model import Span, Step, Text
from definitions.plan import ItemPlan
from definitions.rules import compile_rule


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice and its length. `certain` once the answers call for it, not just allow it."""

    title: Text
    span: Span
    certain: bool


def notices(item: ItemPlan, view: Mapping[str, Any]) -> Iterator[Notice]:
    """The notices during which the item's clock stands and that the answers don't rule out.

    `view` is the item's view of the answers.
    """
    for step in item.item.steps.values():
        if step.kind != "notice" or not step.settings.get("stops_clock"):
            continue
        called_for = True if step.when is None else compile_rule(step.when).fn(view)
        if called_for is not False:
            yield Notice(step.title, _length(step), called_for is True)


def _length(step: Step) -> Span:
    days = step.settings["days"]
    return Span(days["n"], days["unit"])
