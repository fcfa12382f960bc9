"""What people are told while an application is worked on: messages in their inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.journey.cases import APPLICANT, Case, waiting_for
from runtime.store import SYSTEM
from runtime.store.ledger import Entry

FOR_APPLICANT = frozenset(
    {"item_accepted", "item_ended", "supplement_sent", "appointed", "result_revoked"}
)
FOR_ONE = frozenset({"transferred", "delegated", "copied"})
KEPT = ("step", "run", "item", "ending", "reason", "at", "level")
"""What a message says; no name of who did it."""


def tell(case: Case, entry: Entry) -> None:
    """Put what happened into the inboxes of those whom it concerns; once, however often it goes."""
    store, now = case.draft.installation.store, case.draft.now
    event = entry.data["event"]
    words = {name: entry.data[name] for name in KEPT if name in entry.data}
    if entry.step:
        words |= {"step": entry.step, "run": entry.run}
    for number, who in enumerate(dict.fromkeys(_whom(case, entry))):
        record = f"{entry.id}.{number}"
        store.messages.add(SYSTEM, case.application, who, event, words, now, record)


def _whom(case: Case, entry: Entry) -> Iterable[str]:
    event = entry.data["event"]
    if event in FOR_APPLICANT:
        return [APPLICANT]
    if event in FOR_ONE:
        return [entry.data["to"]]
    step = case.state.steps.get(entry.data.get("step", entry.step))
    if step is None:
        return []
    if event in ("effect_stuck", "call_failed"):
        return [f"{unit}/{role}" for unit, role in entry.data["offices"]]
    above = _above(case, entry.data) if event == "reminded" else []
    return [*waiting_for(step), *above]


def _above(case: Case, data: Mapping[str, Any]) -> list[str]:
    """The admin of the unit so many levels above: what is late is told further up each day."""
    unit = case.facts.units[data["step"].partition(".")[0]]
    for _ in range(data.get("level", 0)):
        unit = case.facts.parents.get(unit, "")
    return [f"{unit}/admin"] if unit and data.get("level") else []
